/**
 * Patches of the shared state, and their effect on values that are frozen and never changed in place. Unchanged parts keep
 * their identity. The rules are the same as in auroraview_qt/ipc/state/state_patches.py, so equal states stay equal.
 *
 * @typedef {[number, (string | number)[], any?, number?, any[]?]} Patch
 *     [0, path, value] sets, [1, path] deletes, [2, path, start, count, items] splices
 */
function auroraviewPatches() {
  'use strict';

  const SET = 0;
  const DELETE = 1;
  const SPLICE = 2;
  const { isArray } = Array;
  const { freeze, keys, getPrototypeOf, prototype } = Object;
  /** @type {(node: any, key: string | symbol | number) => boolean} */
  const hasOwn = Function.prototype.call.bind(Object.prototype.hasOwnProperty);

  /** Whether a value has parts; arrays of bytes and pictures are whole. @param {any} value */
  function hasParts(value) {
    return typeof value === 'object' && value !== null && (isArray(value) || getPrototypeOf(value) === prototype);
  }

  /** @param {any} value fresh out of JSON @returns {any} */
  function frozen(value) {
    if (hasParts(value)) {
      for (const key of keys(value)) {
        frozen(value[key]);
      }
      freeze(value);
    }
    return value;
  }

  /** @param {any} node @returns {any} */
  function copyOf(node) {
    return isArray(node) ? node.slice() : { ...node };
  }

  /** Set a property of one's own, of any name. @param {any} node @param {string | number} key @param {any} value */
  function put(node, key, value) {
    if (key === '__proto__') {
      Object.defineProperty(node, key, { value, writable: true, enumerable: true, configurable: true });
    } else {
      node[key] = value;
    }
  }

  /** @param {any} node @param {string | number} key */
  function has(node, key) {
    if (isArray(node)) {
      return typeof key === 'number' && key >= 0 && key < node.length;
    }
    return hasParts(node) && typeof key === 'string' && hasOwn(node, key);
  }

  /** Whether a container may get something new there. @param {any} node @param {string | number} key */
  function fits(node, key) {
    return isArray(node) ? key === node.length : hasParts(node) && typeof key === 'string';
  }

  /** @param {any} root @param {Patch} patch @returns {any} a new root, or the same one where the path leads nowhere */
  function apply(root, patch) {
    const [kind, path] = patch;
    const depth = kind === SPLICE ? path.length : path.length - 1;
    const nodes = [root];
    for (let i = 0; i < depth; i += 1) {
      if (!has(nodes[i], path[i])) {
        return root;
      }
      nodes.push(nodes[i][path[i]]);
    }
    let node = changed(nodes[depth], patch);
    if (node === nodes[depth]) {
      return root;
    }
    for (let i = depth - 1; i >= 0; i -= 1) {
      const copy = copyOf(nodes[i]);
      put(copy, path[i], node);
      node = freeze(copy);
    }
    return node;
  }

  /** @param {any} node where the patch takes effect @param {Patch} patch */
  function changed(node, [kind, path, value, removed, items]) {
    if (kind === SPLICE) {
      if (!isArray(node)) {
        return node;
      }
      return freeze(node.slice(0, value).concat(items, node.slice(value + /** @type {number} */ (removed))));
    }
    const key = path[path.length - 1];
    if (!has(node, key) && !(kind === SET && fits(node, key))) {
      return node;
    }
    const copy = copyOf(node);
    if (kind === SET) {
      put(copy, key, value);
    } else if (isArray(copy)) {
      copy.splice(/** @type {number} */ (key), 1);
    } else {
      delete copy[key];
    }
    return freeze(copy);
  }

  /** Give what is new with the identities of what is old, wherever they are equal. @param {any} old @param {any} next @returns {any} */
  function shared(old, next) {
    if (old === next || !hasParts(old) || !hasParts(next) || isArray(old) !== isArray(next)) {
      return next;
    }
    const names = keys(next);
    let same = names.length === keys(old).length;
    let copy = null;
    for (const name of names) {
      const value = hasOwn(old, name) ? shared(old[name], next[name]) : next[name];
      same = same && hasOwn(old, name) && value === old[name];
      if (value !== next[name]) {
        copy = copy || copyOf(next);
        put(copy, name, value);
      }
    }
    return same ? old : freeze(copy || next);
  }

  return { SET, DELETE, SPLICE, hasOwn, hasParts, frozen, has, apply, shared };
}
