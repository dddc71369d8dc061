/**
 * `window.open` in a panel: the address opens in the browser or in the panel itself, so there is no window to return.
 *
 * Without this a page would get a window that is closed at once, and take it for an open window. Frames and `_self` work as
 * usual.
 */
function auroraviewWindows() {
  'use strict';

  const OWN = /^_(self|parent|top)$/i;
  const URL_CHARS = 200;

  const native = window.open.bind(window);
  const activation = /** @type {any} */ (navigator).userActivation;
  const warn = console.warn.bind(console);
  let hasTold = false;

  /** Whether a frame of this page has the name. @param {string} name */
  function isFrame(name) {
    for (let index = 0; index < window.length; index += 1) {
      try {
        if (window[index].name === name) {
          return true;
        }
      } catch (error) {
        // of another origin: its name is its own affair
      }
    }
    return false;
  }

  window.open = function open(url = '', target = '_blank', features = '') {
    if (OWN.test(target) || isFrame(String(target))) {
      return native(url, target, features);
    }
    if (!activation.isActive && !hasTold) {
      hasTold = true;
      const address = String(url).slice(0, URL_CHARS);
      warn('auroraview: window.open(' + address + ') was refused: a page opens windows only after a click or a key press');
    }
    return native(url, target, features ? features + ',noopener' : 'noopener'); // which gives null, whatever happens
  };
}
