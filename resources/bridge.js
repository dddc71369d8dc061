/**
 * The page's half of the bridge: window.auroraview, window.ipc, and the interception of window.dispatchEvent.
 *
 * Injected at document creation into the top frame, before any script of the page. Plain ES2019 for Chromium 83. What the
 * page could patch later (JSON, queueMicrotask, the transport) is captured here first; the secret never leaves this closure
 * but in front of a message. The wire is described in auroraview_qt/ipc/wire.py.
 *
 * @typedef {object} RuntimeConfig
 * @property {string} secret          put before each message
 * @property {number} method          index of the slot on the channel's object
 * @property {string} channel         the object's name on the channel
 * @property {number} protocol        version of the wire
 * @property {string} version         version of the library
 * @property {string[]} trusted       URL prefixes the runtime starts on
 * @property {string[]} commands      what Python answers
 * @property {string} namePattern     of event and command names
 * @property {number} maxMessageChars of one message
 * @property {number} maxDepth        of arrays and objects in one message
 * @property {boolean} [answerPrompts] answer window.prompt here, where the binding cannot
 *
 * @param {RuntimeConfig} config
 */
function auroraviewRuntime(config) {
  'use strict';

  const FLUSH_CHARS = 256 * 1024;
  const DEFAULT_TIMEOUT_MS = 30000;
  const OURS = -1; // the id of our slot calls; a page's own QWebChannel counts up from 0

  const raw = /** @type {any} */ (window).qt && /** @type {any} */ (window).qt.webChannelTransport;
  if (window.top !== window || !raw || !isTrusted()) {
    return;
  }

  const { stringify, parse } = JSON;
  const send = raw.send.bind(raw);
  const microtask = window.queueMicrotask.bind(window);
  const startTimer = window.setTimeout.bind(window);
  const stopTimer = window.clearTimeout.bind(window);
  const complain = console.error.bind(console);
  const dispatchNative = window.dispatchEvent.bind(window);
  const nameRule = new RegExp('^' + config.namePattern + '$');
  const unload = { name: 'CancelledError', code: 'CANCELLED', message: 'the page is being unloaded' };

  const doc = Array.from(crypto.getRandomValues(new Uint8Array(12)), (b) => b.toString(16).padStart(2, '0')).join('');

  /**
   * The rule of TrustPolicy.trusts: only paths of local files are decoded, elsewhere %2F would move the end of the host.
   * @returns {boolean}
   */
  function isTrusted() {
    let href = window.location.href;
    if (href.startsWith('file:///')) {
      try {
        href = decodeURIComponent(href);
      } catch (error) {
        return false;
      }
      if (href.includes('/../') || href.includes('\\')) {
        return false;
      }
    }
    return config.trusted.some((prefix) => href.startsWith(prefix));
  }

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

  // ---------------------------------------------------------------------------------------------- to Python

  /** @type {string[]} */
  let pending = [];
  let pendingChars = 0;
  let flushing = false; // a microtask is on its way
  let running = false; // a batch from Python is being run
  let received = 0; // the last batch that was run
  let acknowledged = 0;

  /** @param {string} json one wire message */
  function post(json) {
    if (pendingChars + json.length > FLUSH_CHARS && !running) {
      flush();
    }
    pending.push(json);
    pendingChars += json.length;
    flushSoon();
  }

  function flushSoon() {
    if (!flushing) {
      flushing = true;
      microtask(flush);
    }
  }

  function flush() {
    flushing = false;
    if (!pending.length && acknowledged === received) {
      return;
    }
    const body = '{"doc":"' + doc + '","ack":' + received + ',"msgs":[' + pending.join(',') + ']}';
    pending = [];
    pendingChars = 0;
    acknowledged = received;
    send('{"type":6,"object":"' + config.channel + '","method":' + config.method + ',"id":' + OURS +
      ',"args":[' + stringify(config.secret + body) + ']}');
  }

  /**
   * JSON of a value, or an error that says why not. JSON itself would turn a DOM node into {} without a word.
   * @param {unknown} value
   * @param {string} owner
   * @returns {string}
   */
  function encode(value, owner) {
    let json;
    try {
      json = stringify(value === undefined ? null : value);
      if (json !== undefined && json.includes('{}')) {
        stringify(value, refuseNodes);
      }
    } catch (error) {
      throw new AuroraError({ name: 'SerializationError', code: 'SERIALIZATION', message: owner + ': JSON cannot hold this value: ' + messageOf(error) });
    }
    if (json === undefined) {
      throw new AuroraError({ name: 'SerializationError', code: 'SERIALIZATION', message: owner + ': JSON cannot hold a ' + typeof value });
    }
    if (json.length > config.maxMessageChars) {
      throw new AuroraError({ name: 'MessageTooLargeError', code: 'MESSAGE_TOO_LARGE', message: owner + ': ' + json.length + ' characters are over the cap of ' + config.maxMessageChars });
    }
    if (json.length > 2 * config.maxDepth && isDeeper(json, config.maxDepth)) {
      throw new AuroraError({ name: 'MessageTooLargeError', code: 'MESSAGE_TOO_LARGE', message: owner + ': nested deeper than ' + config.maxDepth + ' levels' });
    }
    return json;
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

  /** @param {string} key @param {unknown} value */
  function refuseNodes(key, value) {
    if (value instanceof Node || value === window) {
      throw new TypeError((key || 'the value') + ' is a DOM ' + Object.prototype.toString.call(value).slice(8, -1));
    }
    return value;
  }

  /** @param {unknown} name @param {string} what @returns {string} the name as JSON */
  function checked(name, what) {
    if (typeof name !== 'string' || !nameRule.test(name)) {
      throw new AuroraError({ name: 'InvalidNameError', code: 'INVALID_NAME', message: 'not a valid ' + what + ' name: ' + String(name) });
    }
    return stringify(name);
  }

  /** @param {unknown} error @returns {string} */
  function messageOf(error) {
    return error instanceof Error ? error.message : String(error);
  }

  /** @param {string} event @param {unknown} [detail] */
  function sendEvent(event, detail) {
    try {
      const name = checked(event, 'event');
      post('{"type":"event","event":' + name + ',"detail":' + encode(detail, 'event "' + event + '"') + '}');
    } catch (error) {
      complain('auroraview: ' + messageOf(error));
    }
  }

  // ---------------------------------------------------------------------------------------------- calls

  /** @type {Map<string, {resolve: Function, reject: Function, timer: number}>} */
  const calls = new Map();
  let callCount = 0;
  const settings = Object.assign({ callTimeoutMs: DEFAULT_TIMEOUT_MS }, /** @type {any} */ (window).__AURORAVIEW_CONFIG__);

  /**
   * @param {string} method
   * @param {unknown} [params] absent on the wire only where it is undefined
   * @param {{timeout?: number}} [options] timeout in milliseconds, 0 for none
   * @returns {Promise<any>}
   */
  function call(method, params, options) {
    return new Promise((resolve, reject) => {
      const id = 'c' + (callCount += 1);
      let json = '{"type":"call","id":"' + id + '","method":' + checked(method, 'command');
      if (params !== undefined) {
        json += ',"params":' + encode(params, 'call of "' + method + '"');
      }
      const timeout = options && options.timeout !== undefined ? options.timeout : settings.callTimeoutMs;
      const timer = timeout > 0 ? startTimer(() => settle(id, undefined, {
        name: 'TimeoutError', code: 'TIMEOUT', message: 'call of "' + method + '" got no answer within ' + timeout + ' ms',
      }), timeout) : 0;
      calls.set(id, { resolve, reject, timer });
      post(json + '}');
    });
  }

  /** @param {string} id @param {unknown} result @param {object | null} error */
  function settle(id, result, error) {
    const waiting = calls.get(id);
    if (!waiting) {
      return; // timed out meanwhile
    }
    calls.delete(id);
    stopTimer(waiting.timer);
    if (error) {
      waiting.reject(new AuroraError(error));
    } else {
      waiting.resolve(result);
    }
  }

  // ---------------------------------------------------------------------------------------------- from Python

  /** @type {Map<number, string>} */
  const held = new Map(); // batches that came before their turn

  /** @param {number} number @param {string} payload */
  function receive(number, payload) {
    if (number <= received || held.has(number)) {
      return;
    }
    held.set(number, payload);
    if (running) {
      return;
    }
    for (let next = held.get(received + 1); next !== undefined; next = held.get(received + 1)) {
      held.delete(received + 1);
      running = true;
      try {
        for (const [kind, name, value] of parse(next)) {
          take(kind, name, value);
        }
      } finally {
        running = false;
        received += 1;
      }
    }
    flushSoon(); // what the handlers sent travels with the acknowledgement
  }

  /** @param {number} kind @param {string} name @param {any} value */
  function take(kind, name, value) {
    if (kind === 0) {
      try {
        aurora.trigger(name, value);
      } catch (error) {
        complain('auroraview: trigger failed for "' + name + '":', error);
      }
    } else if (kind === 1) {
      settle(name, value, null);
    } else if (kind === 2) {
      settle(name, undefined, value);
    } else if (kind === 3) {
      bind(value);
      announceApi();
    }
  }

  /** @param {{data: string}} event what the channel says; our slot calls are answered by batches instead */
  function onMessage(event) {
    if (parse(event.data).id !== OURS && typeof foreign === 'function') {
      foreign.call(raw, event);
    }
  }

  /** @type {unknown} */
  let foreign = null; // a page's own QWebChannel on the same transport
  Object.defineProperty(raw, 'onmessage', {
    enumerable: true,
    get: () => onMessage,
    set: (fn) => { foreign = fn; },
  });
  Object.defineProperty(window, '__auroraview_' + doc + '__', { value: receive });

  // ---------------------------------------------------------------------------------------------- events

  /** @type {Map<string, {fn: Function, once: boolean}[]>} */
  const handlers = new Map();
  /** @type {WeakSet<Event>} */
  const fromPython = new WeakSet();

  /** @param {string} event @param {Function} fn @param {boolean} isOnce @returns {() => void} */
  function listen(event, fn, isOnce) {
    if (typeof fn !== 'function') {
      complain('auroraview: on("' + event + '") needs a function');
      return () => undefined;
    }
    const list = handlers.get(event) || [];
    if (!list.some((entry) => entry.fn === fn)) {
      handlers.set(event, list.concat({ fn, once: isOnce }));
    }
    return () => off(event, fn);
  }

  /** @param {string} event @param {Function} fn @returns {() => void} */
  function on(event, fn) {
    return listen(event, fn, false);
  }

  /** @param {string} event @param {Function} fn @returns {() => void} */
  function once(event, fn) {
    return listen(event, fn, true);
  }

  /** @param {string} event @param {Function} [fn] */
  function off(event, fn) {
    const left = fn ? (handlers.get(event) || []).filter((entry) => entry.fn !== fn) : [];
    if (left.length) {
      handlers.set(event, left);
    } else {
      handlers.delete(event);
    }
  }

  /** @param {string} event @param {unknown} detail */
  function trigger(event, detail) {
    for (const entry of handlers.get(event) || []) {
      if (!(handlers.get(event) || []).includes(entry)) {
        continue; // an earlier handler took it out
      }
      if (entry.once) {
        off(event, entry.fn);
      }
      try {
        entry.fn(detail);
      } catch (error) {
        complain('auroraview: a handler of "' + event + '" failed:', error);
      }
    }
    tellPage(event, detail);
  }

  /** @param {string} type @param {unknown} detail */
  function tellPage(type, detail) {
    const event = new CustomEvent(type, { detail });
    fromPython.add(event);
    dispatchNative(event);
  }

  window.dispatchEvent = function dispatchEvent(/** @type {Event} */ event) {
    if (event instanceof CustomEvent && !fromPython.has(event)) {
      sendEvent(event.type, event.detail);
    }
    return dispatchNative(event);
  };

  // ---------------------------------------------------------------------------------------------- the public object

  /** @type {() => void} */
  let resolveReady = () => undefined;
  /** @type {Promise<any>} */
  const readyPromise = new Promise((resolve) => { resolveReady = () => resolve(aurora); });

  /** @type {any} */
  const aurora = {
    version: config.version,
    call,
    send_event: sendEvent,
    emit: sendEvent,
    on,
    once,
    off,
    trigger,
    api: {},
    _boundMethods: {},
    isMethodBound: (/** @type {string} */ name) => aurora._boundMethods[name] === true,
    getBoundMethods: () => Object.keys(aurora._boundMethods),
    _ready: false,
    isReady: () => aurora._ready,
    whenReady: () => readyPromise,
    setConfig: (/** @type {object} */ changes) => { Object.assign(settings, changes); },
  };
  const builtIn = new Set(Object.keys(aurora).filter((key) => key !== 'api'));

  /** @param {string[]} names */
  function bind(names) {
    for (const name of names) {
      if (aurora._boundMethods[name]) {
        continue;
      }
      aurora._boundMethods[name] = true;
      const path = name.split('.');
      const method = /** @type {string} */ (path.pop());
      let home = path.length ? aurora : aurora.api;
      if (path.length && builtIn.has(path[0]) || path.concat(method).includes('__proto__')) {
        continue; // reachable through call(); the runtime's own keys stay
      }
      for (const part of path) {
        home = Object.prototype.hasOwnProperty.call(home, part) ? home[part] : (home[part] = {});
      }
      home[method] = (/** @type {unknown[]} */ ...args) => call(name, args.length > 1 ? args : args[0]);
    }
  }

  function announceApi() {
    tellPage('auroraview-api-ready', { methods: aurora.getBoundMethods() });
  }

  bind(config.commands);

  Object.defineProperty(window, 'auroraview', { value: aurora, writable: false, configurable: false, enumerable: true });
  Object.defineProperty(window, 'ipc', {
    value: {
      postMessage: (/** @type {unknown} */ text) => {
        if (typeof text !== 'string') {
          throw new TypeError('ipc.postMessage takes a string of JSON, not a ' + typeof text);
        }
        if (text.length > config.maxMessageChars) {
          complain('auroraview: ipc.postMessage: ' + text.length + ' characters are over the cap of ' + config.maxMessageChars);
          return;
        }
        post(stringify(text));
      },
    },
    enumerable: true,
  });

  if (config.answerPrompts) {
    window.prompt = (message) => {
      console.warn('prompt() is answered with null: ' + message);
      return null;
    };
  }

  // ---------------------------------------------------------------------------------------------- the page's life

  function becomeReady() {
    const detail = { timestamp: Date.now(), url: window.location.href };
    aurora._ready = true;
    announceApi();
    tellPage('auroraviewready', detail);
    resolveReady();
    post('{"type":"ready","timestamp":' + detail.timestamp + ',"url":' + stringify(detail.url) + '}');
  }

  window.addEventListener('DOMContentLoaded', becomeReady, { once: true });
  window.addEventListener('pagehide', () => {
    flush();
    Array.from(calls.keys()).forEach((id) => settle(id, undefined, unload));
  });

  post('{"type":"hello","protocol":' + config.protocol + ',"url":' + stringify(window.location.href) +
    ',"commands":' + stringify(config.commands) + '}');
  flush();
}
