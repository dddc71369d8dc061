/**
 * Events in the page: the handlers of on(), the plain DOM's listeners beside them, and the names with a listener. Python
 * gets these names, because it keeps an event until its name has a listener.
 *
 * @param {RuntimeConfig} config
 * @param {(...data: unknown[]) => void} complain
 * @param {(event: string, detail: unknown) => void} sendEvent
 */
function auroraviewEvents(config, complain, sendEvent) {
  'use strict';

  const EVERY = '*';
  const MAX_NAMES = 65536;
  const nameRule = new RegExp('^' + config.eventPattern + '$', 'u'); // of events of Python; a type of a DOM event may be anything
  const WRAPPER_PAUSE_MS = 1000; // after loading, for the listeners of a wrapper of trigger()
  const startTimer = window.setTimeout.bind(window);
  const dispatchNative = window.dispatchEvent.bind(window);
  const listenNative = EventTarget.prototype.addEventListener;
  const { apply } = Reflect;
  const { keys, defineProperty, getOwnPropertyDescriptor } = Object;

  /** @typedef {{fn: Function, once: boolean, gone: boolean}} Entry */

  /** @type {Map<string, Entry[]>} */
  const handlers = new Map();
  const FROM_PYTHON = Symbol('from Python'); // marks the events that are not to be sent back

  /** @param {string} event @param {Function} fn @param {boolean} once @returns {() => void} */
  function listen(event, fn, once) {
    if (typeof fn !== 'function') {
      complain('auroraview: on("' + event + '") needs a function');
      return () => undefined;
    }
    const list = handlers.get(event) || [];
    if (!list.some((entry) => entry.fn === fn)) {
      handlers.set(event, list.concat({ fn, once, gone: false }));
      listenTo(event);
    }
    return () => off(event, fn);
  }

  /** @param {string} event @param {Function} [fn] */
  function off(event, fn) {
    const left = [];
    for (const entry of handlers.get(event) || []) {
      if (fn && entry.fn !== fn) {
        left.push(entry);
      } else {
        entry.gone = true;
      }
    }
    if (left.length) {
      handlers.set(event, left);
    } else {
      handlers.delete(event);
    }
  }

  /** @param {string} event @param {unknown} detail */
  function trigger(event, detail) {
    const list = handlers.get(event);
    if (list !== undefined) {
      run(list, event, detail, false);
    }
    const every = handlers.get(EVERY);
    if (every !== undefined && event !== EVERY && !String(event).startsWith('__auroraview')) {
      run(every, event, detail, true);
    }
    if (mayBeHeard(event)) {
      tellPage(event, detail);
    }
  }

  /** @param {Entry[]} list @param {string} event @param {unknown} detail @param {boolean} withName */
  function run(list, event, detail, withName) {
    for (let i = 0; i < list.length; i += 1) {
      const entry = list[i];
      if (entry.gone) {
        continue; // an earlier handler took it out
      }
      if (entry.once) {
        off(withName ? EVERY : event, entry.fn);
      }
      try {
        if (withName) {
          entry.fn(event, detail);
        } else {
          entry.fn(detail);
        }
      } catch (error) {
        complain('auroraview: a handler of "' + event + '" failed:', error);
      }
    }
  }

  // ---------------------------------------------------------------------------------------------- what Python is told

  /** @type {Set<string>} */
  const told = new Set();
  /** @type {((name: string) => void) | null} */
  let tellPython = null; // once the page has said hello
  let isLoaded = false;
  let isWrapped = false;

  /** A name has a listener: Python may send its events. @param {string} name or '*' for all */
  function listenTo(name) {
    if (typeof name !== 'string' || (name !== EVERY && !nameRule.test(name)) || told.has(name) || told.has(EVERY)) {
      return;
    }
    const added = told.size < config.limits.listened ? name : EVERY;
    told.add(added);
    if (tellPython) {
      tellPython(added);
    }
  }

  /**
   * A wrapper that replaces trigger() keeps its own listeners, and their names are unknown here. So it gets all events, some
   * time after the page has loaded, since its listeners come later than the wrapper.
   */
  function listenToAllLater() {
    if (!isWrapped) {
      isWrapped = true;
      if (isLoaded) {
        startTimer(() => listenTo(EVERY), WRAPPER_PAUSE_MS);
      }
    }
  }

  /** @param {any} aurora */
  function lookForWrapper(aurora) {
    if (aurora.trigger !== trigger) {
      listenToAllLater(); // it was put there without an assignment
    }
  }

  /** Listen to events with a handler property such as window.onresize, because setting it calls no function here. */
  function listenToProperties() {
    for (const key of keys(window)) {
      if (key.startsWith('on') && typeof /** @type {any} */ (window)[key] === 'function') {
        const property = getOwnPropertyDescriptor(window, key);
        if (property && property.get) { // a global function of the page has none
          listenTo(key.slice(2));
        }
      }
    }
  }

  /** Notices the first assignment, and lets it make a plain property; read as one until then. */
  const home = defineProperty({}, 'trigger', {
    configurable: true,
    enumerable: true,
    get: () => trigger,
    set(fn) {
      if (fn !== trigger) {
        defineProperty(this, 'trigger', { value: fn, configurable: true, enumerable: true, writable: true });
        listenToAllLater();
      }
    },
  });

  // ---------------------------------------------------------------------------------------------- the plain DOM

  /** @type {Map<string, boolean>} */
  const heard = new Map(); // names with a listener on window; a DOM event without a listener costs more than everything else

  /** @param {string} type */
  function mayBeHeard(type) {
    const known = heard.get(type);
    if (known !== undefined) {
      return known;
    }
    if (heard.size >= MAX_NAMES) {
      heard.forEach((isHeard, name) => isHeard || heard.delete(name));
    }
    const hasProperty = 'on' + type in window; // window.onresize and its kind
    heard.set(type, hasProperty);
    return hasProperty;
  }

  EventTarget.prototype.addEventListener = function addEventListener(/** @type {string} */ type, /** @type {unknown} */ listener) {
    apply(listenNative, this, arguments);
    if (listener && (this === window || this === undefined || this === null)) {
      heard.set(String(type), true);
      listenTo(String(type));
    }
  };

  /** @param {string} type @param {unknown} detail */
  function tellPage(type, detail) {
    const event = /** @type {any} */ (new CustomEvent(type, { detail }));
    event[FROM_PYTHON] = true;
    dispatchNative(event);
  }

  window.dispatchEvent = function dispatchEvent(/** @type {any} */ event) {
    if (event instanceof CustomEvent && !(FROM_PYTHON in event)) {
      try {
        sendEvent(event.type, event.detail);
      } catch (error) { // a subclass may have a detail of its own
        complain('auroraview: an event could not be read:', error);
      }
    }
    return dispatchNative(event);
  };

  return {
    /** @param {string} event @param {Function} fn @returns {() => void} */
    on: (event, fn) => listen(event, fn, false),
    /** @param {string} event @param {Function} fn @returns {() => void} */
    once: (event, fn) => listen(event, fn, true),
    off,
    tellPage,
    /** What `auroraview` inherits from: trigger(). */
    home,
    /** Report each name from now on. @param {(name: string) => void} tell @returns {string[]} the names until now */
    start(tell) {
      tellPython = tell;
      return Array.from(told);
    },
    /** The page's own scripts have run. @param {any} aurora */
    parsed(aurora) {
      listenToProperties();
      lookForWrapper(aurora);
    },
    /** @param {any} aurora */
    loaded(aurora) {
      listenToProperties();
      lookForWrapper(aurora);
      isLoaded = true;
      if (isWrapped) {
        startTimer(() => listenTo(EVERY), WRAPPER_PAUSE_MS);
      }
    },
  };
}
