/**
 * Puts the pages of a development server under the policy of the built app, and warns of code that the build will refuse.
 *
 * The policy is the first element of the head, before any script of the page: the parser lets observers run before each
 * script. Runs from the creation of the document, in the top frame and in a separate world. Chromium 83.
 *
 * @param {string} origin  of the server
 * @param {string} policy  of its pages
 */
function auroraviewDevelopment(origin, policy) {
  'use strict';

  // Parts of the scripts that Vite puts into its pages, and leaves out of the build.
  const OF_THE_SERVER = ['/@vite/client', '/@react-refresh', '__vite_plugin_react_preamble_installed__'];

  const warn = console.warn.bind(console);
  const headOf = auroraviewGetter(Document.prototype, 'head');
  const find = auroraviewMethod(Document.prototype, 'querySelectorAll');
  const make = auroraviewMethod(Document.prototype, 'createElement');
  const attribute = auroraviewMethod(Element.prototype, 'getAttribute');
  const names = auroraviewMethod(Element.prototype, 'getAttributeNames');
  const prepend = auroraviewMethod(Element.prototype, 'prepend');
  const textOf = auroraviewGetter(Node.prototype, 'textContent');
  const observe = auroraviewMethod(EventTarget.prototype, 'addEventListener');

  if (window.location.origin !== origin) {
    return;
  }

  function put() {
    const meta = make(document, 'meta');
    meta.httpEquiv = 'Content-Security-Policy';
    meta.content = policy;
    prepend(headOf(document), meta);
  }

  /** @param {string} what */
  function tell(what) {
    warn('auroraview: the built app will refuse ' + what + ' of this page: put it into a file of the app');
  }

  function check() {
    for (const script of find(document, 'script:not([src])')) {
      const text = textOf(script);
      const type = attribute(script, 'type') || '';
      if (text.trim() && /^$|module|javascript/.test(type) && !OF_THE_SERVER.some((part) => text.includes(part))) {
        tell('the inline script "' + text.trim().slice(0, 60) + '"');
        break;
      }
    }
    for (const element of find(document, '*')) {
      const handler = names(element).find((/** @type {string} */ name) => name.startsWith('on'));
      if (handler) {
        tell('the inline handler "' + handler + '"');
        break;
      }
    }
  }

  if (headOf(document)) {
    put();
  } else {
    const observer = new MutationObserver(() => {
      if (headOf(document)) {
        observer.disconnect();
        put();
      }
    });
    observer.observe(document, { childList: true, subtree: true });
  }
  observe(window, 'DOMContentLoaded', check);
}
