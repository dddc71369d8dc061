/**
 * Calls of Python's commands that wait for their answers.
 *
 * @param {ReturnType<typeof auroraviewValues>} values
 * @param {(message: string) => void} post  sends a message of the wire, its closing bracket left out
 */
function auroraviewCalls(values, post) {
  'use strict';

  const DEFAULT_TIMEOUT_MS = 30000;
  const { AuroraError, nameOf, jsonOf } = values;
  const startTimer = window.setTimeout.bind(window);
  const stopTimer = window.clearTimeout.bind(window);
  const now = performance.now.bind(performance);
  const unload = { name: 'CancelledError', code: 'CANCELLED', message: 'the page is being unloaded' };
  const settings = { callTimeoutMs: DEFAULT_TIMEOUT_MS };
  let isConfigured = false; // by the page's first words, which come after this runtime

  /** @type {Map<string, {resolve: Function, reject: Function, method: string, timeout: number, deadline: number}>} */
  const waiting = new Map();
  let count = 0;
  let timer = 0; // one for all calls: a timer for each would cost more than the call
  let alarm = Infinity; // when it rings

  /**
   * @param {string} method
   * @param {unknown} [params] absent on the wire only where it is undefined
   * @param {{timeout?: number}} [options] timeout in milliseconds, 0 for none
   * @returns {Promise<any>}
   */
  function call(method, params, options) {
    configure({});
    return new Promise((resolve, reject) => {
      const id = 'c' + (count += 1);
      let json = '[1,"' + id + '",' + nameOf(method, 'command');
      if (params !== undefined) {
        json += ',' + jsonOf(params, 'call of', method);
      }
      const timeout = options && options.timeout !== undefined ? options.timeout : settings.callTimeoutMs;
      const deadline = timeout > 0 ? now() + timeout : Infinity;
      waiting.set(id, { resolve, reject, method, timeout, deadline });
      if (deadline < alarm) {
        setAlarm(deadline);
      }
      post(json);
    });
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
    timer = deadline < Infinity ? startTimer(expire, Math.max(0, deadline - now())) : 0;
  }

  function expire() {
    const moment = now();
    let next = Infinity;
    waiting.forEach(({ method, timeout, deadline }, id) => {
      if (deadline > moment) {
        next = Math.min(next, deadline);
        return;
      }
      settle(id, undefined, {
        name: 'TimeoutError', code: 'TIMEOUT', message: 'call of "' + method + '" got no answer within ' + timeout + ' ms',
      });
    });
    setAlarm(next);
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
    if (error) {
      found.reject(new AuroraError(error));
    } else {
      found.resolve(result);
    }
    return true;
  }

  return {
    call,
    invoke,
    settle,
    configure,
    cancelAll() { Array.from(waiting.keys()).forEach((id) => settle(id, undefined, unload)); },
  };
}
