/**
 * Ends the answers of the view's own scheme that refuse: Qt leaves their bodies open, and reading one would wait for ever.
 *
 * WORKAROUND(no report is known): Qt 6.5 to 6.12. It runs in the page's world, in the top frame and in frames of the app.
 *
 * @param {string} scheme
 */
function auroraviewAnswers(scheme) {
  'use strict';

  const { Response } = window;
  const { apply, defineProperty } = Reflect;
  const native = window.fetch;

  /** @param {Response} given @returns {Response} */
  function ended(given) {
    if (given.status < 400 || !given.url.startsWith(scheme)) {
      return given;
    }
    const answer = new Response('', { status: given.status, statusText: given.statusText, headers: given.headers });
    for (const key of /** @type {const} */ (['url', 'type', 'redirected'])) {
      defineProperty(answer, key, { value: given[key] });
    }
    return answer;
  }

  if (window.top === window || window.location.protocol === scheme) {
    window.fetch = function fetch(_input) { // the page's own has this length, too
      return apply(native, window, arguments).then(ended);
    };
  }
}
