/**
 * Turn the lines of a recording into commands that answer as recorded. Events of Python follow the calls that they followed.
 *
 * @param {any[]} lines the header and the entries
 */
function auroraviewReplay(lines) {
  'use strict';

  /** @type {any[]} */
  const calls = [];
  const byId = new Map();
  /** @type {{after: number, name: string, data: any}[]} */
  const events = [];
  let ended = 0;
  /** @param {number} document @param {any} id @param {string} name @param {any} params */
  const begin = (document, id, name, params) => {
    const call = { name, params, progress: [], parts: [], end: undefined, used: false };
    calls.push(call);
    byId.set(document + ':' + id, call);
  };
  /** @param {number} document @param {any[]} message */
  const fromPage = (document, [kind, id, ...rest]) => {
    const text = kind === 3 ? JSON.parse(id) : {};
    if (kind === 1 || kind === 6) {
      begin(document, id, rest[0], rest[kind === 1 ? 1 : 2]);
    } else if (text.type === 'call') {
      begin(document, text.id, text.method, text.params);
    }
  };
  /** @param {number} document @param {any[]} message */
  const fromPython = (document, [kind, id, ...values]) => {
    const call = byId.get(document + ':' + id);
    if (kind === 0) {
      values.forEach((data) => events.push({ after: ended, name: id, data }));
    } else if (call && (kind === 1 || kind === 2)) {
      ended += 1;
      call.end = [kind, values[0]];
    } else if (call && (kind === 5 || kind === 6)) {
      call[kind === 5 ? 'progress' : 'parts'].push(values[0]);
    }
  };
  lines.slice(1).forEach(([, kind, document, ...items]) => {
    if (kind === 'page' || kind === 'python') {
      items[items.length - 1].forEach((/** @type {any[]} */ message) => (kind === 'page' ? fromPage : fromPython)(document, message));
    }
  });

  /** @type {Record<string, Function>} */
  const commands = {};
  /** @param {string} name */
  const answer = (name) => (/** @type {any} */ params, /** @type {any} */ context) => {
    const text = JSON.stringify(params);
    const named = calls.filter((call) => call.name === name);
    const same = named.filter((call) => JSON.stringify(call.params) === text);
    const found = same.find((call) => !call.used) || same[0] || named.find((call) => !call.used) || named[named.length - 1];
    if (!found || !found.end) {
      throw new Error('no answer to a call of "' + name + '" was recorded');
    }
    found.used = true;
    found.progress.forEach((/** @type {any[]} */ report) => context.progress(...report));
    if (found.end[0] === 2) {
      throw Object.assign(new Error(found.end[1].message), found.end[1]);
    }
    return found.parts.length ? found.parts[Symbol.iterator]() : found.end[1];
  };
  lines[0].commands.concat(calls.map((call) => call.name)).forEach((/** @type {string} */ name) => { commands[name] = answer(name); });
  return {
    commands,
    /** Emit the events that follow this number of answers. @param {number} count @param {any} mock */
    after(count, mock) {
      while (events.length && events[0].after <= count) {
        const event = /** @type {any} */ (events.shift());
        mock.emit(event.name, event.data);
      }
    },
  };
}
