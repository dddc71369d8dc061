/**
 * Lets the panel ask for files with its own dialog, which the engine cannot wait for.
 *
 * The engine asks Python for files in the middle of a click. Python gives none and opens its dialog. Afterwards Python sends a
 * key, and this script has the engine ask again: this time Python has the files. The key counts as a gesture of the artist,
 * which the engine demands. So the page gets the engine's own files and events, in every frame.
 *
 * Runs before the page's first script, in the page's world, since no other world sees inputs outside of the document.
 * Chromium 83.
 */
function auroraviewFileInputs() {
  'use strict';

  const KEY = 135; // F24; with Shift it tells that the artist has chosen nothing
  const OUTCOMES = ['input', 'change', 'cancel'];

  const { apply } = Reflect;
  const proto = /** @type {any} */ (HTMLInputElement.prototype);
  const typeOf = auroraviewGetter(proto, 'type');
  const observe = auroraviewMethod(EventTarget.prototype, 'addEventListener');
  const dispatch = auroraviewMethod(EventTarget.prototype, 'dispatchEvent');
  const pathOf = auroraviewMethod(Event.prototype, 'composedPath');
  const stop = auroraviewMethod(Event.prototype, 'stopImmediatePropagation');
  const prevent = auroraviewMethod(Event.prototype, 'preventDefault');
  const keyOf = auroraviewGetter(KeyboardEvent.prototype, 'keyCode');
  const shiftOf = auroraviewGetter(KeyboardEvent.prototype, 'shiftKey');
  const { showPicker } = proto;
  const { click } = proto;
  const { get: filesOf, set: setFiles } = /** @type {any} */ (Object.getOwnPropertyDescriptor(proto, 'files'));
  const { Event: MadeEvent } = window;
  const before = new WeakMap(); // the files of inputs that have asked
  const has = before.has.bind(before);
  const get = before.get.bind(before);
  const keep = before.set.bind(before);
  const PLACE = Symbol.for('auroraview.fileInputs');
  /** @type {{again: () => void, end: () => void} | null} */
  let waiting = null;
  let isQuiet = false;
  let isDown = false; // the key

  /** Hide the outcome of the engine's first question: no files. Earlier files stay. @param {Event} event */
  function swallow(event) {
    const input = pathOf(event)[0];
    if (event.isTrusted && has(input) && !apply(filesOf, input, []).length) {
      stop(event);
      if (event.type !== 'input') { // a change follows
        apply(setFiles, input, [get(input)]);
      }
    }
  }

  /** @param {any} input */
  function remember(input) {
    if (!has(input)) {
      OUTCOMES.forEach((name) => observe(input, name, swallow, true));
    }
    keep(input, apply(filesOf, input, []));
    waiting = {
      again: () => apply(showPicker || click, input, []),
      end: () => dispatch(input, new MadeEvent('cancel', { bubbles: true })),
    };
  }

  /** @param {MouseEvent} event */
  function onClick(event) {
    const target = pathOf(event)[0];
    if (isQuiet) {
      stop(event); // the page has had it
    } else if (typeOf(target) === 'file') {
      remember(target);
    }
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    if (!event.isTrusted || keyOf(event) !== KEY || !(waiting || isDown)) {
      return;
    }
    stop(event);
    prevent(event);
    isDown = event.type === 'keydown';
    if (!isDown || !waiting) {
      return;
    }
    const { again, end } = waiting;
    waiting = null;
    isQuiet = true;
    try {
      (shiftOf(event) ? end : again)();
    } catch (error) {
      // the input is disabled meanwhile: Python tells of files that nobody takes
    } finally {
      isQuiet = false;
    }
  }

  if (window.hasOwnProperty(PLACE)) {
    return;
  }
  Object.defineProperty(window, PLACE, { value: true });
  // They would read and write beside the rules of auroraview.fs; pages without them use inputs and downloads.
  for (const name of ['showOpenFilePicker', 'showSaveFilePicker', 'showDirectoryPicker']) {
    delete (/** @type {any} */ (window))[name];
  }
  for (const name of ['click', 'showPicker', 'dispatchEvent']) { // which also open inputs outside of the document
    const native = proto[name];
    if (native) {
      proto[name] = { [name](/** @type {any[]} */ ...args) {
        if (typeOf(this) === 'file' && (name !== 'dispatchEvent' || (args[0] && args[0].type === 'click'))) {
          remember(this);
        }
        return apply(native, this, args);
      } }[name];
    }
  }
  observe(window, 'click', onClick, true);
  OUTCOMES.forEach((name) => observe(window, name, swallow, true));
  observe(window, 'keydown', onKey, true);
  observe(window, 'keyup', onKey, true);
}
