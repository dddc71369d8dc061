/**
 * The page's half of the bridge: window.auroraview, window.ipc, and the joints between the parts in bridge/.
 *
 * It is injected at document creation into the top frame, before any script of the page. The relay (relay.js) starts it, on
 * trusted pages only, and holds the channel and the secret. Plain ES2019 for Chromium 83. Functions that the page could patch
 * later (JSON, queueMicrotask) are captured here first. The protocol is described in auroraview_qt/ipc/wire/protocol.py.
 *
 * @typedef {object} RuntimeConfig
 * @property {number} protocol        version of the wire
 * @property {string} version         version of the library
 * @property {string[]} commands      what Python answers
 * @property {string[]} capabilities  which of fs, dialog, clipboard, shell the page has
 * @property {string} [origin]        of the view, for resources; without it that of the page
 * @property {string} eventPattern    of names of events
 * @property {string} namePattern     of names of commands and functions
 * @property {Limits} limits          of what is sent to Python
 * @property {string} state            JSON of what is shared: [version, values]
 * @property {boolean} [answerPrompts] answer window.prompt here, where the binding cannot
 * @property {{scheme: string, variables: Object<string, string>} | null} [theme] of the host
 * @property {string} [dataUrl]        where large data of Python is
 * @property {string} [css]           the style sheet for plain controls
 *
 * @typedef {object} Limits           the numbers of auroraview_qt/ipc/wire/limits.py
 * @property {number} depth           of arrays and objects in one value
 * @property {number} messageChars    of the JSON of one value
 * @property {number} values          in one message
 * @property {number} textChars       of the texts of errors and progress reports
 * @property {number} namesInError    of the names an error lists
 * @property {number} calls           that wait for their answers
 * @property {number} postedChars     of text that is sent as it is
 * @property {number} queueChars      that wait for Python
 * @property {number} unaskedChars    that are sent before Python fetches what waits
 * @property {number} listened        names of events; a page that listens to more gets all
 *
 * @param {RuntimeConfig} config
 * @param {Link} link
 */
