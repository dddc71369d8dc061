// A page without a browser: two vm contexts, the worlds of relay.js and bridge.js, with what these touch; clock and microtasks
// are turned by hand.

import { readdirSync, readFileSync } from 'node:fs';
import vm from 'node:vm';

const RESOURCES = new URL('../../resources/', import.meta.url);
const PARTS = readdirSync(new URL('bridge/', RESOURCES)).sort().map((name) => 'bridge/' + name);
const SOURCE = [...PARTS, 'bridge.js'].map((name) => readFileSync(new URL(name, RESOURCES), 'utf8')).join('\n');
const RELAY = readFileSync(new URL('relay.js', RESOURCES), 'utf8');
export const SECRET = 'secret-0123456789';
const TOKEN = 'token';

export const LIMITS = {
  depth: 64, messageChars: 4 * 1024 * 1024, values: 500000, textChars: 10000, namesInError: 1000, calls: 10000, listened: 10000,
  postedChars: 65536, queueChars: 32 * 1024 * 1024, unaskedChars: 4 * 1024 * 1024,
};

const CHANNEL = { secret: SECRET, token: TOKEN, property: 5, signal: 7, channel: 'bridge', unaskedChars: LIMITS.unaskedChars };
const CONFIG = {
  protocol: 3,
  version: '9.9.9',
  commands: [],
  capabilities: [],
  eventPattern: '(?!\\*$)[^\\u0000-\\u001f\\u007f-\\u009f\\ud800-\\udfff]{1,128}',
  namePattern: '[A-Za-z0-9_$][A-Za-z0-9_$.:/-]{0,127}',
  limits: LIMITS,
  state: '[0,{}]',
};

class MouseEvent extends Event {
  constructor(type, init) {
    super(type);
    this.relatedTarget = init.relatedTarget;
  }
}

class FakeElement extends EventTarget {
  attachShadow() { return { appendChild: () => undefined }; }
}

class CharacterData extends EventTarget {
  #text = '';

