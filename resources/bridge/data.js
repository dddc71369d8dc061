/**
 * Large data of Python, which a batch names by id. It is fetched before the batch is run, so that the order holds.
 *
 * @param {string | undefined} url  where it is, the id left out
 */
function auroraviewData(url) {
  'use strict';

  const NAMED = /"#([0-9a-f]{32})"/g;
  const Request = /** @type {typeof XMLHttpRequest} */ (/** @type {any} */ (globalThis).XMLHttpRequest);

  /** @type {Map<string, ArrayBuffer>} */
  const fetched = new Map();

  /** The data a batch needs. @param {string} batch @returns {string[]} ids */
  function needs(batch) {
    return ((batch.includes('\t') && batch.match(NAMED)) || []).map((text) => text.slice(2, -1));
  }

  /** @param {string[]} ids @param {(isThere: boolean) => void} done */
  function load(ids, done) {
    if (!url || !Request) {
      Promise.resolve(false).then(done);
      return;
    }
    let left = ids.length;
    let isThere = true;
    for (const id of ids) {
      const request = new Request();
      request.open('GET', url + id);
      request.responseType = 'arraybuffer';
      request.onloadend = () => {
        left -= 1;
        isThere = isThere && request.response instanceof ArrayBuffer && request.response.byteLength > 0;
        fetched.set(id, request.response);
        if (!left) {
          if (!isThere) {
            fetched.clear();
          }
          done(isThere);
        }
      };
      request.send();
    }
  }

  /** @param {string} id @returns {Uint8Array} */
  function take(id) {
    const buffer = fetched.get(id);
    fetched.delete(id);
    return new Uint8Array(buffer || new ArrayBuffer(0));
  }

  return { needs, load, take };
}
