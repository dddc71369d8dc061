/**
 * Names and values on their way to Python: what they may be, and their JSON.
 *
 * @param {RuntimeConfig} config
 */
function auroraviewValues(config) {
  'use strict';

  const MAX_NAMES = 65536;
  const { stringify } = JSON;
  const nameRule = new RegExp('^' + config.namePattern + '$');

  class AuroraError extends Error {
    /** @param {{name?: string, code?: string, message?: string, data?: unknown, traceback?: string}} from */
    constructor(from) {
      super(from.message || 'unknown error');
      this.name = from.name || 'Error';
      this.code = from.code || 'ERROR';
      this.data = from.data;
      if (from.traceback) {
        this.traceback = from.traceback;
      }
    }
  }

  /** @type {Map<string, string>} */
  const names = new Map(); // checked once; the JSON of each

  /** @param {unknown} name @param {string} what @returns {string} the name as JSON */
  function nameOf(name, what) {
    const known = names.get(/** @type {string} */ (name));
    if (known !== undefined) {
      return known;
    }
    if (typeof name !== 'string' || !nameRule.test(name)) {
      throw new AuroraError({ name: 'InvalidNameError', code: 'INVALID_NAME', message: 'not a valid ' + what + ' name: ' + String(name) });
    }
    if (names.size >= MAX_NAMES) {
      names.clear();
    }
    const json = stringify(name);
    names.set(name, json);
    return json;
  }

  /**
   * JSON of a value, or an error that says why not. JSON itself would turn a DOM node into {} without a word.
   * @param {unknown} value
   * @param {string} what kind of thing it belongs to
   * @param {string} name and its name
   * @returns {string}
   */
  function jsonOf(value, what, name) {
    let json;
    try {
      json = stringify(value === undefined ? null : value);
      if (json !== undefined && json.includes('{}')) {
        refuseNodes(value, 'the value');
      }
    } catch (error) {
      throw unfit('SerializationError', 'SERIALIZATION', 'JSON cannot hold this value: ' + messageOf(error));
    }
    if (json === undefined) {
      throw unfit('SerializationError', 'SERIALIZATION', 'JSON cannot hold a ' + typeof value);
    }
    if (json.length > config.maxMessageChars) {
      throw unfit('MessageTooLargeError', 'MESSAGE_TOO_LARGE', json.length + ' characters are over the cap of ' + config.maxMessageChars);
    }
    checkDepth(json, 0, what, name);
    return json;

    /** @param {string} error @param {string} code @param {string} why */
    function unfit(error, code, why) {
      return new AuroraError({ name: error, code, message: what + ' "' + name + '": ' + why });
    }
  }

  /** @param {string} json @param {number} above levels it stands below @param {string} what @param {string} name */
  function checkDepth(json, above, what, name) {
    const limit = config.maxDepth - above;
    if (limit < 0 || (json.length > 2 * limit && isDeeper(json, limit))) {
      const message = what + ' "' + name + '": nested deeper than ' + config.maxDepth + ' levels';
      throw new AuroraError({ name: 'MessageTooLargeError', code: 'MESSAGE_TOO_LARGE', message });
    }
  }

  /**
   * Python would refuse the whole message it travels in, with the innocent events of the same task.
   * @param {string} json @param {number} limit
   */
  function isDeeper(json, limit) {
    let depth = 0;
    for (let i = 0; i < json.length; i += 1) {
      const char = json.charCodeAt(i);
      if (char === 34) { // a string: on to its closing quote
        for (i += 1; json.charCodeAt(i) !== 34; i += 1) {
          i += json.charCodeAt(i) === 92 ? 1 : 0;
        }
      } else if (char === 91 || char === 123) {
        depth += 1;
        if (depth > limit) {
          return true;
        }
      } else if (char === 93 || char === 125) {
        depth -= 1;
      }
    }
    return false;
  }

  /** @param {any} value without cycles, JSON has been through it @param {string} where */
  function refuseNodes(value, where) {
    if (typeof value !== 'object' || value === null || typeof value.toJSON === 'function') {
      return;
    }
    if (value instanceof Node || value === window) {
      throw new TypeError(where + ' is a DOM ' + Object.prototype.toString.call(value).slice(8, -1));
    }
    for (const key of Object.keys(value)) {
      refuseNodes(value[key], key);
    }
  }

  /** @param {unknown} error @returns {string} */
  function messageOf(error) {
    return error instanceof Error ? error.message : String(error);
  }

  return { AuroraError, nameOf, jsonOf, checkDepth, messageOf };
}
