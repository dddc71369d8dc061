/**
 * Reports refusals of the page's content security policy, and of the full screen, to Python, each kind and origin once.
 *
 * Runs from the creation of the document, in the top frame and in a separate world.
 *
 * @param {string} prefix
 * @returns {() => string}
 */
function auroraviewViolations(prefix) {
  'use strict';

  const MOST = 50;
  const ORIGIN = /^[a-z0-9+.-]+:\/\/[^/?#]*/i;

  const say = console.debug.bind(console);
  const { stringify } = JSON;
  const observe = auroraviewMethod(EventTarget.prototype, 'addEventListener');
  const told = new Set();

  observe(window, 'fullscreenerror', (/** @type {Event} */ event) => {
    if (event.isTrusted && !told.has('fullscreen')) {
      told.add('fullscreen');
      say(prefix + stringify({ directive: 'fullscreen' }));
    }
  }, true);
  observe(window, 'securitypolicyviolation', (/** @type {SecurityPolicyViolationEvent} */ event) => {
    const origin = ORIGIN.exec(event.blockedURI);
    const blocked = origin ? origin[0] : event.blockedURI.slice(0, 40);
    const key = event.effectiveDirective + ' ' + blocked;
    if (event.isTrusted && event.disposition === 'enforce' && told.size < MOST && !told.has(key)) {
      told.add(key);
      say(prefix + stringify({ directive: event.effectiveDirective, blocked }));
    }
  }, true);
  return () => '';
}
