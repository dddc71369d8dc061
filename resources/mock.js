/**
 * A stand-in for Python: the page's own runtime runs on a transport in memory, in Vitest, Storybook or a plain browser.
 *
 * `auroraview-qt mock` writes it with the runtime into a single module, which exports installMock(). Values pass through the
 * same JSON, checks and limits as in a panel. auroraview-mock.d.ts describes the functions.
 *
 * @typedef {import('./mock').MockCall & {[key: string]: any}} Call
 *
 * @param {RuntimeConfig} config
 * @param {any} options
 * @returns {any}
 */
function auroraviewMock(config, options) {
  'use strict';

  const { EVENT, RESULT, ERROR, BIND, STATE, PROGRESS, PART, CALL, CANCEL } = auroraviewHostMessage;
  const { PULL, MORE } = auroraviewFlow;
  const DOCUMENT = 'mockmockmock';
  const DEFAULT_TIMEOUT_MS = 1000;
  const { stringify, parse } = JSON;
  const { isArray } = Array;
  const exact = auroraviewExact(Object.assign({}, config.limits, { depth: 2 * config.limits.depth, values: Infinity }));
  const later = Promise.resolve();
  const startTimer = window.setTimeout.bind(window); // not a fake clock's, if that comes later
  const stopTimer = window.clearTimeout.bind(window);

  /** @type {Map<string, Function>} */
  const commands = new Map();
  /** @type {Map<string, Set<Function>>} */
  const listeners = new Map();
  /** @type {Call[]} */
  let calls = [];
  /** @type {{name: string, data: any}[]} */
  let events = [];
  /** @type {Map<string, Call>} */
  const open = new Map(); // by the page's id
  /** @type {Map<string, {resolve: Function, reject: Function}>} */
  const asked = new Map(); // by our own
  /** @type {Set<() => void>} */
  const waiters = new Set();
  /** @type {Map<string, (text: string) => void>} */
  const heard = new Map();
  /** @type {any[]} */
  let outgoing = [];
  /** @type {any} */
  let replaying = null;
  let replayed = 0;
  let number = 0;
  let count = 0;
  let isSending = false;

  // ---------------------------------------------------------------------------------------------- the transport

  /** @type {Link} */
  const link = {
    page: DOCUMENT,
    key: DOCUMENT,
    on: (type, fn) => { heard.set(type, fn); },
    tell(type, text) {
      if (type === 'say' || type === 'give') {
        later.then(() => receive(text || ''));
      }
    },
  };

  /** @param {string} type @param {string} text */
  function tell(type, text) {
    /** @type {(text: string) => void} */ (heard.get(type))(text);
  }

  /** @param {string} envelope without its document */
  function receive(envelope) {
    const [, flow, messages] = exact.read('[' + envelope.slice(0, -1) + ']');
    if (flow === PULL || flow === MORE) {
      tell('pull', '');
    }
    messages.forEach(handle);
    waiters.forEach((look) => look());
    if (applied > reported) {
      send();
    }
  }

  /** Send messages to the page, after everything that waits. @param {...any[]} messages */
  function send(...messages) {
    outgoing.push(...messages);
    if (isSending) {
      return;
    }
    isSending = true;
    later.then(() => {
      isSending = false;
      const batch = outgoing;
      outgoing = [];
      if (log.length || applied > reported) {
        batch.unshift([STATE, '', [0, applied, log]]);
        log = [];
        reported = applied;
      }
      if (batch.length) {
        number += 1;
        tell('batch', number + ':[' + batch.map((message) => exact.write(message, 'message')).join() + ']');
      }
    });
  }

  // ---------------------------------------------------------------------------------------------- messages of the page

  /** @param {any[]} message */
  function handle([kind, ...items]) {
    const [first, second] = items;
    switch (kind) {
      case 0: items.slice(1).forEach((detail) => onEvent(first, detail)); break;
      case 1: begin(first, second, items.slice(2), 0); break;
      case 3: onText(parse(first)); break;
      case 4: onWrite(first, items.slice(1)); break;
      case 5: cancel(first); break;
      case 6: begin(first, second, items.slice(3), items[2]); break;
      case 7: grant(first, second); break;
      case 8: end(first, 'resolve', second); break;
      case 9: end(first, 'reject', Object.assign(new Error(second.message), second)); break;
      default: if (kind === 2 && !['hello', 'listen', 'ready'].includes(first.type)) { onText(first); }
    }
  }

  /** A message that the page made itself. @param {any} message */
  function onText(message) {
    if (message.type === 'event') {
      onEvent(message.event, message.detail);
    } else if (message.type === 'call') {
      begin(message.id, message.method, 'params' in message ? [message.params] : [], 0);
    }
  }

  /** @param {string} name @param {any} data */
  function onEvent(name, data) {
    events.push({ name, data });
    (listeners.get(name) || new Set()).forEach((fn) => fn(data === null ? {} : data));
  }

  /** @param {string} id @param {string} name @param {any[]} given nothing or the params @param {number} credit of a stream */
  function begin(id, name, given, credit) {
    const controller = new AbortController();
    /** @type {Call} */
    const call = { name, params: given[0], state: 'open', result: undefined, error: undefined, progress: [], parts: [] };
    Object.defineProperty(call, 'control', { value: { id, controller, credit, grow: () => undefined } });
    calls.push(call);
    open.set(id, call);
    const fn = commands.get(name);
    if (!fn) {
      const known = Array.from(commands.keys()).join(', ') || 'none';
      finish(call, 'failed', { name: 'UnknownCommandError', code: 'COMMAND_NOT_FOUND',
        message: 'the mock has no command "' + name + '"; it has ' + known });
      return;
    }
    const context = {
      signal: controller.signal,
      /** @param {number | null} fraction @param {string} [text] */
      progress(fraction, text) {
        if (call.state === 'open') {
          call.progress.push([fraction, text || '']);
          send([PROGRESS, id, [fraction, text || '']]);
        }
      },
    };
    later.then(() => fn(given[0], context)).then(async (result) => {
      if (result && (result[Symbol.asyncIterator] || (result[Symbol.iterator] && typeof result.next === 'function'))) {
        await sendParts(call, result);
        finish(call, 'ok', null);
      } else {
        finish(call, 'ok', result === undefined ? null : result);
      }
    }).catch((error) => finish(call, 'failed', errorOf(error)));
  }

  /** @param {any} error @returns {object} */
  function errorOf(error) {
    const { name = 'Error', code = 'CALL_FAILED', message = String(error), data = null } = Object(error);
    return { name, code, message, data };
  }

  /** @param {Call} call @param {any} source */
  async function sendParts(call, source) {
    for await (const part of source) {
      while (call.control.credit <= 0 && call.state === 'open') {
        await new Promise((resolve) => { call.control.grow = () => resolve(0); });
      }
      if (call.state !== 'open') {
        return;
      }
      call.control.credit -= 1;
      call.parts.push(part);
      send([PART, call.control.id, part]);
    }
  }

  /** @param {string} id @param {number} credit */
  function grant(id, credit) {
    const call = open.get(id);
    if (call) {
      call.control.credit += credit;
      call.control.grow();
    }
  }

  /** @param {Call} call @param {'ok' | 'failed'} state @param {any} value */
  function finish(call, state, value) {
    if (call.state !== 'open') {
      return; // the page does not wait any more
    }
    try {
      exact.write(value, 'result');
    } catch (error) {
      finish(call, 'failed', errorOf(error));
      return;
    }
    call.state = state;
    call[state === 'ok' ? 'result' : 'error'] = value;
    open.delete(call.control.id);
    send([state === 'ok' ? RESULT : ERROR, call.control.id, value]);
    if (replaying && replaying.commands[call.name]) {
      replayed += 1;
      replaying.after(replayed, mock);
    }
    waiters.forEach((look) => look());
  }

  /** @param {string} id */
  function cancel(id) {
    const call = open.get(id);
    if (call) {
      open.delete(id);
      call.state = 'cancelled';
      call.control.controller.abort();
      call.control.grow();
    }
  }

  /** End a call of the page's function. @param {string} id @param {'resolve' | 'reject'} how @param {any} value */
  function end(id, how, value) {
    const found = asked.get(id);
    if (found) {
      asked.delete(id);
      found[how](value);
    }
  }

  // ---------------------------------------------------------------------------------------------- state

  /** @param {any} value @returns {any} as it comes out of a message */
  const copyOf = (value) => exact.read(exact.write(value, 'value'));

  const patching = auroraviewPatches();
  /** @type {any[]} */
  let log = []; // patches for the page, and numbers of its own writes
  let root = patching.frozen(copyOf(options.state || {}));
  let applied = 0;
  let reported = 0;

  /** @param {number} write @param {any} items */
  function onWrite(write, items) {
    root = patching.apply(root, patching.frozen(items));
    log.push(write);
    applied = write;
  }

  /** @param {(string | number)[]} path @param {number} kind @param {any} [value] @param {number} [first] @param {number} [removed] */
  function write(path, kind, value, first, removed) {
    const copy = value === undefined ? undefined : copyOf(value);
    const patch = /** @type {any} */ (kind === 2 ? [kind, path, first, removed, copy] : kind === 0 ? [kind, path, copy] : [kind, path]);
    root = patching.apply(root, patching.frozen(patch));
    log.push(patch);
    send();
    return true;
  }

  const methods = { snapshot: () => root, toJSON: () => root };
  const state = auroraviewStateProxy(patching, methods, () => root, write, console.error);

  // ---------------------------------------------------------------------------------------------- for tests

  /** @param {string} name @param {Function} fn */
  function command(name, fn) {
    commands.set(name, fn);
    send([BIND, '', [name]]);
    return mock;
  }

  /** @param {any} value @param {any} wanted a part of it @returns {boolean} */
  function holds(value, wanted) {
    if (typeof wanted !== 'object' || wanted === null || typeof value !== 'object' || value === null) {
      return Object.is(value, wanted);
    }
    return isArray(wanted) === isArray(value) && (!isArray(wanted) || wanted.length === value.length) &&
      Object.keys(wanted).every((key) => holds(value[key], wanted[key]));
  }

  /** @param {string} name @param {any[]} given */
  function find(name, given) {
    return calls.find((call) => call.name === name && (!given.length || holds(call.params, given[0])));
  }

  /** @param {() => any} look @param {() => string} missing @param {{timeout?: number}} [settings] @returns {Promise<any>} */
  function wait(look, missing, settings) {
    return new Promise((resolve, reject) => {
      const timer = startTimer(() => settle(() => reject(new Error(missing()))), settings && settings.timeout || DEFAULT_TIMEOUT_MS);
      /** @param {() => void} done */
      const settle = (done) => { waiters.delete(check); stopTimer(timer); done(); };
      const check = () => {
        const found = look();
        if (found) {
          settle(() => resolve(found));
        }
      };
      waiters.add(check);
      check();
    });
  }

  /** @param {string} name */
  const describeCalls = (name) => 'no call of "' + name + '"; the page has called ' +
    (calls.map((call) => call.name + '(' + (call.params === undefined ? '' : stringify(call.params)) + ')').join(', ') || 'nothing');

  /** @type {any} */
  const mock = {
    command,
    state,
    get calls() { return calls; },
    get events() { return events; },
    /** @param {string} name @param {any} [data] */
    emit(name, data) { send([EVENT, name, data === undefined ? {} : data]); },
    /** @param {string} name @param {Function} fn */
    on(name, fn) {
      const fns = listeners.get(name) || new Set();
      listeners.set(name, fns.add(fn));
      return () => { fns.delete(fn); };
    },
    /** @param {string} name @param {any} [params] @param {{signal?: AbortSignal}} [settings] */
    call(name, params, settings) {
      const id = 'p' + (count += 1);
      send([CALL, id, name].concat(params === undefined ? [] : [params]));
      return new Promise((resolve, reject) => {
        asked.set(id, { resolve, reject });
        if (settings && settings.signal) {
          settings.signal.addEventListener('abort', () => {
            send([CANCEL, id]);
            end(id, 'reject', new Error('the call of "' + name + '" was aborted'));
          });
        }
      });
    },
    /** @param {string} name @param {any[]} given */
    expectCall(name, ...given) {
      const call = find(name, given);
      if (!call) {
        throw new Error(describeCalls(name) + (given.length ? '; expected with ' + stringify(given[0]) : ''));
      }
      return call;
    },
    /** @param {string} name @param {{timeout?: number}} [settings] */
    waitForCall: (name, settings) => wait(
      () => calls.find((call) => call.name === name && call.state !== 'open'), () => describeCalls(name), settings),
    /** @param {string} name @param {{timeout?: number}} [settings] */
    waitForEvent: (name, settings) => wait(
      () => events.find((event) => event.name === name),
      () => 'no event "' + name + '"; the page has sent ' + (events.map((event) => event.name).join(', ') || 'none'), settings,
    ).then((event) => event.data),
    /** @param {string | any[]} recording */
    replay(recording) {
      const lines = isArray(recording) ? recording : recording.split('\n').filter(Boolean).map((line) => parse(line));
      replaying = auroraviewReplay(lines);
      mock.reset({ state: lines[0].state, commands: replaying.commands });
      replaying.after(0, mock);
      return mock;
    },
    /** @param {any} [next] */
    reset(next = {}) {
      open.forEach((_, id) => cancel(id));
      calls = [];
      events = [];
      replayed = 0;
      replaying = replaying && next.commands === replaying.commands ? replaying : null;
      listeners.clear();
      commands.clear();
      Object.keys(next.commands || {}).forEach((name) => command(name, next.commands[name]));
      root = patching.frozen(copyOf(next.state || {}));
      log = [];
      send([STATE, '', [0, applied, [], root]]);
      return mock;
    },
  };

  // ---------------------------------------------------------------------------------------------- the start

  if (!('userActivation' in navigator)) { // jsdom
    Object.defineProperty(navigator, 'userActivation', { value: { isActive: true }, configurable: true });
  }
  const given = options.commands || {};
  Object.keys(given).forEach((name) => commands.set(name, given[name]));
  const isParsed = document.readyState !== 'loading';
  const isLoaded = document.readyState === 'complete';
  const native = window.addEventListener;
  /** @type {Function[]} */
  const missed = []; // listeners of events that have happened
  window.addEventListener = function listen(/** @type {string} */ type, /** @type {any} */ fn) {
    if ((type === 'DOMContentLoaded' && isParsed) || (type === 'load' && isLoaded)) {
      missed.push(fn);
    } else {
      native.apply(window, /** @type {any} */ (arguments));
    }
  };
  try {
    auroraviewRuntime(Object.assign({}, config, {
      commands: Array.from(commands.keys()), capabilities: options.capabilities || [], state: exact.write([0, root], 'state'),
    }), link);
  } finally {
    window.addEventListener = native;
  }
  missed.forEach((fn) => fn());
  return mock;
}
