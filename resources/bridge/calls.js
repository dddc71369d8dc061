/**
 * Calls of Python's commands that wait for their answers, and streams that wait for their parts.
 *
 * @param {RuntimeConfig} config
 * @param {ReturnType<typeof auroraviewValues>} values
 * @param {(message: string, isOwed?: boolean) => void} post  sends a message of the wire, its closing bracket left out
 * @param {(...data: unknown[]) => void} complain
 */
function auroraviewCalls(config, values, post, complain) {
  'use strict';

  const DEFAULT_TIMEOUT_MS = 30000;
  const MAX_TIMER_MS = 2 ** 31 - 1; // a longer timer would fire at once
  const WINDOW = 32; // parts of a stream that Python may send before the page has taken any
  const { AuroraError, nameOf, jsonOf, textOf } = values;
  const startTimer = window.setTimeout.bind(window);
  const stopTimer = window.clearTimeout.bind(window);
  const now = performance.now.bind(performance);
  const unload = { name: 'CancelledError', code: 'CANCELLED', message: 'the page is being unloaded' };
  const settings = { callTimeoutMs: DEFAULT_TIMEOUT_MS };
  let isConfigured = false; // by the page's first words, which come after this runtime

  /**
   * @typedef {object} Waiting
   * @property {(result: any) => void} resolve
   * @property {(error: any) => void} reject
   * @property {string} method
   * @property {number} timeout
   * @property {number} deadline
   * @property {CallOptions | undefined} options
   * @property {(() => void) | null} release  forgets the signal
   * @property {((part: unknown) => void) | null} take  takes a part
   */
  /** @typedef {{timeout?: number, signal?: AbortSignal, onProgress?: Function}} CallOptions */

  /** @type {Map<string, Waiting>} */
  const waiting = new Map();
  let count = 0;
  let timer = 0; // a single timer for all calls: a timer for each would cost more than the call
  let alarm = Infinity; // when it rings

  /**
   * @param {string} method
   * @param {unknown} [params] absent on the wire only where it is undefined
   * @param {CallOptions} [options] timeout in milliseconds, 0 for none
   * @returns {Promise<any>}
   */
  function call(method, params, options) {
    return new Promise((resolve, reject) => {
      if (!isConfigured) {
        configure({});
      }
      const id = 'c' + (count += 1);
      let json = auroraviewPageMessage.CALL + '"' + id + '",' + nameOf(method, 'command');
      if (params !== undefined) {
        json += ',' + jsonOf(params, 'call of', method);
      }
      const timeout = options && options.timeout !== undefined ? options.timeout : settings.callTimeoutMs;
      open(id, method, timeout, options, resolve, reject, null, json);
    });
  }

  /**
   * @param {string} id @param {string} method @param {number} timeout @param {CallOptions | undefined} options
   * @param {(result: any) => void} resolve @param {(error: any) => void} reject
   * @param {((part: unknown) => void) | null} take @param {string} json
   */
  function open(id, method, timeout, options, resolve, reject, take, json) {
    if (waiting.size >= config.limits.calls) {
      throw new AuroraError({
        name: 'TooManyCallsError', code: 'TOO_MANY_CALLS',
        message: 'call of "' + method + '": ' + waiting.size + ' calls of this page wait for their answers already',
      });
    }
    if (timeout !== null && (typeof timeout !== 'number' || timeout !== timeout)) {
      throw new TypeError('call of "' + method + '": its timeout has to be a number of milliseconds, not ' + textOf(timeout, 100));
    }
    const deadline = timeout > 0 ? now() + timeout : Infinity;
    /** @type {Waiting} */
    const entry = { resolve, reject, method, timeout, deadline, options, release: null, take };
    const signal = options && options.signal;
    if (signal) {
      const abort = () => cancel(id, {
        name: 'AbortError', code: 'CANCELLED', message: 'call of "' + method + '" was aborted', data: reasonOf(signal),
      });
      if (signal.aborted) {
        throw new AuroraError({
          name: 'AbortError', code: 'CANCELLED', message: 'call of "' + method + '" was aborted before it began', data: reasonOf(signal),
        });
      }
      signal.addEventListener('abort', abort);
      entry.release = () => signal.removeEventListener('abort', abort);
    }
    waiting.set(id, entry);
    if (deadline < alarm) {
      setAlarm(deadline);
    }
    try {
      post(json);
    } catch (error) {
      waiting.delete(id);
      if (entry.release) {
        release(entry.release);
      }
      throw error;
    }
  }

  /** @param {any} signal Chromium 98 and later give a reason */
  function reasonOf(signal) {
    try {
      return signal.reason instanceof Error ? undefined : signal.reason;
    } catch (error) {
      return undefined;
    }
  }

  /**
   * Call a command of a plugin, `plugin:<name>|<command>`; in our names that is `plugin:<name>/<command>`.
   * @param {unknown} cmd @param {object} [args] @param {{timeout?: number}} [options]
   * @returns {Promise<any>}
   */
  function invoke(cmd, args, options) {
    return call(/** @type {any} */ (typeof cmd === 'string' ? cmd.replace('|', '/') : cmd), args || {}, options);
  }

  /** @param {object} changes */
  function configure(changes) {
    const first = isConfigured ? undefined : /** @type {any} */ (window).__AURORAVIEW_CONFIG__;
    isConfigured = true;
    Object.assign(settings, first, changes);
  }

  /** @param {number} deadline */
  function setAlarm(deadline) {
    stopTimer(timer);
    alarm = deadline;
    timer = deadline < Infinity ? startTimer(expire, Math.min(MAX_TIMER_MS, Math.max(0, deadline - now()))) : 0;
  }

  function expire() {
    const moment = now();
    let next = Infinity;
    waiting.forEach(({ method, timeout, deadline }, id) => {
      if (deadline > moment) {
        next = Math.min(next, deadline);
        return;
      }
      cancel(id, {
        name: 'TimeoutError', code: 'TIMEOUT', message: 'call of "' + method + '" got no answer within ' + timeout + ' ms',
      });
    });
    setAlarm(next);
  }

  /** End a call here, and tell Python that the page no longer waits. @param {string} id @param {object} error */
  function cancel(id, error) {
    if (waiting.has(id)) {
      settle(id, undefined, error);
      post(auroraviewPageMessage.CANCEL + '"' + id + '"', true);
    }
  }

  /**
   * @param {string} id @param {unknown} result @param {object | null} error
   * @returns {boolean} false where the call is none of this module's
   */
  function settle(id, result, error) {
    const found = waiting.get(id);
    if (!found) {
      return /^c\d+$/.test(id) && Number(id.slice(1)) <= count; // timed out meanwhile
    }
    waiting.delete(id);
    if (found.release) {
      release(found.release);
    }
    if (error) {
      found.reject(new AuroraError(error));
    } else {
      found.resolve(result);
    }
    return true;
  }

  /** Forget a signal, which may be an imitation. @param {() => void} forget */
  function release(forget) {
    try {
      forget();
    } catch (error) {
      complain('auroraview: the signal of a call cannot be released:', error);
    }
  }

  /** @param {string} id @param {number | null} fraction @param {string} message */
  function progress(id, fraction, message) {
    const found = waiting.get(id);
    if (found && found.options) {
      try {
        if (typeof found.options.onProgress === 'function') {
          found.options.onProgress(fraction, message);
        }
      } catch (error) {
        complain('auroraview: onProgress of "' + found.method + '" failed:', error);
      }
    }
  }

  /**
   * Return the parts of a command: an asynchronous iterator that begins with its first next().
   * @param {string} method @param {unknown} [params] @param {CallOptions} [options]
   * @returns {AsyncIterableIterator<any>}
   */
  function stream(method, params, options) {
    const name = nameOf(method, 'command');
    const json = params === undefined ? '' : ',' + jsonOf(params, 'stream of', method);
    const id = 'c' + (count += 1);
    /** @type {unknown[]} */
    const parts = []; // that the consumer has not asked for yet
    /** @type {{resolve: Function, reject: Function}[]} */
    const asking = [];
    /** @type {{error: any, done: boolean} | null} */
    let end = null;
    let begun = false;
    let taken = 0; // since the last time Python was granted more

    function begin() {
      begun = true;
      try {
        open(id, method, (options && options.timeout) || 0, options, () => finish(null), finish, (part) => {
          parts.push(part);
          serve();
        }, auroraviewPageMessage.STREAM + '"' + id + '",' + name + ',' + WINDOW + json);
      } catch (error) {
        finish(error);
      }
    }

    /** @param {any} error */
    function finish(error) {
      end = end || { error, done: false };
      serve();
    }

    function serve() {
      while (asking.length && (parts.length || end)) {
        const { resolve, reject } = /** @type {{resolve: Function, reject: Function}} */ (asking.shift());
        if (parts.length) {
          resolve({ value: parts.shift(), done: false });
          taken += 1;
          if (taken >= WINDOW / 2 && !end) {
            post(auroraviewPageMessage.CREDIT + '"' + id + '",' + taken, true);
            taken = 0;
          }
        } else if (end && end.error && !end.done) {
          end.done = true; // an error is raised once, as by generators
          reject(end.error);
        } else {
          resolve({ value: undefined, done: true });
        }
      }
    }

    /** @param {any} error */
    function leave(error) {
      begun = true;
      parts.length = 0;
      end = end || { error: null, done: true };
      cancel(id, error);
      serve();
    }

    return {
      next() {
        if (!begun) {
          begin();
        }
        return new Promise((resolve, reject) => {
          asking.push({ resolve, reject });
          serve();
        });
      },
      return(value) {
        leave({ name: 'CancelledError', code: 'CANCELLED', message: 'stream of "' + method + '" was left' });
        return Promise.resolve({ value, done: true });
      },
      throw(error) {
        leave({ name: 'CancelledError', code: 'CANCELLED', message: 'stream of "' + method + '" was left' });
        return Promise.reject(error);
      },
      [Symbol.asyncIterator]() { return this; },
    };
  }

  return {
    call,
    stream,
    invoke,
    settle,
    progress,
    /** @param {string} id @param {unknown} value */
    part(id, value) {
      const found = waiting.get(id);
      if (found && found.take) {
        found.take(value);
      }
    },
    configure,
    cancelAll() { Array.from(waiting.keys()).forEach((id) => settle(id, undefined, unload)); },
  };
}
