/**
 * Files dragged over the page: finds the element that takes them, and keeps them from opening in place of the page.
 *
 * An element with data-aurora-drop="name" is a zone. While files are over it, it has the attribute data-aurora-over. Drops in
 * a zone are reported to Python, which has the paths; a page never gets them here. Runs in every frame, in a separate world.
 *
 * @param {string} prefix
 * @returns {() => string}
 */
function auroraviewDrop(prefix) {
  'use strict';

  const say = console.debug.bind(console);
  const { stringify } = JSON;
  const kindOf = auroraviewGetter(Node.prototype, 'nodeType');
  const attribute = auroraviewMethod(Element.prototype, 'getAttribute');
  const setAttribute = auroraviewMethod(Element.prototype, 'setAttribute');
  const removeAttribute = auroraviewMethod(Element.prototype, 'removeAttribute');
  const observe = auroraviewMethod(EventTarget.prototype, 'addEventListener');
  /** @type {Element | null} */
  let over = null;

  /** @param {Element | null} zone */
  function mark(zone) {
    if (zone === over) {
      return;
    }
    if (over) {
      removeAttribute(over, 'data-aurora-over');
    }
    over = zone;
    if (over) {
      setAttribute(over, 'data-aurora-over', '');
    }
  }

  /** @param {DragEvent} event @returns {Element | null} through shadow roots */
  function zoneOf(event) {
    const path = /** @type {Element[]} */ (event.composedPath());
    return path.find((node) => kindOf(node) === Node.ELEMENT_NODE && attribute(node, 'data-aurora-drop') !== null) || null;
  }

  /** @param {DragEvent} event made by the artist, not by a script */
  function hasFiles(event) {
    return event.isTrusted && event.dataTransfer !== null && event.dataTransfer.types.includes('Files');
  }

  /** @param {DragEvent} event */
  function onOver(event) {
    if (!hasFiles(event)) {
      return;
    }
    const zone = zoneOf(event);
    mark(zone);
    if (zone && event.dataTransfer) {
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
    }
  }

  /** @param {DragEvent} event */
  function onDrop(event) {
    const zone = zoneOf(event);
    mark(null);
    if (hasFiles(event) && zone && event.dataTransfer) {
      event.preventDefault();
      const names = Array.from(event.dataTransfer.files, (file) => file.name);
      say(prefix + stringify({ zone: attribute(zone, 'data-aurora-drop'), names }));
    }
  }

  /** The last listener: a page that takes files itself has cancelled the event by now. @param {DragEvent} event */
  function refuse(event) {
    if (hasFiles(event) && !event.defaultPrevented && event.dataTransfer) {
      event.preventDefault(); // the engine would open the file in place of the page
      event.dataTransfer.dropEffect = 'none';
    }
  }

  observe(window, 'dragenter', onOver, true);
  observe(window, 'dragover', onOver, true);
  observe(window, 'dragleave', (/** @type {DragEvent} */ event) => { if (!event.relatedTarget) mark(null); }, true);
  observe(window, 'drop', onDrop, true);
  observe(window, 'dragover', refuse);
  observe(window, 'drop', refuse);
  return () => '';
}
