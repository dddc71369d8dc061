/**
 * What Python may call in the page: functions the page has exposed, and sources it evaluates.
 *
 * @param {ReturnType<typeof auroraviewValues>} values
 * @param {(message: string) => void} post  sends a message of the wire, its closing bracket left out
 */
function auroraviewExposed(values, post) {
  'use strict';

  const { AuroraError, nameOf, jsonOf, messageOf } = values;
  const { stringify } = JSON;

  /** @type {Map<string, Function>} */
  const functions = new Map();
  /** @type {Map<string, AbortController>} */
  const running = new Map();
  /** @type {Map<string, (() => unknown) | null>} */
  const sources = new Map(); // handed over, or, as null, whose turn came before they were

  /**
   * Let Python call a function: `view.call(name, params)`.
   * @param {string} name @param {(params: any, context: {signal: AbortSignal, progress: Function}) => unknown} fn
   * @returns {() => void} takes it back
   */
  function expose(name, fn) {
    nameOf(name, 'function');
    if (typeof fn !== 'function') {
      throw new TypeError('auroraview.expose("' + name + '") needs a function, not a ' + typeof fn);
    }
    functions.set(name, fn);
    return () => {
      if (functions.get(name) === fn) {
        functions.delete(name);
      }
    };
  }

  /** @param {string} id @param {string} name @param {unknown} params */
  function run(id, name, params) {
    const fn = functions.get(name);
    if (!fn) {
      fail(id, new AuroraError({
        name: 'UnknownCommandError', code: 'COMMAND_NOT_FOUND', message: 'the page exposes no function "' + name + '"',
        data: { exposed: Array.from(functions.keys()) },
      }));
      return;
    }
    start(id, name, (context) => fn(params, context));
  }

  /** @param {string} id @param {string} name @param {(context: any) => any} fn */
  function start(id, name, fn) {
    const controller = new AbortController();
    running.set(id, controller);
    const context = {
      signal: controller.signal,
      /** @param {number | null} fraction from 0 to 1 @param {string} [message] */
      progress(fraction, message) {
        if (running.get(id) === controller) {
          post('[10,"' + id + '",' + stringify(fraction === undefined ? null : fraction) + ',' + stringify(String(message || '')));
        }
      },
    };
    try {
      const result = fn(context);
      if (result && typeof result.then === 'function') {
        result.then((/** @type {unknown} */ value) => answer(id, name, value), (/** @type {unknown} */ error) => fail(id, error));
      } else {
        answer(id, name, result);
      }
    } catch (error) {
      fail(id, error);
    }
  }

  /** @param {string} id @param {string} name @param {unknown} value */
  function answer(id, name, value) {
    if (!running.has(id)) {
      return; // cancelled meanwhile
    }
    try {
      post('[8,"' + id + '",' + jsonOf(value, 'result of', name));
      running.delete(id);
    } catch (error) {
      fail(id, error);
    }
  }

  /** @param {string} id @param {any} error anything can be thrown */
  function fail(id, error) {
    running.delete(id);
    const told = { name: 'Error', message: messageOf(error), code: '', stack: '', data: null };
    if (error instanceof Error || (error && typeof error === 'object')) {
      told.name = String(error.name || 'Error');
      told.code = typeof error.code === 'string' ? error.code : '';
      told.stack = typeof error.stack === 'string' ? error.stack : '';
    }
    let json;
    try {
      json = stringify(Object.assign(told, { data: error && error.data }));
      jsonOf(error && error.data, 'data of', told.name);
    } catch (unfit) {
      json = stringify(Object.assign(told, { data: null }));
    }
    post('[9,"' + id + '",' + json);
  }

  /** @param {string} id @param {() => unknown} fn what Python handed over @returns {1} tells that it could be parsed */
  function evaluate(id, fn) {
    if (sources.get(id) === null) {
      sources.delete(id);
      start(id, 'eval_js', fn);
    } else {
      sources.set(id, fn);
    }
    return 1;
  }

  return {
    expose,
    run,
    evaluate,
    /** The turn of a source has come. @param {string} id */
    runSource(id) {
      const fn = sources.get(id);
      if (fn) {
        sources.delete(id);
        start(id, 'eval_js', fn);
      } else {
        sources.set(id, null);
      }
    },
    /** Python does not wait any more. @param {string} id */
    cancel(id) {
      const controller = running.get(id);
      sources.delete(id);
      if (controller) {
        running.delete(id);
        controller.abort();
      }
    },
  };
}
