/**
 * Names and values on their way to Python: their rules, their limits, and their JSON. Also texts of any value for errors.
 *
 * @param {RuntimeConfig} config
 */
function auroraviewValues(config) {
  'use strict';

  const MAX_NAMES = 65536;
  const SHOWN_CHARS = 100; // of a name in an error
  /** Names of values, for paths. @type {Record<string, string>} */
  const ROOTS = { event: 'detail', 'call of': 'params', 'stream of': 'params', 'result of': 'result', 'data of the error of': 'data' };
  const { limits } = config;
  const data = auroraviewData(config.dataUrl);
  const exact = auroraviewExact(limits, data.take);
  const { stringify } = JSON;
  const { toString } = Object.prototype;
  const eventRule = new RegExp('^' + config.eventPattern + '$', 'u');
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

  // ---------------------------------------------------------------------------------------------- texts

  /**
   * Return any value as text, shortened if too long. It never throws, even if getters, toString or proxies of the page do.
   * @param {unknown} value @param {number} [limit] in characters
   * @returns {string}
   */
  function textOf(value, limit) {
    const most = limit || limits.textChars;
    let text;
    try {
      text = String(value);
    } catch (error) {
      text = 'a value without a text';
    }
    return text.length > most ? text.slice(0, most) + '… (' + text.length + ' characters)' : text;
  }

  /** Read a property of any value; undefined if that throws. @param {any} value @param {string} key @returns {any} */
  function propertyOf(value, key) {
    try {
      return value[key];
    } catch (error) {
      return undefined;
    }
  }

  /** The message of an error, or the text of anything else that was thrown. @param {unknown} error @returns {string} */
  function messageOf(error) {
    try {
      return textOf(error instanceof Error ? error.message : error);
    } catch (odd) { // a getter, or a proxy that was revoked
      return textOf(error);
    }
  }

  /** Return a value for console.error: an error itself, since it has a stack; else a text. @param {unknown} value */
  function printable(value) {
    try {
      if (toString.call(value) === '[object Error]' && String(value).length <= limits.textChars) {
        return value;
      }
    } catch (error) {
      // a text, then
    }
    return textOf(value);
  }

  // ---------------------------------------------------------------------------------------------- names

  /** @type {Map<string, string>} */
  const eventNames = new Map(); // checked once; the JSON of each
  /** @type {Map<string, string>} */
  const otherNames = new Map();

  /** @param {unknown} name @param {string} what @returns {string} the name as JSON */
  function nameOf(name, what) {
    const names = what === 'event' ? eventNames : otherNames;
    const known = names.get(/** @type {string} */ (name));
    if (known !== undefined) {
      return known;
    }
    if (typeof name !== 'string' || !(names === eventNames ? eventRule : nameRule).test(name)) {
      const message = 'not a valid ' + what + ' name: ' + textOf(name, SHOWN_CHARS);
      throw new AuroraError({ name: 'InvalidNameError', code: 'INVALID_NAME', message });
    }
    if (names.size >= MAX_NAMES) {
      names.clear();
    }
    const json = stringify(name);
    names.set(name, json);
    return json;
  }

  // ---------------------------------------------------------------------------------------------- values

  /**
   * JSON of a value, with escapes, or an error that says why not.
   * @param {unknown} value
   * @param {string} what kind of thing it belongs to
   * @param {string} name and its name
   * @returns {string}
   */
  function jsonOf(value, what, name) {
    let json;
    try {
      json = exact.write(value, ROOTS[what] || 'value', what !== 'state');
    } catch (error) {
      if (error instanceof exact.Unfit ? error.isTooLarge : error instanceof RangeError) {
        tooLarge(what, name, messageOf(error));
      }
      throw unfit(what, name, 'SerializationError', 'SERIALIZATION', messageOf(error));
    }
    if (json.length > limits.messageChars) {
      tooManyChars(what, name, json.length);
    }
    return json;
  }

  /** @param {string} what @param {string} name @param {number} length @returns {never} */
  function tooManyChars(what, name, length) {
    tooLarge(what, name, length + ' characters are over the limit of ' + limits.messageChars);
  }

  /**
   * Hold JSON to the limits. Python would refuse the whole envelope it travels in, with the innocent events of the same task.
   * @param {string} json @param {number} above levels it stands below @param {string} what @param {string} name
   */
  function check(json, above, what, name) {
    if (json.length > limits.messageChars) {
      tooManyChars(what, name, json.length);
    }
    const depth = limits.depth - above;
    if (depth >= 0 && json.length <= 2 * depth) {
      return;
    }
    const values = countValues(json, depth);
    if (values < 0) {
      tooLarge(what, name, 'nested deeper than ' + limits.depth + ' levels');
    } else if (values > limits.values) {
      tooLarge(what, name, 'more than ' + limits.values + ' values: send it in parts');
    }
  }

  /** @param {string} what @param {string} name @param {string} why @returns {never} */
  function tooLarge(what, name, why) {
    throw unfit(what, name, 'MessageTooLargeError', 'MESSAGE_TOO_LARGE', why);
  }

  /** @param {string} what @param {string} name @param {string} error @param {string} code @param {string} why */
  function unfit(what, name, error, code, why) {
    return new AuroraError({ name: error, code, message: what + ' "' + textOf(name, SHOWN_CHARS) + '": ' + why });
  }

  /** @param {string} json @param {number} limit of levels @returns {number} how many values it has, -1 for too many levels */
  function countValues(json, limit) {
    let depth = 0;
    let values = 0;
    for (let i = 0; i < json.length; i += 1) {
      const char = json.charCodeAt(i);
      if (char === 34) {
        i = closingQuote(json, i);
      } else if (char === 44) {
        values += 1;
      } else if (char === 91 || char === 123) {
        values += 1;
        depth += 1;
        if (depth > limit) {
          return -1;
        }
      } else if (char === 93 || char === 125) {
        depth -= 1;
      }
    }
    return values;
  }

  /** @param {string} json @param {number} open index of the quote a string begins with @returns {number} of its last one */
  function closingQuote(json, open) {
    for (let i = open + 1; ; i += 1) {
      i = json.indexOf('"', i);
      if (i < 0) {
        return json.length; // it is no JSON
      }
      let escapes = 0;
      while (json.charCodeAt(i - 1 - escapes) === 92) {
        escapes += 1;
      }
      if (escapes % 2 === 0) {
        return i;
      }
    }
  }

  return { AuroraError, nameOf, jsonOf, read: exact.read, exact, data, check, tooLarge, messageOf, textOf, propertyOf, printable };
}
