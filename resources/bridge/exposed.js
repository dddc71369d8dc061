/**
 * Calls of Python into the page: functions that the page has exposed, and sources to evaluate.
 *
 * @param {RuntimeConfig} config
 * @param {ReturnType<typeof auroraviewValues>} values
 * @param {(message: string, isOwed?: boolean) => void} post  sends a message of the wire, its closing bracket left out
 * @param {(...data: unknown[]) => void} complain
 */
function auroraviewExposed(config, values, post, complain) {
  'use strict';

  const { AuroraError, nameOf, jsonOf, messageOf, textOf, propertyOf } = values;
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
      tellError(id, name, new AuroraError({
        name: 'UnknownCommandError', code: 'COMMAND_NOT_FOUND', message: 'the page exposes no function "' + name + '"',
        data: { exposed: Array.from(functions.keys()).slice(0, config.limits.namesInError) },
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
          report(id, name, fraction === undefined ? null : fraction, message);
        }
      },
    };
    try {
      const result = fn(context);
      if (result && typeof result.then === 'function') {
        result.then((/** @type {unknown} */ value) => answer(id, name, value), (/** @type {unknown} */ error) => fail(id, name, error));
      } else {
        answer(id, name, result);
      }
    } catch (error) {
      fail(id, name, error);
    }
  }

  /** @param {string} id @param {string} name @param {number | null} fraction @param {unknown} message */
  function report(id, name, fraction, message) {
    const text = message === undefined || message === null ? '' : textOf(message);
    if (fraction === null || (typeof fraction === 'number' && fraction >= 0 && fraction <= 1)) {
      try {
        post(auroraviewPageMessage.PROGRESS + '"' + id + '",' + stringify(fraction) + ',' + stringify(text));
      } catch (full) {
        return; // the next report tells more
      }
    } else {
      complain('auroraview: progress of "' + name + '": ' + textOf(fraction, 100) + ' is no number from 0 to 1, and not null');
    }
  }

  /** @param {string} id @param {string} name @param {unknown} value */
  function answer(id, name, value) {
    if (!running.has(id)) {
      return; // cancelled meanwhile
    }
    try {
      post(auroraviewPageMessage.RESULT + '"' + id + '",' + jsonOf(value, 'result of', name));
      running.delete(id);
    } catch (error) {
      fail(id, name, error);
    }
  }

  /** End a call with an error, unless it has ended. @param {string} id @param {string} name @param {unknown} error */
  function fail(id, name, error) {
    if (running.delete(id)) {
      tellError(id, name, error);
    }
  }

  /** @param {string} id @param {string} name @param {unknown} error anything can be thrown */
  function tellError(id, name, error) {
    const isObject = (typeof error === 'object' && error !== null) || typeof error === 'function';
    /** @param {string} key @param {string} otherwise */
    const text = (key, otherwise) => {
      const value = isObject ? propertyOf(error, key) : undefined;
      return typeof value === 'string' ? textOf(value) : otherwise;
    };
    let data = 'null';
    try {
      data = jsonOf(isObject ? /** @type {any} */ (error).data : null, 'data of the error of', name);
    } catch (unfit) {
      complain('auroraview: it is left out: ' + messageOf(unfit));
    }
    const head = auroraviewPageMessage.ERROR + '"' + id + '",{"name":' + stringify(text('name', 'Error')) + ',"message":' + stringify(messageOf(error)) +
      ',"code":' + stringify(text('code', '')) + ',"stack":' + stringify(text('stack', '')) + ',"data":';
    try {
      post(head + data + '}');
    } catch (full) {
      post(head + 'null}', true);
    }
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
    /** Run a source, or wait for it if it has not arrived. @param {string} id */
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
