/** Helpers of `auroraview.utils`: debounce, throttle, once. */
function auroraviewUtils() {
  'use strict';

  const startTimer = window.setTimeout.bind(window);
  const stopTimer = window.clearTimeout.bind(window);
  const { apply } = Reflect;

  /**
   * Call `fn` once the calls have stopped for so many milliseconds, as the last of them asked. `cancel()` forgets that
   * call, `flush()` makes it now.
   * @param {Function} fn @param {number} [wait]
   */
  function debounce(fn, wait) {
    let timer = 0;
    /** @type {{self: unknown, args: IArguments} | null} */
    let due = null;

    /** @this {unknown} */
    function debounced() {
      due = { self: this, args: arguments };
      stopTimer(timer);
      timer = startTimer(flush, wait || 0);
    }

    function flush() {
      const call = due;
      cancel();
      if (call) {
        apply(fn, call.self, call.args);
      }
    }

    function cancel() {
      stopTimer(timer);
      due = null;
    }

    return Object.assign(debounced, { cancel, flush });
  }

  /**
   * Call `fn` at once, and then at most once in so many milliseconds, the last time as the last call asked. `cancel()`
   * forgets what is still to come, and the next call is made at once.
   * @param {Function} fn @param {number} [wait]
   */
  function throttle(fn, wait) {
    let timer = 0; // runs while calls have to wait
    /** @type {{self: unknown, args: IArguments} | null} */
    let due = null;

    /** @this {unknown} */
    function throttled() {
      if (timer) {
        due = { self: this, args: arguments };
      } else {
        timer = startTimer(proceed, wait || 0);
        apply(fn, this, arguments);
      }
    }

    function proceed() {
      const call = due;
      due = null;
      timer = call ? startTimer(proceed, wait || 0) : 0;
      if (call) {
        apply(fn, call.self, call.args);
      }
    }

    function cancel() {
      stopTimer(timer);
      timer = 0;
      due = null;
    }

    return Object.assign(throttled, { cancel });
  }

  /**
   * Call `fn` the first time only; later calls give what that one gave.
   * @param {Function} fn
   */
  function once(fn) {
    let called = false;
    /** @type {unknown} */
    let result;

    /** @this {unknown} */
    return function onlyOnce() {
      if (!called) {
        called = true;
        result = apply(fn, this, arguments);
      }
      return result;
    };
  }

  return { debounce, throttle, once };
}
