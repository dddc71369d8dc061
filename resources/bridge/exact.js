/**
 * Values on their way to Python and back, exactly. JSON.stringify drops functions, empties a Map and writes null for NaN, so
 * a look at each value comes first. Values that JSON lacks travel as escapes, arrays that begin with a tab and the number 1e999:
 * `[\t1e999,"number","NaN"]`. Python never writes this number, which is Infinity here, in another place.
 *
 * @param {Limits} limits
 * @param {(id: string) => Uint8Array} takeData  gives data that has been fetched
 */
function auroraviewExact(limits, takeData) {
  'use strict';

  const MARK = '[\t1e999';
  const token = '\u0001' + Array.from(crypto.getRandomValues(new Uint32Array(4))).join(''); // stands for the mark in a copy
  const CHUNK = 0x8000; // arguments of a call
  const KEY_CHARS = 100;
  const { stringify, parse } = JSON;
  const { isArray } = Array;
  const { keys, getPrototypeOf, defineProperty, prototype } = Object;
  const { toString } = prototype;
  const textOfFunction = Function.prototype.toString;
  const { abs } = Math;
  const MAX = Number.MAX_SAFE_INTEGER;
  const { fromCharCode } = String;
  const decode = atob;
  const encode = btoa;
  const Bytes = Uint8Array;
  const DomNode = Node;
  const { OffscreenCanvas: Canvas, ImageData: Pixels } = /** @type {any} */ (globalThis);
  const readBlob = typeof Blob === 'function' ? Blob.prototype.arrayBuffer : undefined; // missing in Node's stand-ins for a page
  const { apply } = Reflect;
  const { BigInt64Array: BigInt64, BigUint64Array: BigUint64 } = /** @type {any} */ (globalThis);
  /** Typed arrays by NumPy's name. @type {Record<string, any>} */
  const TYPES = {
    bool: Uint8Array, int8: Int8Array, uint8: Uint8Array, int16: Int16Array, uint16: Uint16Array, int32: Int32Array,
    uint32: Uint32Array, int64: BigInt64, uint64: BigUint64, float32: Float32Array, float64: Float64Array,
  };
  /** @type {Record<string, string>} */
  const NAMES = { Uint8ClampedArray: 'uint8' };
  keys(TYPES).forEach((name) => { NAMES[TYPES[name].name] = name === 'bool' ? 'uint8' : name; });

  let count = 0; // of the values of a message
  let mayHaveBlobs = false;
  let blobCount = 0;
  /** Blobs in messages that have not left, by the number that stands for their bytes. @type {Map<number, Blob>} */
  const blobs = new Map();
  const quotedToken = stringify(token).slice(1, -1);

  class Unfit extends Error {
    /** @param {string} message @param {boolean} [isTooLarge] */
    constructor(message, isTooLarge) {
      super(message);
      this.isTooLarge = isTooLarge;
    }
  }

  // ---------------------------------------------------------------------------------------------- out

  /**
   * The JSON of a value, with escapes.
   * @param {unknown} value @param {string} root its name, for the path in an error
   * @param {boolean} [takesBlobs] whether a gate will read the blobs in it
   * @returns {string}
   */
  function write(value, root, takesBlobs) {
    count = 0;
    mayHaveBlobs = takesBlobs === true;
    if (fits(value, 0)) {
      return stringify(value === undefined ? null : value);
    }
    count = 0;
    const copy = copyOf(value, { root, steps: [], above: [] }, '');
    return stringify(copy === undefined ? null : copy).split('["' + quotedToken + '"').join(MARK);
  }

  /** Whether JSON holds a value as it is, within the limits. @param {any} value @param {number} depth @returns {boolean} */
  function fits(value, depth) {
    switch (typeof value) {
      case 'number': return value - value === 0 && abs(value) <= MAX ? value !== 0 || 1 / value > 0 : abs(value) >= 1e21 && value - value === 0;
      case 'string':
      case 'boolean':
      case 'undefined': return true;
      case 'object': break;
      default: return false;
    }
    if (value === null) {
      return true;
    }
    if (depth >= limits.depth || typeof value.toJSON === 'function') {
      return false;
    }
    if (isArray(value)) {
      count += value.length || 1;
      if (count > limits.values) {
        return false;
      }
      for (let i = 0; i < value.length; i += 1) {
        if (!fits(value[i], depth + 1)) {
          return false;
        }
      }
      return true;
    }
    const kind = getPrototypeOf(value);
    if (kind !== prototype && kind !== null) {
      return false;
    }
    let size = 0;
    for (const key in value) {
      size += 1;
      if (!fits(value[key], depth + 1)) {
        return false;
      }
    }
    count += size || 1;
    return count <= limits.values;
  }

  /** @typedef {{root: string, steps: (string | number)[], above: object[]}} Place */

  /** @param {Place} place @param {string} why @returns {never} */
  function refuse(place, why) {
    throw new Unfit(pathOf(place) + ' is ' + why);
  }

  /** @param {Place} place @returns {string} as `detail.rows[3].matrix` */
  function pathOf({ root, steps }) {
    return root + steps.map((step) => {
      if (typeof step === 'number') {
        return '[' + step + ']';
      }
      return /^[A-Za-z_$][\w$]*$/.test(step) && step.length <= KEY_CHARS ? '.' + step : '[' + stringify(step.slice(0, KEY_CHARS)) + ']';
    }).join('');
  }

  /**
   * A copy for JSON, in which arrays with the token stand for escapes.
   * @param {any} value @param {Place} place @param {string} key  @returns {any}
   */
  function copyOf(value, place, key) {
    switch (typeof value) {
      case 'string':
      case 'boolean':
      case 'undefined': return value;
      case 'number': return fits(value, 0) ? value : [token, 'number', value === 0 ? '-0' : String(value)];
      case 'bigint': return refuse(place, 'a BigInt: send a string');
      case 'object': break;
      default: return refuse(place, 'a ' + typeof value);
    }
    if (value === null) {
      return null;
    }
    if (place.above.includes(value)) {
      refuse(place, 'an object that contains itself');
    }
    if (place.above.length >= limits.depth) {
      throw new Unfit('nested deeper than ' + limits.depth + ' levels', true);
    }
    place.above.push(value);
    const copy = objectOf(value, place, key);
    place.above.pop();
    return copy;
  }

  /** @param {any} value @param {Place} place @param {string | number} step */
  function partOf(value, place, step) {
    count += 1;
    if (count > limits.values) {
      throw new Unfit('more than ' + limits.values + ' values: send it in parts', true);
    }
    place.steps.push(step);
    const part = copyOf(value, place, String(step));
    place.steps.pop();
    return part;
  }

  /** @param {any} value @param {Place} place @param {string} key @returns {any} */
  function objectOf(value, place, key) {
    const tag = toString.call(value).slice(8, -1);
    if (tag === 'Date' && value.getTime() !== value.getTime()) {
      refuse(place, 'an invalid Date');
    }
    if (typeof value.toJSON === 'function') {
      return copyOf(value.toJSON(key), place, key);
    }
    if (isArray(value)) {
      const items = [];
      for (let i = 0; i < value.length; i += 1) {
        const item = partOf(value[i], place, i);
        items.push(item === undefined ? null : item);
      }
      return items;
    }
    if (tag === 'Map') {
      return entriesOf(Array.from(value.entries()), place);
    }
    if (tag === 'Set') {
      return Array.from(value.values(), (item, i) => partOf(item, place, i));
    }
    if (tag === 'Error' || tag === 'DOMException' || value instanceof Error) {
      return { name: String(value.name), message: String(value.message), stack: String(value.stack) };
    }
    if (tag === 'Number' || tag === 'String' || tag === 'Boolean') {
      return copyOf(value.valueOf(), place, key);
    }
    return pictureOf(value, tag) || blobOf(value, tag, place) || binaryOf(value, tag) || entriesOf(ownEntries(value, tag, place), place);
  }

  /** @param {any} value @param {string} tag @param {Place} place @returns {[string, any][]} of an object that is only data */
  function ownEntries(value, tag, place) {
    if (value instanceof DomNode || value === window || tag === 'Window') {
      refuse(place, 'a DOM ' + tag);
    }
    if (tag !== 'Object' && tag !== 'Module' && tag !== 'Arguments' && isNative(value)) {
      refuse(place, (/^[AEIOU]/.test(tag) ? 'an ' : 'a ') + tag);
    }
    return keys(value).map((key) => [key, value[key]]);
  }

  /** Whether the engine has made the class of an object. A class of the page may have a tag, too. @param {any} value */
  function isNative(value) {
    for (let kind = getPrototypeOf(value); kind && kind !== prototype; kind = getPrototypeOf(kind)) {
      const { constructor } = kind;
      if (typeof constructor !== 'function' || textOfFunction.call(constructor).endsWith('{ [native code] }')) {
        return getPrototypeOf(kind) !== null;
      }
    }
    return false;
  }

  /** @param {[any, any][]} entries @param {Place} place @returns {Record<string, any>} */
  function entriesOf(entries, place) {
    /** @type {Record<string, any>} */
    const result = {};
    const names = new Set();
    for (const [key, item] of entries) {
      if (typeof key !== 'string' && typeof key !== 'number' && typeof key !== 'boolean') {
        refuse(place, 'a Map with a key that is no text, number or boolean');
      }
      const name = String(key);
      if (names.has(name)) {
        refuse(place, 'a Map with two keys that are ' + stringify(name.slice(0, KEY_CHARS)) + ' as text');
      }
      names.add(name);
      put(result, name, partOf(item, place, name));
    }
    return result;
  }

  /** @param {any} node @param {string | number} key @param {any} value */
  function put(node, key, value) {
    if (key === '__proto__') {
      defineProperty(node, key, { value, writable: true, enumerable: true, configurable: true });
    } else {
      node[key] = value;
    }
  }

  /** @param {any} value @param {string} tag @param {Place} place @returns {any[] | undefined} */
  function blobOf(value, tag, place) {
    if (tag !== 'Blob' && tag !== 'File') {
      return undefined;
    }
    if (!mayHaveBlobs) {
      refuse(place, 'a ' + tag + ': send its arrayBuffer()');
    }
    blobCount += 1;
    blobs.set(blobCount, value);
    return [token, 'bytes', token + blobCount];
  }

  /** The pixels of a picture: rows of red, green, blue and alpha. @param {any} value @param {string} tag @returns {any[] | undefined} */
  function pictureOf(value, tag) {
    if (tag !== 'ImageData' && tag !== 'ImageBitmap') {
      return undefined;
    }
    const { width, height } = value;
    let { data } = value;
    if (!data) {
      const context = /** @type {any} */ (new Canvas(width, height)).getContext('2d');
      context.drawImage(value, 0, 0);
      ({ data } = context.getImageData(0, 0, width, height));
    }
    return [token, 'array', 'uint8', [height, width, 4], base64(new Bytes(data.buffer, data.byteOffset, data.byteLength))];
  }

  /** Whether a message has blobs, which have to be read before it leaves. @param {string} message */
  function hasBlobs(message) {
    return blobs.size > 0 && message.includes(quotedToken);
  }

  /** Read the blobs of a message. @param {string} message @returns {Promise<string>} the message with their bytes */
  async function filled(message) {
    const pieces = message.split(quotedToken);
    for (let i = 1; i < pieces.length; i += 1) {
      const number = parseInt(pieces[i], 10);
      const blob = /** @type {Blob} */ (blobs.get(number));
      blobs.delete(number);
      const buffer = await apply(/** @type {any} */ (readBlob), blob, []);
      pieces[i] = base64(new Bytes(buffer)) + pieces[i].slice(String(number).length);
    }
    return pieces.join('');
  }

  /** @param {any} value @param {string} tag @returns {any[] | undefined} the escape of binary data */
  function binaryOf(value, tag) {
    if (tag === 'ArrayBuffer' || tag === 'SharedArrayBuffer') {
      return [token, 'bytes', base64(new Bytes(value))];
    }
    if (!ArrayBuffer.isView(value)) {
      return undefined;
    }
    const { shape, dtype } = /** @type {any} */ (value);
    const name = dtype === 'bool' && NAMES[tag] === 'uint8' ? dtype : NAMES[tag];
    const text = base64(new Bytes(value.buffer, value.byteOffset, value.byteLength));
    if (tag === 'DataView' || (name === 'uint8' && !isArray(shape))) {
      return [token, 'bytes', text];
    }
    const { length } = /** @type {any} */ (value);
    const isShape = isArray(shape) && shape.every(Number.isInteger) && shape.reduce((a, b) => a * b, 1) === length;
    return [token, 'array', name, isShape ? shape : [length], text];
  }

  /** @param {Uint8Array} bytes */
  function base64(bytes) {
    let text = '';
    for (let i = 0; i < bytes.length; i += CHUNK) {
      text += fromCharCode.apply(null, /** @type {any} */ (bytes.subarray(i, i + CHUNK)));
    }
    return encode(text);
  }

  // ---------------------------------------------------------------------------------------------- in

  /** The value of JSON with escapes. @param {string} json @returns {any} */
  function read(json) {
    return json.includes('\t') ? revived(parse(json)) : parse(json);
  }

  /** Put values in the place of escapes. @param {any} node @returns {any} */
  function revived(node) {
    if (isArray(node) && node[0] === Infinity) {
      return valueOf(node);
    }
    for (const key of keys(node)) {
      const item = node[key];
      if (typeof item === 'object' && item !== null) {
        const value = revived(item);
        if (value !== item) {
          put(node, key, value);
        }
      }
    }
    return node;
  }

  /** @param {any[]} escape @returns {any} */
  function valueOf([, kind, first, second, third]) {
    switch (kind) {
      case 'number': return Number(first);
      case 'bytes': return bytesOf(first);
      case 'array': return array(bytesOf(third), first, second);
      case 'image': return bitmap(bytesOf(third), first, second);
      default: return null;
    }
  }

  /** @param {Uint8Array} bytes @param {number} width @param {number} height @returns {ImageBitmap} */
  function bitmap(bytes, width, height) {
    const canvas = /** @type {any} */ (new Canvas(width, height));
    canvas.getContext('2d').putImageData(new Pixels(new Uint8ClampedArray(bytes.buffer), width, height), 0, 0);
    return canvas.transferToImageBitmap();
  }

  /** @param {Uint8Array} bytes @param {string} dtype @param {number[]} shape */
  function array(bytes, dtype, shape) {
    const typed = new TYPES[dtype](bytes.buffer);
    defineProperty(typed, 'shape', { value: Object.freeze(shape) });
    return defineProperty(typed, 'dtype', { value: dtype });
  }

  /** @param {string} text base64 @returns {Uint8Array} */
  function bytesOf(text) {
    if (text[0] === '#') {
      return takeData(text.slice(1));
    }
    const characters = decode(text);
    const bytes = new Bytes(characters.length);
    for (let i = 0; i < bytes.length; i += 1) {
      bytes[i] = characters.charCodeAt(i);
    }
    return bytes;
  }

  return { write, read, hasBlobs, filled, Unfit };
}
