/**
 * Makes the URLs of `@view.resource`, which work on a page of any origin.
 * @param {string} origin  of the view, empty for that of the page
 */
function auroraviewResource(origin) {
  'use strict';

  const encode = encodeURIComponent;

  /**
   * @param {string} path  as in Python, "/thumb/{asset}", or with the values already in it and encoded
   * @param {Object<string, unknown>} [values]  for the names in braces; others become the query
   * @returns {string}
   */
  return function resource(path, values) {
    const rest = new Map(Object.entries(values || {}).filter(([, value]) => value !== undefined && value !== null));
    const filled = String(path).replace(/\{([^{}:]*)(:path)?\}/g, (place, name, takesSlashes) => {
      if (!rest.has(name)) {
        throw new TypeError('auroraview.resource: no value for ' + place + ' of ' + path);
      }
      const text = String(rest.get(name));
      rest.delete(name);
      return takesSlashes ? text.split('/').map(encode).join('/') : encode(text);
    });
    const query = Array.from(rest, ([name, value]) => encode(name) + '=' + encode(String(value))).join('&');
    const joint = filled.includes('?') ? '&' : '?';
    return origin + (filled[0] === '/' ? '' : '/') + filled + (query ? joint + query : '');
  };
}
