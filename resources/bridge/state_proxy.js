/**
 * The page's view of auroraview.state: proxies that read the current state by their path, and turn writes into patches.
 *
 * A proxy stands for a place, not for a value: `const scene = auroraview.state.scene` stays up to date. Its target is an empty
 * object, because a proxy of a frozen object could report only that object's own values.
 *
 * @typedef {{parent: Entry | null, key: string | number, node: any, root: any, proxy: any, children: Map<string | number, Entry>}} Entry
 *     one place in the state: its node as of some root
 *
 * @param {ReturnType<typeof auroraviewPatches>} patches
 * @param {Record<string, Function>} methods  of the state itself
 * @param {() => any} shown  gives the present state
 * @param {(path: (string | number)[], kind: number, value?: any, first?: number, removed?: number) => boolean} write
 * @param {(...data: unknown[]) => void} complain
 */
function auroraviewStateProxy(patches, methods, shown, write, complain) {
  'use strict';

  const MAX_CHILDREN = 4096; // places below one that are remembered
  const { SET, DELETE, SPLICE, hasOwn, hasParts, has } = patches;
  const { isArray } = Array;
  const { freeze, keys } = Object;

  /** @type {WeakMap<object, Entry>} */
  const entries = new WeakMap(); // by proxy
  /** @type {WeakMap<object, Entry>} */
  const targets = new WeakMap(); // by its target

  /** @param {Entry | null} parent @param {string | number} key @param {any} node @returns {Entry} */
  function entryOf(parent, key, node) {
    const target = isArray(node) ? [] : {};
    /** @type {Entry} */
    const entry = { parent, key, node, root: shown(), proxy: null, children: new Map() };
    entry.proxy = new Proxy(target, isArray(node) ? listTraps : objectTraps);
    targets.set(target, entry);
    entries.set(entry.proxy, entry);
    return entry;
  }

  /** @param {object} target @returns {Entry} */
  const placeOf = (target) => /** @type {Entry} */ (targets.get(target));

  /** Return the current value of a place; a value of the other kind, or a missing value, reads as empty. @param {Entry} entry @returns {any} */
  function nodeAt(entry) {
    const root = shown();
    if (entry.root !== root) {
      const { parent, key } = entry;
      const home = parent ? nodeAt(parent) : null;
      const node = parent ? (has(home, key) ? home[key] : undefined) : root;
      const isList = isArray(entry.node);
      entry.node = hasParts(node) && isArray(node) === isList ? node : freeze(isList ? [] : {});
      entry.root = root;
    }
    return entry.node;
  }

  /** @param {Entry} entry @param {string | number} key @param {any} value as it stands there */
  function wrap(entry, key, value) {
    if (!hasParts(value)) {
      return value;
    }
    const known = entry.children.get(key);
    if (known && isArray(known.node) === isArray(value)) {
      return known.proxy;
    }
    if (entry.children.size >= MAX_CHILDREN) {
      entry.children.clear();
    }
    const child = entryOf(entry, key, value);
    entry.children.set(key, child);
    return child.proxy;
  }

  /** @param {Entry} entry @returns {(string | number)[]} */
  function pathOf(entry) {
    const path = [];
    for (let at = entry; at.parent; at = at.parent) {
      path.push(at.key);
    }
    return path.reverse();
  }

  /** @param {string} key @returns {number} an index, or -1 */
  function indexOf(key) {
    const index = Number(key);
    return String(index) === key && index >= 0 && Number.isInteger(index) ? index : -1;
  }

  /** @param {Entry} entry @param {string | symbol} key @param {any} value */
  function assign(entry, key, value) {
    const node = nodeAt(entry);
    const path = pathOf(entry);
    const name = path.concat(String(key)).join('.');
    if (typeof key === 'symbol') {
      complain('auroraview: state "' + name + '": a key has to be a string');
    } else if (!isArray(node)) {
      write(path.concat(key), SET, value);
    } else if (key === 'length' && value <= node.length) {
      if (value < node.length) {
        write(path, SPLICE, [], value, node.length - value);
      }
    } else if (indexOf(key) < 0 || indexOf(key) > node.length) {
      complain('auroraview: state "' + name + '": an array of JSON has no such place; its length is ' + node.length);
    } else {
      write(path.concat(indexOf(key)), SET, value);
    }
    return true; // false would raise in the page, which is to go on
  }

  /** @type {ProxyHandler<any>} */
  const objectTraps = {
    get(target, key) {
      const entry = placeOf(target);
      const node = nodeAt(entry);
      if (entry.parent === null && hasOwn(methods, key)) {
        return methods[/** @type {string} */ (key)];
      }
      if (typeof key === 'string' && hasOwn(node, key)) {
        return wrap(entry, key, node[key]);
      }
      return key === 'toJSON' ? () => nodeAt(entry) : Reflect.get(target, key);
    },
    set: (target, key, value) => assign(placeOf(target), key, value),
    has: (target, key) => hasOwn(nodeAt(placeOf(target)), key) || Reflect.has(target, key),
    ownKeys: (target) => keys(nodeAt(placeOf(target))),
    getOwnPropertyDescriptor(target, key) {
      const entry = placeOf(target);
      const node = nodeAt(entry);
      return typeof key === 'string' && hasOwn(node, key)
        ? { value: wrap(entry, key, node[key]), writable: true, enumerable: true, configurable: true } : undefined;
    },
    deleteProperty(target, key) {
      const entry = placeOf(target);
      if (typeof key === 'string' && hasOwn(nodeAt(entry), key)) {
        write(pathOf(entry).concat(key), DELETE);
      }
      return true;
    },
    defineProperty: () => false,
    preventExtensions: () => false,
    setPrototypeOf: () => false,
  };

  /** @type {ProxyHandler<any>} */
  const listTraps = Object.assign({}, objectTraps, {
    get(/** @type {any} */ target, /** @type {string | symbol} */ key) {
      const entry = placeOf(target);
      const node = nodeAt(entry);
      if (typeof key === 'string' && hasOwn(node, key)) {
        return wrap(entry, key === 'length' ? key : Number(key), node[key]);
      }
      if (typeof key === 'string' && hasOwn(changers, key)) {
        return changers[key];
      }
      return key === 'toJSON' ? () => nodeAt(entry) : Reflect.get(target, key);
    },
    ownKeys: (/** @type {any} */ target) => keys(nodeAt(placeOf(target))).concat('length'),
    getOwnPropertyDescriptor(/** @type {any} */ target, /** @type {string | symbol} */ key) {
      const entry = placeOf(target);
      const node = nodeAt(entry);
      if (key === 'length') {
        return { value: node.length, writable: true, enumerable: false, configurable: false };
      }
      return typeof key === 'string' && hasOwn(node, key)
        ? { value: wrap(entry, Number(key), node[key]), writable: true, enumerable: true, configurable: true } : undefined;
    },
    deleteProperty(/** @type {any} */ target, /** @type {string | symbol} */ key) {
      const entry = placeOf(target);
      if (typeof key === 'string' && key !== 'length' && hasOwn(nodeAt(entry), key)) {
        write(pathOf(entry).concat(Number(key)), SET, null); // JSON has no holes
      }
      return true;
    },
  });

  /** Array methods that change the array: each makes a single patch. @type {Record<string, Function>} */
  const changers = {
    push(/** @type {any[]} */ ...items) {
      splice(this, Infinity, 0, items);
      return this.length;
    },
    unshift(/** @type {any[]} */ ...items) {
      splice(this, 0, 0, items);
      return this.length;
    },
    pop() { return splice(this, -1, 1, [])[0]; },
    shift() { return splice(this, 0, 1, [])[0]; },
    splice(/** @type {any[]} */ ...args) {
      const [first, removed, ...items] = args;
      return args.length ? splice(this, first, args.length > 1 ? removed : Infinity, items) : [];
    },
  };
  for (const name of ['sort', 'reverse', 'fill', 'copyWithin']) {
    changers[name] = function change(/** @type {any[]} */ ...args) {
      const entry = /** @type {Entry} */ (entries.get(this));
      write(pathOf(entry), SET, /** @type {any} */ (nodeAt(entry).slice())[name](...args));
      return this;
    };
  }

  /** @param {any} list a proxy @param {any} first @param {any} removed @param {any[]} items @returns {any[]} what went */
  function splice(list, first, removed, items) {
    const entry = /** @type {Entry} */ (entries.get(list));
    const node = nodeAt(entry);
    const from = Math.trunc(Number(first)) || 0;
    const at = first === Infinity ? node.length : from < 0 ? Math.max(0, node.length + from) : Math.min(from, node.length);
    const gone = Math.max(0, Math.min(removed === Infinity ? node.length : Math.trunc(Number(removed)) || 0, node.length - at));
    if (!gone && !items.length) {
      return [];
    }
    return write(pathOf(entry), SPLICE, items, at, gone) ? node.slice(at, at + gone) : [];
  }

  return entryOf(null, '', shown()).proxy;
}