function auroraviewRuntime(config, link) {
  'use strict';

  const { stringify, parse } = JSON;
  const printError = console.error.bind(console);
  const warn = console.warn.bind(console);
  const listenNative = window.addEventListener.bind(window); // the page's own version reports its listeners to Python

  const theme = config.theme ? auroraviewTheme(config.css || '') : () => undefined;
  const values = auroraviewValues(config);
  const outbox = auroraviewOutbox(config, values, (envelope) => link.tell('say', envelope));
  const gate = auroraviewGate(config, values, outbox, refuseMessage);
  const calls = auroraviewCalls(config, values, gate.post, complain);
  const exposed = auroraviewExposed(config, values, gate.post, complain);
  const events = auroraviewEvents(config, complain, sendEvent);
  const state = auroraviewState(config, values, gate.post, complain);
  const channels = auroraviewChannels(complain);
  const images = auroraviewImages(config.origin || '', complain);
  if (config.theme) {
    theme(config.theme);
  }

  /** Print an error; it never throws, even for odd errors of the page. @param {...unknown} args */
  function complain(...args) {
    printError(...args.map(values.printable));
  }

  /** @param {string} event @param {unknown} [detail] */
  function sendEvent(event, detail) {
    try {
      gate.postEvent(values.nameOf(event, 'event'), values.jsonOf(detail, 'event', event));
    } catch (error) {
      complainOfRefusal(error);
    }
  }

  /** A message with blobs could not be sent: a call ends, everything else is told. @param {string} message @param {any} error */
  function refuseMessage(message, error) {
    const call = /^\[[16],"([^"]*)"/.exec(message);
    const name = error.name || 'Error';
    const code = error.code && typeof error.code === 'string' ? error.code : 'SERIALIZATION';
    if (!call || !calls.settle(call[1], undefined, { name, code, message: values.messageOf(error) })) {
      complain('auroraview: a message with a Blob was not sent: ' + values.messageOf(error));
    }
  }

  /** Of a flood that Python does not take, the first is told. @param {any} error @param {string} [where] */
  function complainOfRefusal(error, where) {
    if (error.code !== 'QUEUE_FULL' || outbox.isFirstRefusal()) {
      complain('auroraview: ' + (where || '') + error.name + ': ' + values.messageOf(error));
    }
  }

  // ---------------------------------------------------------------------------------------------- from Python

  /** @type {Map<number, string>} */
  const held = new Map(); // batches that came before their turn
  /** @type {Map<number, string>} */
  const pieces = new Map(); // of batches too large for one script
  /** @type {Set<string>} */
  const loaded = new Set(); // batches whose data is there
  let running = false;

  /**
   * Take a batch, or a piece of one.
   * @param {number} number @param {string} text @param {number} more 1 if further pieces follow
   */
  function accept(number, text, more) {
    if (number <= outbox.last() || held.has(number)) {
      return;
    }
    if (more) {
      pieces.set(number, (pieces.get(number) || '') + text);
      return;
    }
    held.set(number, (pieces.get(number) || '') + text);
    pieces.delete(number);
    if (!running) {
      proceed();
    }
  }

  /** Run the batches that are there, as far as their data is. */
  function proceed() {
    running = true;
    let isLoading = false;
    try {
      for (let next = take(); next !== undefined; next = take()) {
        const batch = next;
        const ids = values.data.needs(batch);
        if (ids.length && !loaded.delete(batch)) {
          isLoading = true;
          values.data.load(ids, (isThere) => goOn(batch, isThere));
          return;
        }
        outbox.hold(() => run(batch));
      }
    } finally {
      running = isLoading;
    }
  }

  /** The data of a batch is there; or else Python sends the batch again, with the data in it. @param {string} batch @param {boolean} isThere */
  function goOn(batch, isThere) {
    const number = outbox.last() + 1;
    running = false;
    if (isThere) {
      loaded.add(batch);
      held.set(number, batch);
    } else {
      outbox.post(auroraviewPageMessage.LIFE + '{"type":"lacks","number":' + number + '}', true);
    }
    proceed();
  }

  /** @returns {string | undefined} the batch whose turn it is */
  function take() {
    const number = outbox.last() + 1;
    const text = held.get(number);
    held.delete(number);
    return text;
  }

  /** What is done with a message, by its kind; events are in a hurry, and not here. @type {((message: any[]) => void)[]} */
  const receivers = [];
  const kinds = auroraviewHostMessage;
  const { EVENT } = kinds;
  receivers[kinds.RESULT] = ([, id, result]) => calls.settle(id, result, null) || answerRaw({ id, ok: true, result });
  receivers[kinds.ERROR] = ([, id, error]) => calls.settle(id, undefined, error) || answerRaw({ id, ok: false, error });
  receivers[kinds.BIND] = (message) => {
    bind(message[2]);
    announceApi();
  };
  receivers[kinds.PROGRESS] = (message) => calls.progress(message[1], message[2][0], message[2][1]);
  receivers[kinds.PART] = (message) => calls.part(message[1], message[2]);
  receivers[kinds.CALL] = (message) => exposed.run(message[1], message[2], message[3]);
  receivers[kinds.CANCEL] = (message) => exposed.cancel(message[1]);
  receivers[kinds.EVALUATE] = (message) => exposed.runSource(message[1]);
  receivers[kinds.STATE] = (message) => state.receive(message[2][1], message[2][2], message[2][3]);

  /** Answer a call the page made itself, through ipc.postMessage. @param {object} answer */
  function answerRaw(answer) {
    deliver('__auroraview_call_result', answer);
  }

  /** @param {string} batch */
  function run(batch) {
    const messages = values.read(batch);
    for (let i = 0; i < messages.length; i += 1) {
      const message = messages[i];
      const name = message[1];
      if (message[0] === EVENT) {
        for (let k = 2; k < message.length; k += 1) {
          deliver(name, message[k]);
        }
      } else {
        receive(message);
      }
    }
  }

  /** Handle a message. A failure must not stop the other messages of the batch. @param {any[]} message */
  function receive(message) {
    try {
      receivers[message[0]](message);
    } catch (error) {
      complain('auroraview: a message of Python failed:', error);
    }
  }

  /** @param {string} name @param {unknown} detail */
  function deliver(name, detail) {
    try {
      aurora.trigger(name, detail);
    } catch (error) {
      complain('auroraview: trigger failed for "' + name + '":', error);
    }
  }

  link.on('batch', (line) => {
    const end = line.indexOf(':'); // number:batch
    accept(Number(line.slice(0, end)), line.slice(end + 1), 0);
  });
  link.on('pull', () => link.tell('give', outbox.pull()));
  link.on('theme', (text) => theme(parse(text)));

  /** Functions for Python's scripts in this world, which are long or hand a function over. */
  const door = {
    /** @param {string} key @param {number} number @param {string} text @param {number} more */
    deliver(key, number, text, more) {
      if (key === link.key) {
        accept(number, text, more);
      }
    },
    evaluate: exposed.evaluate,
  };
  Object.defineProperty(window, '__auroraview_' + link.page + '__', { value: Object.freeze(door) });

  // ---------------------------------------------------------------------------------------------- the public object

  /** @type {() => void} */
  let resolveReady = () => undefined;
  /** @type {Promise<any>} */
  const readyPromise = new Promise((resolve) => { resolveReady = () => resolve(aurora); });

  /** @type {any} */
  const aurora = {
    version: config.version,
    call: calls.call,
    stream: calls.stream,
    expose: exposed.expose,
    invoke: calls.invoke,
    channel: channels.channel,
    resource: auroraviewResource(config.origin || ''),
    image: images.image,
    startDrag: () => sendEvent('__auroraview_start_drag'),
    utils: auroraviewUtils(),
    send_event: sendEvent,
    emit: sendEvent,
    on: events.on,
    once: events.once,
    off: events.off,
    api: {},
    _boundMethods: {},
    isMethodBound: (/** @type {string} */ name) => aurora._boundMethods[name] === true,
    getBoundMethods: () => Object.keys(aurora._boundMethods),
    _ready: true, // calls can be made
    isReady: () => aurora._ready,
    whenReady: () => readyPromise,
    setConfig: calls.configure,
    state: state.proxy,
  };
  Object.setPrototypeOf(aurora, events.home); // which has trigger()
  const builtIn = new Set(Object.keys(aurora).filter((key) => key !== 'api').concat('trigger'));

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
      home[method] = (/** @type {unknown[]} */ ...args) => calls.call(name, args.length > 1 ? args : args[0]);
    }
  }

  function announceApi() {
    events.tellPage('auroraview-api-ready', { methods: aurora.getBoundMethods() });
  }

  bind(config.commands);
  const enable = auroraviewCapabilities(aurora, calls.invoke);
  enable(config.capabilities);
  events.on('__auroraview_capabilities', enable);
  events.on('__auroraview_channel', channels.receive);

  /**
   * Put an object on the window that stays. A page may say `window.x = window.x || {}`, in a module too.
   * @param {string} name @param {any} value
   */
  function keepOnWindow(name, value) {
    const ignore = (/** @type {unknown} */ other) => {
      if (other !== value) {
        warn('auroraview: window.' + name + ' cannot be replaced; its properties can');
      }
    };
    Object.defineProperty(window, name, { get: () => value, set: ignore, configurable: false, enumerable: true });
  }

  keepOnWindow('auroraview', aurora);
  keepOnWindow('ipc', {
    postMessage: (/** @type {unknown} */ text) => {
      if (typeof text !== 'string') {
        throw new TypeError('ipc.postMessage takes a string of JSON, not a ' + typeof text);
      }
      try {
        if (text.length <= config.limits.postedChars) {
          const json = stringify(text);
          values.check(json, 0, 'ipc.postMessage', text.slice(0, 20));
          gate.post(auroraviewPageMessage.TEXT + json);
        } else {
          values.check(text, 0, 'ipc.postMessage', text.slice(0, 20));
          parse(text); // it stands in the envelope as it is
          gate.post(auroraviewPageMessage.LIFE + text);
        }
      } catch (error) {
        complainOfRefusal(error, 'ipc.postMessage: ');
      }
    },
  });

  auroraviewWindows();
  auroraviewWebgl();
  auroraviewDragRegions(listenNative, () => sendEvent('__auroraview_start_drag', { region: true }));
  if (config.answerPrompts) {
    window.prompt = (message) => {
      console.warn('prompt() is answered with null: ' + message);
      return null;
    };
  }

  // ---------------------------------------------------------------------------------------------- the page's life

  function becomeReady() {
    const detail = { timestamp: Date.now(), url: window.location.href };
    events.parsed(aurora);
    announceApi();
    events.tellPage('auroraviewready', detail);
    resolveReady();
    outbox.post(auroraviewPageMessage.LIFE + '{"type":"ready","timestamp":' + detail.timestamp + ',"url":' + stringify(detail.url) + '}', true);
  }

  listenNative('DOMContentLoaded', becomeReady, { once: true });
  if (config.origin) {
    listenNative('DOMContentLoaded', images.watch, { once: true });
  }
  listenNative('load', () => events.loaded(aurora), { once: true });
  listenNative('pagehide', () => {
    link.tell('end');
    gate.end();
    outbox.flushAll();
    calls.cancelAll();
  });

  outbox.post(auroraviewPageMessage.LIFE + '{"type":"hello","protocol":' + config.protocol + ',"state":' + state.version +
    ',"commands":' + stringify(config.commands) +
    ',"listens":' + stringify(events.start((name) => outbox.post(auroraviewPageMessage.LIFE + '{"type":"listen","names":[' + stringify(name) + ']}', true))) + '}');
  outbox.flush();
}
