/** The built-in panel: what it runs on, how fast events arrive, and a command with progress. */
(function () {
  'use strict';

  const EVENTS = 10000;
  const LABELS = { host: 'Host', binding: 'Binding', qt: 'Qt', chromium: 'Chromium', python: 'Python', library: 'auroraview_qt', system: 'System', scale: 'Scale' };
  const COLOURS = ['window', 'base', 'button', 'border', 'text', 'quiet', 'highlight', 'accent', 'link'];
  const { auroraview } = window;
  const find = (id) => document.getElementById(id);

  async function describe() {
    const parts = await auroraview.call('demo.describe');
    parts.chromium = (/Chrome\/(\d+)/.exec(navigator.userAgent) || ['', '?'])[1];
    const list = find('parts');
    for (const key of Object.keys(LABELS)) {
      const term = document.createElement('dt');
      const value = document.createElement('dd');
      term.textContent = LABELS[key];
      value.textContent = value.title = parts[key];
      list.append(term, value);
    }
    list.removeAttribute('aria-busy');
  }

  function showColours() {
    for (const name of COLOURS) {
      const swatch = document.createElement('span');
      swatch.style.background = `var(--host-${name})`;
      swatch.title = name;
      find('swatches').append(swatch);
    }
  }

  /** Count the events of one burst; resolve with their number once all are here. */
  async function measure() {
    find('measure').disabled = true;
    let count = 0;
    const start = performance.now();
    const stop = auroraview.on('demo.tick', () => { count += 1; });
    await auroraview.call('demo.send_events', { count: EVENTS });
    stop();
    const seconds = (performance.now() - start) / 1000;
    find('rate').textContent = `${Math.round(count / seconds).toLocaleString('en')} events a second`;
    find('measure').disabled = false;
    return count;
  }

  let controller = null;

  async function work() {
    controller = new AbortController();
    find('work').disabled = true;
    find('cancel').disabled = false;
    const onProgress = (fraction, message) => {
      find('progress').value = fraction;
      find('outcome').textContent = message;
    };
    let outcome = 'cancelled';
    try {
      outcome = await auroraview.call('demo.work', {}, { signal: controller.signal, onProgress });
    } catch (error) {
      outcome = error.name === 'AbortError' ? 'cancelled' : error.message;
    }
    find('outcome').textContent = outcome;
    find('progress').value = outcome === 'done' ? 1 : 0;
    find('work').disabled = false;
    find('cancel').disabled = true;
    return outcome;
  }

  find('measure').addEventListener('click', measure);
  find('work').addEventListener('click', work);
  find('cancel').addEventListener('click', () => controller.abort());
  showColours();
  const described = describe();
  auroraview.once('demo.start', async () => {
    await described;
    const events = await measure();
    auroraview.emit('demo.passed', { events, command: await work() });
  });
})();
