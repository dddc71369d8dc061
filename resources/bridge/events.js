/**
 * Events in the page: the handlers of on(), and the plain DOM's listeners beside them.
 *
 * @param {(...data: unknown[]) => void} complain
 * @param {(event: string, detail: unknown) => void} sendEvent
 */
function auroraviewEvents(complain, sendEvent) {
  'use strict';

  const MAX_NAMES = 65536;
  const dispatchNative = window.dispatchEvent.bind(window);
  const listenNative = EventTarget.prototype.addEventListener;
  const { apply } = Reflect;

  /** @type {Map<string, {fn: Function, once: boolean, gone: boolean}[]>} */
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
      for (let i = 0; i < list.length; i += 1) {
        const entry = list[i];
        if (entry.gone) {
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
    }
    if (mayBeHeard(event)) {
      tellPage(event, detail);
    }
  }

  // ---------------------------------------------------------------------------------------------- the plain DOM

  /** @type {Map<string, boolean>} */
  const heard = new Map(); // names anybody has listened to on window; a DOM event for nobody costs more than all the rest

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

  EventTarget.prototype.addEventListener = function addEventListener(/** @type {string} */ type) {
    if (this === window || this === undefined || this === null) {
      heard.set(String(type), true);
    }
    return apply(listenNative, this, arguments);
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
    trigger,
    tellPage,
  };
}
