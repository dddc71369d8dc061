/**
 * Reports to Python whether the focused element needs the keys, so that typing never fires a shortcut of the host.
 *
 * Runs in every frame of every page, in a separate world. Its reports go over the console, which also frames of other
 * origins have, and Python filters them out by their prefix. A frame reports only while it has the focus. Chromium 83.
 *
 * An element, or an element around it, may set its own rule:
 *   data-aurora-keys="page"            all keys are the page's while the focus is inside (a canvas with hotkeys of its own)
 *   data-aurora-keys="host"            shortcuts of the host work although a field has the focus
 *   data-aurora-host-keys="Ctrl+S F5"  these keys are always the host's
 *
 * @param {string} prefix
 * @returns {() => string} the current report, empty if a frame has a better one
 */
function auroraviewKeys(prefix) {
  'use strict';

  const NO_TEXT = new Set(['button', 'checkbox', 'color', 'file', 'hidden', 'image', 'radio', 'range', 'reset', 'submit']);
  const TEXT_ROLES = new Set(['textbox', 'searchbox', 'combobox', 'spinbutton']);
  const WATCHED = ['data-aurora-keys', 'data-aurora-host-keys', 'contenteditable', 'type', 'role'];

  const say = console.debug.bind(console);
  const activeIn = auroraviewGetter(Document.prototype, 'activeElement');
  const hasFocus = auroraviewMethod(Document.prototype, 'hasFocus');
  const designOf = auroraviewGetter(Document.prototype, 'designMode');
  const viewOf = auroraviewGetter(Document.prototype, 'defaultView');
  const rootOf = auroraviewGetter(Document.prototype, 'documentElement');
  const activeInRoot = auroraviewGetter(ShadowRoot.prototype, 'activeElement');
  const hostOf = auroraviewGetter(ShadowRoot.prototype, 'host');
  const shadowOf = auroraviewGetter(Element.prototype, 'shadowRoot');
  const tagOf = auroraviewGetter(Element.prototype, 'tagName');
  const attribute = auroraviewMethod(Element.prototype, 'getAttribute');
  const typeOf = auroraviewGetter(HTMLInputElement.prototype, 'type');
  const isEditable = auroraviewGetter(HTMLElement.prototype, 'isContentEditable');
  const inFrame = auroraviewGetter(HTMLIFrameElement.prototype, 'contentDocument');
  const inOldFrame = auroraviewGetter(HTMLFrameElement.prototype, 'contentDocument');
  const parentOf = auroraviewGetter(Node.prototype, 'parentNode');
  const kindOf = auroraviewGetter(Node.prototype, 'nodeType');
  const documentOf = auroraviewGetter(Node.prototype, 'ownerDocument');
  const observe = auroraviewMethod(EventTarget.prototype, 'addEventListener');
  /** @type {WeakSet<ShadowRoot>} */
  const known = new WeakSet();

  /** The element with the focus, through open shadow roots and frames of the same origin. @returns {Element | null} */
  function focused() {
    let element = activeIn(document);
    for (let inner = element; inner; inner = element && within(element)) {
      element = inner;
    }
    return element;
  }

  /** @param {Element} element @returns {Element | null} what has the focus inside of it */
  function within(element) {
    const root = shadowOf(element);
    if (!root) {
      const inner = inFrame(element) || inOldFrame(element); // null: another origin
      return inner ? activeIn(inner) : null;
    }
    if (!known.has(root)) {
      known.add(root);
      listen(root); // moves of the focus inside cause no event outside
    }
    return activeInRoot(root);
  }

  /** @param {Element} element */
  function isFrame(element) {
    return tagOf(element) === 'IFRAME' || tagOf(element) === 'FRAME';
  }

  /** @param {Element} element */
  function isField(element) {
    if (isEditable(element) || designOf(documentOf(element)) === 'on' || TEXT_ROLES.has(attribute(element, 'role') || '')) {
      return true;
    }
    const tag = tagOf(element);
    if (tag === 'INPUT') {
      return !NO_TEXT.has(typeOf(element));
    }
    // A component that hides its content has to count as a field.
    const hides = tag.includes('-') && !shadowOf(element) && attribute(element, 'tabindex') === null;
    return tag === 'TEXTAREA' || tag === 'SELECT' || hides;
  }

  /** Return the element around an element, also across shadow roots and frames of the same origin. @param {Node} node @returns {Node | null} */
  function outside(node) {
    const around = parentOf(node) || hostOf(node); // of a shadow root, without instanceof: frames have classes of their own
    if (around) {
      return around;
    }
    try {
      const view = viewOf(node);
      return view ? view.frameElement : null;
    } catch (error) {
      return null; // of another origin
    }
  }

  /** @param {Element} element @param {string} name @returns {string} */
  function inherited(element, name) {
    /** @type {Node | null} */
    let node = element;
    for (; node; node = outside(node)) {
      const value = kindOf(node) === Node.ELEMENT_NODE && attribute(node, name);
      if (value) {
        return value;
      }
    }
    return '';
  }

  function now() {
    const element = focused() || rootOf(document);
    if (!element || isFrame(element)) {
      return '';
    }
    const will = inherited(element, 'data-aurora-keys');
    const keys = will === 'page' || will === 'host' ? will : isField(element) ? 'page' : 'none';
    return (keys + ' ' + inherited(element, 'data-aurora-host-keys')).trim();
  }

  function report() {
    const text = hasFocus(document) ? now() : '';
    if (text) {
      say(prefix + text);
    }
  }

  const later = () => setTimeout(report, 0); // a click removes the focus before it sets the new one

  /** @param {Window | ShadowRoot} root */
  function listen(root) {
    observe(root, 'focusin', report, true);
    observe(root, 'focusout', later, true);
  }

  listen(window);
  observe(window, 'focus', report); // a frame that gets the focus after its element
  new MutationObserver(report).observe(document, { subtree: true, attributes: true, attributeFilter: WATCHED });
  report(); // a field may have had the focus before this ran
  return now;
}
