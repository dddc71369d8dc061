/**
 * Files dragged over the page: which element takes them, and that none of them is opened instead of the page.
 *
 * An element with data-aurora-drop="name" is a zone. While files are over it, it has the attribute data-aurora-over. What was
 * dropped there is told to Python, which knows the paths; a page never does. Runs in every frame, in a world of its own.
 *
 * @param {string} prefix
 * @returns {() => string}
 */
function auroraviewDrop(prefix) {
  'use strict';

  const say = console.debug.bind(console);
  const { stringify } = JSON;
  /** @type {Element | null} */
  let over = null;

  /** @param {Element | null} zone */
  function mark(zone) {
    if (zone === over) {
      return;
    }
    if (over) {
      over.removeAttribute('data-aurora-over');
    }
    over = zone;
    if (over) {
      over.setAttribute('data-aurora-over', '');
    }
  }

  /** @param {DragEvent} event @returns {Element | null} through shadow roots */
  function zoneOf(event) {
    const path = /** @type {Element[]} */ (event.composedPath());
    return path.find((node) => node.nodeType === Node.ELEMENT_NODE && node.hasAttribute('data-aurora-drop')) || null;
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
      say(prefix + stringify({ zone: zone.getAttribute('data-aurora-drop'), names }));
    }
  }

  /** The last to hear of it: a page that takes files itself has said so by now. @param {DragEvent} event */
  function refuse(event) {
    if (hasFiles(event) && !event.defaultPrevented && event.dataTransfer) {
      event.preventDefault(); // the engine would open the file in place of the page
      event.dataTransfer.dropEffect = 'none';
    }
  }

  window.addEventListener('dragenter', onOver, true);
  window.addEventListener('dragover', onOver, true);
  window.addEventListener('dragleave', (event) => { if (!event.relatedTarget) mark(null); }, true);
  window.addEventListener('drop', onDrop, true);
  window.addEventListener('dragover', refuse);
  window.addEventListener('drop', refuse);
  return () => '';
}
