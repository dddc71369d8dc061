// What the page tells Python it listens to: each name once, whatever way the listener came.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openPage } from './fake-page.mjs';

const OWN = ['__auroraview_capabilities', '__auroraview_channel'];

const hello = (page) => page.envelopes()[0].msgs[0];

test('page that listens to nothing tells only the names of the runtime, also with a theme', () => {
  const page = openPage();
  page.fire('DOMContentLoaded');
  page.fire('load');
  page.pass(10000);
  page.turn();
  assert.deepEqual(hello(page).listens, OWN);
  assert.deepEqual(page.names(), []);
});

const WAYS = {
  'on()': "auroraview.on('x', () => 0)",
  'once()': "auroraview.once('x', () => 0)",
  'window.addEventListener': "window.addEventListener('x', () => 0)",
  'addEventListener without window': "addEventListener('x', () => 0)",
  'addEventListener of the prototype': "EventTarget.prototype.addEventListener.call(window, 'x', () => 0)",
  'a listener that is an object': "addEventListener('x', {handleEvent() {}})",
  'a listener of one event': "addEventListener('x', () => 0, {once: true})",
  'an addEventListener the page has wrapped': "const own = window.addEventListener;"
    + " window.addEventListener = function (...args) { return own.apply(this, args); }; window.addEventListener('x', () => 0)",
};
for (const [way, source] of Object.entries(WAYS)) {
  test(`name is told when it gets a listener by ${way}`, () => {
    const page = openPage();
    page.run(source);
    page.turn();
    assert.deepEqual(page.names(), ['x']);
  });
}

test('name is told once, and stays told when its listeners go', () => {
  const page = openPage();
  page.run("var f = () => 0; auroraview.on('x', f); auroraview.on('x', () => 0); auroraview.off('x'); auroraview.on('x', f);");
  page.run("addEventListener('x', f); removeEventListener('x', f); addEventListener('y', f); auroraview.once('y', f);");
  page.turn();
  assert.deepEqual(page.names(), ['x', 'y']);
});

test('names of one task leave with the other messages of the task, in order', () => {
  const page = openPage();
  page.aurora.on('a', () => 0);
  page.aurora.emit('told');
  page.aurora.on('b', () => 0);
  assert.equal(page.turn(), 1);
  assert.deepEqual(page.names(), ['a', 'b']);
});

test('what is no listener is not told', () => {
  const page = openPage();
  page.run("addEventListener('x', null); addEventListener('x', undefined); auroraview.on('x', 7);");
  page.run("auroraview.off('x'); auroraview.trigger('x', 1); dispatchEvent(new CustomEvent('x'));");
  page.run("var other = Object.create(EventTarget.prototype); other.addEventListener('x', () => 0);");
  page.run(`addEventListener('${'n'.repeat(129)}', () => 0)`);
  assert.throws(() => page.run("addEventListener('x', 7)"));
  page.turn();
  assert.deepEqual(page.names(), []);
});

test('listener that registers while a batch is run is told with its acknowledgement', () => {
  const page = openPage();
  page.aurora.on('first', () => page.aurora.on('second', () => 0));
  page.deliver(1, [0, 'first', 1]);
  assert.equal(page.turn(), 1);
  assert.deepEqual(page.names(), ['first', 'second']);
  assert.equal(page.envelopes().pop().ack, 1);
});

test('handler of "*" gets every event with its name, but those of the runtime, and is told', () => {
  const page = openPage();
  const got = [];
  const stop = page.aurora.on('*', (name, detail) => got.push([name, detail]));
  page.aurora.once('*', (name) => got.push(['once', name]));
  page.aurora.on('x', (detail) => got.push(['x alone', detail]));
  page.turn();
  assert.deepEqual(page.names(), ['*']); // which holds all others
  page.deliver(1, [0, 'x', 1, 2], [0, '__auroraview_capabilities', []]);
  stop();
  page.deliver(2, [0, 'x', 3]);
  assert.deepEqual(got, [['x alone', 1], ['x', 1], ['once', 'x'], ['x alone', 2], ['x', 2], ['x alone', 3]]);
});

test('page with very many names is sent all events', () => {
  const page = openPage();
  page.run("for (let i = 0; i < 12000; i += 1) auroraview.on('n' + i, () => 0);");
  page.turn();
  const told = page.names();
  assert.equal(told.length, 10001 - OWN.length);
  assert.equal(told.pop(), '*');
});

// A wrapper of trigger() has listeners of its own, whose names nobody knows

const WRAP = 'const inner = auroraview.trigger; auroraview.trigger = (name, detail) => inner(name, detail);';
const DEFINE = "const own = auroraview.trigger; Object.defineProperty(auroraview, 'trigger', {value: (n, d) => own(n, d), writable: true});";

for (const [how, source] of [['assigned', WRAP], ['defined', DEFINE]]) {
  test(`wrapper of trigger() that is ${how} gets all events one second after the page has loaded`, () => {
    const page = openPage();
    page.run(source);
    page.run(WRAP.replace(/inner/g, 'again'));
    page.fire('DOMContentLoaded');
    page.pass(10000);
    page.fire('load');
    page.pass(999);
    page.turn();
    assert.deepEqual(page.names(), []);
    page.pass(1);
    page.turn();
    assert.deepEqual(page.names(), ['*']);
  });
}

test('wrapper that comes after loading gets all events a second later, and names are told at once', () => {
  const page = openPage();
  page.fire('DOMContentLoaded');
  page.fire('load');
  page.run(WRAP);
  page.aurora.on('x', () => 0);
  page.turn();
  assert.deepEqual(page.names(), ['x']);
  page.pass(1000);
  page.turn();
  assert.deepEqual(page.names(), ['x', '*']);
});

test('trigger() is a plain property once it is assigned; its own function again is no wrapper', () => {
  const page = openPage();
  page.run("var native = auroraview.trigger; auroraview.trigger = native; var there = 'trigger' in auroraview;");
  page.fire('load');
  page.pass(1000);
  page.turn();
  assert.deepEqual(page.names(), []);
  page.run('var other = () => 0; auroraview.trigger = other;');
  const found = page.run("Object.getOwnPropertyDescriptor(auroraview, 'trigger')");
  assert.deepEqual([page.window.there, found.value === page.window.other], [true, true]);
  assert.ok(found.writable && found.configurable && found.enumerable);
});

// window.onresize and its kind

test('function that window has for a built-in event is a listener, a global function of the page is none', () => {
  const page = openPage({ before: "let f = null; Object.defineProperty(window, 'onresize', {get: () => f, set(v) { f = v; }, enumerable: true, configurable: true});"
    + "Object.defineProperty(window, 'onblur', {get: () => null, enumerable: true});" });
  page.run('window.onresize = () => 0; var onupdate = () => 0;');
  page.fire('DOMContentLoaded');
  page.turn();
  assert.deepEqual(page.names(), ['resize']);
});
