/**
 * Parts of a page that move its window, as a title bar does: elements with `-webkit-app-region: drag` or the class `drag-handle`.
 *
 * Elements with `no-drag`, fields, buttons and links in them keep their function. Python ignores the request in a dock, where
 * the view has no window of its own.
 *
 * @param {(type: 'mousedown', heard: (event: MouseEvent) => void) => void} listen  the window's own
 * @param {() => void} start  asks Python to move the window
 */
function auroraviewDragRegions(listen, start) {
  'use strict';

  const CONTROLS = 'a[href], button, input, select, textarea, label, summary, [contenteditable], [draggable="true"]';

  /** @param {Element | null} element */
  function isHandle(element) {
    for (let node = element; node; node = node.parentElement) {
      const region = /** @type {any} */ (window.getComputedStyle(node)).webkitAppRegion;
      if (region === 'no-drag' || node.matches(CONTROLS)) {
        return false;
      }
      if (region === 'drag' || node.classList.contains('drag-handle')) {
        return true;
      }
    }
    return false;
  }

  listen('mousedown', (event) => {
    if (event.button === 0 && event.isTrusted && !event.defaultPrevented && isHandle(/** @type {Element} */ (event.target))) {
      start();
    }
  });
}