  get data() { return this.#text; }

  set data(text) { this.#text = String(text); }
}

/**
 * Open a page. `relayFirst` says which of the two scripts the engine runs first, `before` what the page's world has run earlier.
 */
export function openPage({
  href = 'http://app/index.html', frame = false, transport = true, relayFirst = true, before = '', trusted = ['http://app/'],
  ...config
} = {}) {
  const document = new EventTarget();
  document.createElementNS = () => new FakeElement();
  document.createTextNode = () => new CharacterData();
  const target = new EventTarget();
  const errors = [];
  const warnings = [];
  const windows = [];
  const sent = [];
  const dispatched = [];
  const microtasks = [];
  const timers = new Map();
  let now = 0;
  let timerCount = 0;
  class Node {}
  const raw = { send: (text) => { sent.push(text); }, onmessage: null };
  const listened = []; // what went through the prototype's addEventListener: `this` and type
  class PageTarget {} // the page's own: its window inherits from it, as a real one does
  PageTarget.prototype.addEventListener = function addEventListener(type, ...rest) {
    if (this instanceof EventTarget) { // a node
      EventTarget.prototype.addEventListener.call(this, type, ...rest);
      return;
    }
    listened.push([this, type]);
    target.addEventListener(type, ...rest);
  };
  PageTarget.prototype.dispatchEvent = EventTarget.prototype.dispatchEvent;
  const sandbox = vm.createContext(Object.assign(Object.create(PageTarget.prototype), {
    location: { href },
    console: {
      error: (...args) => { errors.push(args.map(String).join(' ')); },
      warn: (...args) => { warnings.push(args.map(String).join(' ')); },
    },
    removeEventListener: target.removeEventListener.bind(target),
    dispatchEvent: (event) => { dispatched.push(event.type); return target.dispatchEvent(event); },
    queueMicrotask: (fn) => { microtasks.push(fn); },
    setTimeout: (fn, delay) => { timerCount += 1; timers.set(timerCount, { fn, delay, due: now + delay }); return timerCount; },
    clearTimeout: (id) => { timers.delete(id); },
    performance: { now: () => now },
    navigator: { userActivation: { isActive: false } },
    open: (...args) => { windows.push(args); return args[2].includes('noopener') ? null : sandbox; },
    length: 0,
    onresize: null,
    document, Event, CustomEvent, CharacterData, EventTarget: PageTarget, AbortController, Node, btoa, atob, crypto,
  }));
  const run = (code) => vm.runInContext(code, sandbox);
  const window = run('var window = globalThis; window'); // inside it is another object than the sandbox
  const relay = vm.createContext({ location: { href }, document, Event, MouseEvent, crypto });
  relay.window = relay;
  relay.top = frame ? {} : relay;
  if (transport) {
    relay.qt = { webChannelTransport: raw };
  }
  const scripts = [
    () => vm.runInContext('(function () {' + RELAY + '\nauroraviewRelay(' + JSON.stringify({ ...CHANNEL, trusted }) + ');})();', relay),
    () => run('(function () {' + SOURCE + "\nauroraviewLink('" + TOKEN + "', (link) => auroraviewRuntime(" +
      JSON.stringify({ ...CONFIG, ...config }) + ', link));})();'),
  ];
  run(before);
  (relayFirst ? scripts : scripts.reverse()).forEach((start) => start());
  const page = {
    window, document, raw, run, errors, warnings, windows, sent, timers, dispatched, listened, Node,
    aurora: window.auroraview,
    /**
     * Run the microtasks that wait, as the end of a task does; returns how many messages left. Before each of so many
     * of them a promise of the page gets its turn.
     */
    turn(between = () => undefined, times = 0) {
      const before = sent.length;
      for (let n = 0; microtasks.length; n += 1) {
        if (n < times) {
          between();
        }
        microtasks.shift()();
      }
      return sent.length - before;
    },
    /** Let milliseconds pass, and the timers that are due by then ring. */
    pass(milliseconds) {
      now += milliseconds;
      for (const [id, timer] of Array.from(timers)) {
        if (timer.due <= now) {
          timers.delete(id);
          timer.fn();
        }
      }
    },
    /** What the slot would get: one {doc, ack, flow, msgs} per message, the secret taken off. */
    envelopes() {
      return page.texts().map((text) => page.opened(text));
    },
    /** The texts that have gone through the channel, whole. */
    texts() {
      return whole(sent.map((text) => JSON.parse(text)).filter((message) => message.type === 9).map((message) => message.value));
    },
    opened(text) {
      const [doc, ack, flow, msgs] = JSON.parse(text.slice(SECRET.length));
      return { doc, ack, flow, msgs: msgs.filter((message) => !isListen(message)).flatMap(parted) };
    },
    /** What a script of Python would fetch. */
    pull() {
      const texts = [];
      do {
        texts.push(page.pullPiece());
      } while (texts[texts.length - 1][SECRET.length] === '+');
      return page.opened(whole(texts)[0]);
    },
    pullPiece() { return relay['__auroraview_' + page.doc + '__'].pull(); },
    /** The names the page has told it listens to, those of its hello left out. */
    names() {
      return page.texts().flatMap((text) => JSON.parse(text.slice(SECRET.length))[3])
        .filter(isListen).flatMap(([, { names }]) => names);
    },
    /** All messages after the hello, but for the names it listens to. */
    messages() {
      return page.envelopes().flatMap((one) => one.msgs).slice(1);
    },
    get doc() { return page.envelopes()[0].doc; },
    /** Deliver a batch as a script. */
    deliver(number, ...messages) { page.piece(number, JSON.stringify(messages), false); },
    /** Hand a source over, as a script of Python's. */
    handOver(id, fn) { return page.door.evaluate(id, fn); },
    /** Deliver a piece of a batch as a script. */
    piece(number, text, more) { page.door.deliver(page.doc.slice(12, 24), number, text, more ? 1 : 0); },
    /** What scripts of Python's call in the page's world. */
    get door() { return window['__auroraview_' + page.doc.slice(0, 12) + '__']; },
    /** Deliver a batch as a signal of the channel. */
    signal(number, messages, { doc = page.doc, signal = 7 } = {}) {
      const args = [doc + ':' + number + ':' + JSON.stringify(messages)];
      raw.onmessage({ data: JSON.stringify({ type: 1, object: 'bridge', signal, args }) });
    },
    dom(type, detail) { target.dispatchEvent(new CustomEvent(type, { detail })); },
    fire(type) { target.dispatchEvent(new Event(type)); },
    listen(type) {
      const got = [];
      window.addEventListener(type, (event) => got.push(event.detail));
      return got;
    },
  };
  return page;
}

/** Join the pieces of envelopes. */
function whole(texts) {
  const joined = [];
  let parts = '';
  for (const text of texts) {
    const mark = text[SECRET.length];
    if (mark === '[') {
      joined.push(text);
      continue;
    }
    parts += text.slice(SECRET.length + 37);
    if (mark === '.') {
      joined.push(SECRET + parts);
      parts = '';
    }
  }
  return joined;
}

/** Whether a message of the wire tells of names the page listens to. */
export function isListen([kind, life]) {
  return kind === 2 && life.type === 'listen';
}

/** Take a message of the wire apart into what it means. */
function parted([kind, ...items]) {
  if (kind === 0) {
    return items.slice(1).map((detail) => ({ type: 'event', event: items[0], detail }));
  }
  if (kind === 1) {
    const [id, method, ...params] = items;
    return [{ type: 'call', id, method, ...(params.length ? { params: params[0] } : {}) }];
  }
  return kind > 3 ? [[kind, ...items]] : items;
}
