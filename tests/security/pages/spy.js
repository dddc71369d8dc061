// Patches each function and getter there is, and keeps what passes through: texts, and nodes outside the document, one of
// which the relay can be spoken to through.
(() => {
  const { apply, ownKeys, getOwnPropertyDescriptor, defineProperty, construct } = Reflect;
  const { isPrototypeOf } = Object.prototype;
  const { toString } = Function.prototype;
  const NodePrototype = Node.prototype;
  const isConnected = getOwnPropertyDescriptor(NodePrototype, 'isConnected').get;
  const texts = Object.create(null);
  const steal = { count: 0, nodes: 0, on: false };
  window.steal = steal;
  const MAX_CHARS = 3e6;
  let busy = false;
  let chars = 0;

  function note(value, depth) {
    if (typeof value === 'string') {
      if (value.length > 11 && !(value in texts) && chars < MAX_CHARS) {
        texts[value.slice(0, 3000)] = 1;
        chars += value.length;
      }
    } else if (value !== null && (typeof value === 'object' || typeof value === 'function')) {
      if (apply(isPrototypeOf, NodePrototype, [value]) && !apply(isConnected, value, []) && value.id) {
        steal.nodes += 1;
      }
      const keys = depth < 2 ? ownKeys(value) : [];
      for (let n = 0; n < keys.length && n < 40; n += 1) {
        const found = getOwnPropertyDescriptor(value, keys[n]);
        if (found && 'value' in found) {
          note(found.value, depth + 1);
        }
      }
    }
  }

  function record(self, args, result) {
    if (busy || !steal.on) {
      return;
    }
    busy = true;
    steal.count += 1;
    try {
      note(self, 0);
      for (let n = 0; n < args.length; n += 1) {
        note(args[n], 0);
      }
      note(result, 0);
      note(new Error().stack, 0);
    } catch (error) {
      steal.failed = String(error);
    }
    busy = false;
  }

  function wrap(native) {
    return function patched(...args) {
      let result;
      try {
        const target = new.target === patched ? native : new.target;
        result = target ? construct(native, args, target) : apply(native, this, args);
      } finally {
        record(this, args, result);
      }
      return result;
    };
  }

  const LEAVE = new Set(['constructor', 'Object', 'Array', 'Function', 'Symbol', 'Proxy', 'charCodeAt']);

  function patch(home, name) {
    const found = getOwnPropertyDescriptor(home, name);
    if (!found || !found.configurable || LEAVE.has(name)) {
      return;
    }
    const next = Object.assign({}, found);
    for (const key of ['value', 'get', 'set']) {
      if (typeof found[key] === 'function' && !/^class\b/.test(toString.call(found[key]))) {
        next[key] = wrap(found[key]);
        if (found[key].prototype) {
          next[key].prototype = found[key].prototype;
        }
      }
    }
    try {
      defineProperty(home, name, next);
    } catch (error) { /* it stays as it is */ }
  }

  const arrayIterator = Object.getPrototypeOf([][Symbol.iterator]());
  const homes = [
    JSON, Reflect, Math, console, crypto, performance,
    arrayIterator, Object.getPrototypeOf(arrayIterator), Object.getPrototypeOf(new Map()[Symbol.iterator]()),
  ];
  for (const kind of [
    Function, Array, String, Number, RegExp, Map, Set, WeakMap, WeakSet, Promise, Error, Date, Object, Symbol, Uint8Array,
    Object.getPrototypeOf(Uint8Array), EventTarget, Event, CustomEvent, MouseEvent, MessageEvent, UIEvent, Node, Element,
    HTMLElement, Document, DocumentFragment, ShadowRoot, AbortController, AbortSignal, MutationObserver, Blob, CSSStyleSheet,
  ]) {
    homes.push(kind, kind.prototype);
  }
  for (const home of homes) {
    for (const name of ownKeys(home)) {
      patch(home, name);
    }
  }
  for (const name of [
    'queueMicrotask', 'setTimeout', 'clearTimeout', 'dispatchEvent', 'addEventListener', 'postMessage', 'atob', 'btoa',
    'CustomEvent', 'Event', 'MouseEvent', 'EventTarget', 'AbortController',
  ]) {
    patch(window, name);
  }

  // What is read of, or written to, an object that has no such key of its own.
  function trap(home, key) {
    if (key in home) {
      return;
    }
    defineProperty(home, key, {
      configurable: true,
      get() {
        record(this, [], key);
        return undefined;
      },
      set(value) {
        record(this, [value], key);
        defineProperty(this, key, { value, writable: true, configurable: true, enumerable: true });
      },
    });
  }
  for (const key of [
    'toJSON', 'detail', 'bubbles', 'composed', 'cancelable', 'relatedTarget', 'then', 'key', 'page', 'tell', 'handleEvent',
    'once', 'passive', 'capture', 'signal', 'mode', 'secret', 'document', 'deliver',
  ]) {
    trap(Object.prototype, key);
  }
  for (const index of ['0', '1', '2', '3']) {
    trap(Array.prototype, index);
  }

  Error.prepareStackTrace = (error, sites) => {
    for (let n = 0; n < sites.length; n += 1) {
      const self = sites[n].getThis();
      note(sites[n].getFunction(), 0);
      note(self === window ? null : self, 0);
    }
    return String(error);
  };

  // For handlers: what the event that is being dispatched tells of its target.
  steal.event = () => {
    if (window.event && window.event.target && window.event.target.id) {
      steal.nodes += 1;
    }
  };
  steal.texts = () => Object.keys(texts);
  steal.on = true;
})();
