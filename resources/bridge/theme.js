/**
 * The host's look: CSS variables on the root element, and the style sheet for plain controls if the page asks for it with
 * <html data-aurora-style="host">. All of it is set before the first paint.
 *
 * The colour scheme is only a variable. With "color-scheme: dark" Chromium paints the area without elements in #121212,
 * regardless of the view's background. So it suits only pages with their own background.
 *
 * @param {string} css   text of host.css
 * @returns {(theme: {scheme: string, variables: Object<string, string>}) => void} tells of a theme, at the start and later
 */
function auroraviewTheme(css) {
  'use strict';

  const { stringify } = JSON;
  // An element with such a name hides the document's own property.
  const own = Document.prototype;
  const rootOf = /** @type {() => HTMLElement | null} */ (
    /** @type {any} */ (Object.getOwnPropertyDescriptor(own, 'documentElement')).get.bind(document));
  const sheets = /** @type {any} */ (Object.getOwnPropertyDescriptor(own, 'adoptedStyleSheets'));
  const byId = own.getElementById.bind(document);
  const make = own.createElement.bind(document);
  const sheetText = window.hasOwnProperty('CSSLayerBlockRule') ? '@layer auroraview-host {' + css + '}' : css; // Chromium 99
  let told = '';
  /** @type {HTMLElement | null} */
  let root = null;
  /** @type {{scheme: string, variables: Object<string, string>}} */
  let theme;

  function show() {
    root = rootOf();
    if (!root) {
      return;
    }
    root.setAttribute('data-host-scheme', theme.scheme);
    for (const name of Object.keys(theme.variables)) {
      root.style.setProperty(name, theme.variables[name]);
    }
  }

  /** Put the controls' style before the page's own styles, which may override it. */
  function dress() {
    if (!root || root.getAttribute('data-aurora-style') !== 'host' || byId('auroraview-host-css')) {
      return;
    }
    const style = make('style');
    style.id = 'auroraview-host-css';
    style.textContent = sheetText;
    root.insertBefore(style, root.firstChild);
    if (!style.sheet) { // the page's policy forbids inline styles, but not this
      const sheet = /** @type {any} */ (new CSSStyleSheet());
      sheet.replaceSync(sheetText);
      sheets.set.call(document, Array.from(sheets.get.call(document)).concat(sheet));
    }
    // Rings are for the keyboard only; :focus-visible came after Chromium 83.
    const element = root;
    window.addEventListener('keydown', () => element.setAttribute('data-host-focus', 'keyboard'), true);
    window.addEventListener('mousedown', () => element.removeAttribute('data-host-focus'), true);
  }

  const observer = new MutationObserver(() => {
    if (rootOf() && rootOf() !== root) { // not there yet at document creation
      show();
      dress();
    }
  });
  observer.observe(document, { childList: true });

  return (next) => {
    const text = stringify(next);
    if (text === told) {
      return;
    }
    const isFirst = !told;
    told = text;
    theme = next;
    show();
    dress();
    if (!isFirst) {
      window.dispatchEvent(new Event('hostthemechange'));
    }
  };
}
