/** Helpers of `auroraview.utils`: debounce, throttle, once. */
function auroraviewUtils() {
  'use strict';

  const startTimer = window.setTimeout.bind(window);
  const stopTimer = window.clearTimeout.bind(window);
  const { apply } = Reflect;

  /**
   * The common part of both helpers: a function, and its pending call.
   * @param {Function} fn
   */
  function latest(fn) {
    /** @type {{self: unknown, args: IArguments} | null} */
    let due = null;
    return {
      /** @type {any} what `fn` returned last */
      result: undefined,
      isDue: () => due !== null,
      /** @param {unknown} self @param {IArguments} args */
      ask(self, args) { due = { self, args }; },
      forget() { due = null; },
      run() {
        const call = due;
        due = null;
        if (call) {
          this.result = apply(fn, call.self, call.args);
        }
      },
    };
  }

  /** @param {ReturnType<typeof latest>} call @param {boolean} isMade */
  function makeOrForget(call, isMade) {
    if (isMade) {
      call.run();
    } else {
      call.forget();
    }
  }

  /**
   * Call `fn` with the last arguments once the calls have stopped for `wait` milliseconds. `leading` also calls it at the first
   * call, `maxWait` at least that often. Each call returns the last result of `fn`. `cancel()` forgets the pending call,
   * `flush()` makes it now, `pending()` returns whether there is one.
   * @param {Function} fn @param {number} [wait] @param {{leading?: boolean, trailing?: boolean, maxWait?: number}} [options]
   */
  function debounce(fn, wait, options) {
    const { leading = false, trailing = true, maxWait = 0 } = options || {};
    const call = latest(fn);
    let quiet = 0; // runs until the calls have stopped
    let limit = 0; // runs until `maxWait` is over

    /** @this {unknown} */
    function debounced() {
      const isFirst = !quiet;
      call.ask(this, arguments);
      stopTimer(quiet);
      quiet = startTimer(flush, wait || 0);
      if (maxWait && !limit) {
        limit = startTimer(onLimit, Math.max(maxWait, wait || 0));
      }
      if (isFirst && leading) {
        call.run();
      }
      return call.result;
    }

    function onLimit() {
      limit = 0;
      call.run();
    }

    function stop() {
      stopTimer(quiet);
      stopTimer(limit);
      quiet = limit = 0;
    }

    function flush() {
      if (quiet) {
        stop();
        makeOrForget(call, trailing);
      }
      return call.result;
    }

    function cancel() {
      stop();
      call.forget();
    }

    return Object.assign(debounced, { cancel, flush, pending: () => quiet !== 0 });
  }

  /**
   * Call `fn` at once, and then at most once in `wait` milliseconds, at the end with the last arguments. `leading` and
   * `trailing` switch off the first and the last call. Each call returns the last result of `fn`. `cancel()` forgets the
   * pending call, and the next call is made at once; `flush()` makes the pending call now.
   * @param {Function} fn @param {number} [wait] @param {{leading?: boolean, trailing?: boolean}} [options]
   */
  function throttle(fn, wait, options) {
    const { leading = true, trailing = true } = options || {};
    const call = latest(fn);
    let timer = 0; // runs while calls have to wait
    let isResting = false; // after the last call, when none is to come

    /** @this {unknown} */
    function throttled() {
      call.ask(this, arguments);
      if (!timer) {
        timer = startTimer(proceed, wait || 0);
        if (leading) {
          call.run();
        }
      }
      isResting = false;
      return call.result;
    }

    function proceed() {
      isResting = trailing && call.isDue();
      timer = isResting ? startTimer(proceed, wait || 0) : 0;
      makeOrForget(call, isResting);
    }

    function flush() {
      if (timer) {
        stopTimer(timer);
        proceed();
      }
      return call.result;
    }

    function cancel() {
      stopTimer(timer);
      timer = 0;
      isResting = false;
      call.forget();
    }

    return Object.assign(throttled, { cancel, flush, pending: () => timer !== 0 && !isResting });
  }

  /**
   * Call `fn` the first time only; later calls return the first result.
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
