// A page without a browser: a vm context with what bridge.js touches, its clock and microtasks turned by hand.

import { readFileSync } from 'node:fs';
import vm from 'node:vm';

const SOURCE = readFileSync(new URL('../../resources/bridge.js', import.meta.url), 'utf8');
export const SECRET = 'secret-0123456789';

const CONFIG = {
  secret: SECRET,
  method: 5,
  channel: 'bridge',
  protocol: 1,
  version: '9.9.9',
  trusted: ['http://app/'],
  commands: [],
  namePattern: '[A-Za-z0-9_$][A-Za-z0-9_$.:/-]{0,127}',
  maxDepth: 64,
  maxMessageChars: 4 * 1024 * 1024,
};

export function openPage({ href = 'http://app/index.html', frame = false, transport = true, before = '', ...config } = {}) {
  const target = new EventTarget();
  const errors = [];
  const sent = [];
  const microtasks = [];
  const timers = new Map();
  class Node {}
  const raw = { send: (text) => { sent.push(text); }, onmessage: null };
  const window = vm.createContext({
    location: { href },
    console: { error: (...args) => { errors.push(args.map(String).join(' ')); } },
    addEventListener: target.addEventListener.bind(target),
    removeEventListener: target.removeEventListener.bind(target),
    dispatchEvent: target.dispatchEvent.bind(target),
    queueMicrotask: (fn) => { microtasks.push(fn); },
    setTimeout: (fn, delay) => { timers.set(timers.size + 1, { fn, delay }); return timers.size; },
    clearTimeout: (id) => { timers.delete(id); },
    Event, CustomEvent, crypto, Node,
  });
  const run = (code) => vm.runInContext(code, window);
  run('var window = globalThis;');
  window.top = frame ? {} : run('window');
  if (transport) {
    window.qt = { webChannelTransport: raw };
  }
  run(before);
  run('(function () {' + SOURCE + '\nauroraviewRuntime(' + JSON.stringify({ ...CONFIG, ...config }) + ');})();');

  const page = {
    window, raw, run, errors, sent, timers, Node,
    aurora: window.auroraview,
    /** Run the microtasks that wait, as the end of a task does; returns how many messages left. */
    turn() {
      const before = sent.length;
      while (microtasks.length) {
        microtasks.shift()();
      }
      return sent.length - before;
    },
    /** What the slot would get: one {doc, ack, msgs} per message, the secret taken off. */
    envelopes() {
      return sent.map((text) => {
        const [argument] = JSON.parse(text).args;
        return JSON.parse(argument.slice(SECRET.length));
      });
    },
    /** All messages after the hello. */
    messages() {
      return page.envelopes().flatMap((one) => one.msgs).slice(1);
    },
    get doc() { return page.envelopes()[0].doc; },
    /** Deliver a batch as a script. */
    deliver(number, ...messages) {
      window['__auroraview_' + page.doc + '__'](number, JSON.stringify(messages));
    },
    dom(type, detail) { target.dispatchEvent(new CustomEvent(type, { detail })); },
    fire(type) { target.dispatchEvent(new Event(type)); },
    listen(type) {
      const got = [];
      target.addEventListener(type, (event) => got.push(event.detail));
      return got;
    },
  };
  return page;
}
