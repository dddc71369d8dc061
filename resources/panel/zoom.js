/**
 * Keeps the engine from zooming with Ctrl and the wheel. The page still gets the event.
 *
 * First of all listeners, since a page may end the event on its way. Runs in every frame, in a separate world. Chromium 83.
 *
 * @returns {() => string}
 */
function auroraviewZoom() {
  'use strict';

  const observe = auroraviewMethod(EventTarget.prototype, 'addEventListener');
  const keep = (/** @type {WheelEvent} */ event) => {
    if (event.ctrlKey) {
      event.preventDefault();
    }
  };
  observe(window, 'wheel', keep, { capture: true, passive: false });
  return () => '';
}
