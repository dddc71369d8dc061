/** Writes a line to the console if the page asks for WebGL on a machine that has none; such a page stays empty, silently. */
function auroraviewWebgl() {
  'use strict';

  if (!window.HTMLCanvasElement) {
    return; // not a browser
  }
  const { apply } = Reflect;
  const make = Document.prototype.createElement.bind(document);
  const warn = console.warn.bind(console);
  const ofElement = HTMLCanvasElement.prototype.getContext;
  let hasTold = false;

  /** Whether a new canvas has none, either: an old canvas may have a context of another kind. @param {string} kind */
  function isMissing(kind) {
    return /webgl/.test(kind) && !apply(ofElement, make('canvas'), [kind]);
  }

  for (const kind of [HTMLCanvasElement, window.OffscreenCanvas]) {
    if (kind) {
      const prototype = /** @type {any} */ (kind.prototype);
      const native = prototype.getContext;
      /** @this {any} @param {unknown[]} given */
      prototype.getContext = function getContext(...given) {
        const context = apply(native, this, given);
        if (!context && !hasTold && isMissing(String(given[0]))) {
          hasTold = true;
          warn('auroraview: this machine gives pages no ' + given[0] + '; "auroraview-qt doctor" tells more');
        }
        return context;
      };
    }
  }
}
