/**
 * Tells Python whether the element with the focus wants the keys, so that typing never fires a shortcut of the host.
 *
 * Runs in every frame of every page, in a world of its own: what it says goes over the console, which also frames of other
 * origins have, and Python takes it out by its prefix. A frame speaks only while it has the focus. Chromium 83.
 *
 * An element, or what it stands in, may have its own will:
 *   data-aurora-keys="page"            all keys are the page's while the focus is inside (a canvas with hotkeys of its own)
 *   data-aurora-keys="host"            shortcuts of the host work although a field has the focus
 *   data-aurora-host-keys="Ctrl+S F5"  these keys are the host's, whatever has the focus
 *
 * @param {string} prefix
 * @returns {() => string} what holds now, empty where a frame knows better
 */
function auroraviewKeys(prefix) {
  'use strict';

  const NO_TEXT = new Set(['button', 'checkbox', 'color', 'file', 'hidden', 'image', 'radio', 'range', 'reset', 'submit']);
  const TEXT_ROLES = new Set(['textbox', 'searchbox', 'combobox', 'spinbutton']);
  const WATCHED = ['data-aurora-keys', 'data-aurora-host-keys', 'contenteditable', 'type', 'role'];

  const say = console.debug.bind(console);
  /** @type {WeakSet<ShadowRoot>} */
  const known = new WeakSet();

  /** The element with the focus, through open shadow roots and frames of the same origin. */
  function focused() {
    let element = document.activeElement;
    for (let inner = element; inner; inner = element && within(element)) {
      element = inner;
    }
    return /** @type {HTMLElement | null} */ (element);
  }

  /** @param {Element} element @returns {Element | null} what has the focus inside of it */
  function within(element) {
    const root = element.shadowRoot;
    if (!root) {
      const inner = isFrame(element) && /** @type {HTMLIFrameElement} */ (element).contentDocument; // null: another origin
      return inner ? inner.activeElement : null;
    }
    if (!known.has(root)) {
      known.add(root);
      listen(root); // moves of the focus inside are not heard outside
    }
    return root.activeElement;
  }

  /** @param {Element} element */
  function isFrame(element) {
    return element.tagName === 'IFRAME' || element.tagName === 'FRAME';
  }

  /** @param {HTMLElement} element */
  function isField(element) {
    if (element.isContentEditable || element.ownerDocument.designMode === 'on' || TEXT_ROLES.has(element.getAttribute('role') || '')) {
      return true;
    }
    if (element.tagName === 'INPUT') {
      return !NO_TEXT.has(/** @type {HTMLInputElement} */ (element).type);
    }
    // A component that hides what is inside has to be taken for a field.
    const hides = element.tagName.includes('-') && !element.shadowRoot && !element.hasAttribute('tabindex');
    return element.tagName === 'TEXTAREA' || element.tagName === 'SELECT' || hides;
  }

  /** What an element stands in, out of shadow roots and of frames of the same origin. @param {Node} node @returns {Node | null} */
  function outside(node) {
    if (node.parentNode) {
      return node.parentNode;
    }
    const host = /** @type {ShadowRoot} */ (node).host; // no instanceof: frames have classes of their own
    if (host) {
      return host;
    }
    try {
      const view = node.nodeType === Node.DOCUMENT_NODE && /** @type {Document} */ (node).defaultView;
      return view ? view.frameElement : null;
    } catch (error) {
      return null; // of another origin
    }
  }

  /** @param {Element} element @param {string} name */
  function inherited(element, name) {
    /** @type {Node | null} */
    let node = element;
    for (; node; node = outside(node)) {
      const value = node.nodeType === Node.ELEMENT_NODE && /** @type {Element} */ (node).getAttribute(name);
      if (value) {
        return value;
      }
    }
    return '';
  }

  function now() {
    const element = focused() || document.documentElement;
    if (!element || isFrame(element)) {
      return '';
    }
    const will = inherited(element, 'data-aurora-keys');
    const keys = will === 'page' || will === 'host' ? will : isField(element) ? 'page' : 'none';
    return (keys + ' ' + inherited(element, 'data-aurora-host-keys')).trim();
  }

  function report() {
    const text = document.hasFocus() ? now() : '';
    if (text) {
      say(prefix + text);
    }
  }

  const later = () => setTimeout(report, 0); // a click takes the focus away before it gives it on

  /** @param {Window | ShadowRoot} root */
  function listen(root) {
    root.addEventListener('focusin', report, true);
    root.addEventListener('focusout', later, true);
  }

  listen(window);
  window.addEventListener('focus', report); // a frame that gets the focus after its element
  new MutationObserver(report).observe(document, { subtree: true, attributes: true, attributeFilter: WATCHED });
  report(); // a field may have had the focus before this ran
  return now;
}
