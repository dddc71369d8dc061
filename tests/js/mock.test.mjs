// The stand-in for Python: the page's runtime on a transport in memory.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import test, { beforeEach } from 'node:test';

import { LIMITS } from './fake-page.mjs';

const RESOURCES = new URL('../../resources/', import.meta.url);
const NAMES = readdirSync(new URL('bridge/', RESOURCES)).sort().map((name) => 'bridge/' + name);
const SOURCE = [...NAMES, 'bridge.js', 'mock.js', 'mock-replay.js'].map((name) => readFileSync(new URL(name, RESOURCES), 'utf8')).join('\n');

class Window extends EventTarget {
  location = { href: 'http://localhost/' };
  onresize = null;
  length = 0;
  open() { return null; }
  setTimeout(fn, delay) {
    const timer = setTimeout(fn, delay);
    return delay > 10000 ? timer.unref() : timer; // the timeout of a call keeps no process alive
  }
  clearTimeout = clearTimeout;
  queueMicrotask = queueMicrotask;
  btoa = btoa;
  atob = atob;
}

const window = new Window();
const errors = [];
const document = Object.assign(new EventTarget(), { readyState: 'complete' });
const quiet = { error: (...args) => errors.push(args.map(String).join(' ')), warn: () => undefined };
const config = {
  protocol: 3, version: '9.9.9', limits: LIMITS,
  eventPattern: '(?!\\*$)[^\\u0000-\\u001f\\u007f-\\u009f\\ud800-\\udfff]{1,128}', namePattern: '[A-Za-z0-9_$][A-Za-z0-9_$.:/-]{0,127}',
};
const make = new Function('window', 'document', 'navigator', 'console', 'Node', SOURCE + '\nreturn auroraviewMock;');
const python = make(window, document, {}, quiet, class Node {})(config, { commands: { first: () => 1 }, state: { frame: 1 } });
const page = window.auroraview;
const firstState = page.state.snapshot();
const firstResult = await page.call('first');

/** Let both ends do what waits. */
const settled = () => new Promise((resolve) => { setTimeout(resolve, 5); });

beforeEach(() => {
  python.reset({ commands: { double: (value) => 2 * value }, state: { selection: ['a'] } });
  errors.length = 0;
  return settled();
});

test('the page is ready on a document that was loaded before', async () => {
  assert.equal(await page.whenReady(), page);
  assert.deepEqual(firstState, { frame: 1 });
  assert.equal(firstResult, 1);
});

test('a call is answered, recorded and expected', async () => {
  assert.equal(await page.call('double', 4), 8);
  assert.equal(await page.api.double(5), 10);
  assert.deepEqual(python.calls.map(({ name, params, state, result }) => [name, params, state, result]),
    [['double', 4, 'ok', 8], ['double', 5, 'ok', 10]]);
  assert.equal(python.expectCall('double', 5).result, 10);
  assert.throws(() => python.expectCall('double', 6), /no call of "double"; the page has called double\(4\), double\(5\); expected with 6/);
  assert.throws(() => python.expectCall('other'), /no call of "other"/);
});

test('expected params are a part of those given', async () => {
  python.command('bake', () => 'done');
  await page.call('bake', { start: 1, end: 24, layers: [{ name: 'a', on: true }] });
  python.expectCall('bake', { end: 24, layers: [{ name: 'a' }] });
  assert.throws(() => python.expectCall('bake', { end: 25 }));
  assert.throws(() => python.expectCall('bake', { layers: [] }));
});

test('errors reach the page with their code', async () => {
  python.command('fail', () => { throw Object.assign(new Error('disk full'), { code: 'DISK', data: { free: 0 } }); });
  python.command('text', () => { throw 'only text'; });
  await assert.rejects(page.call('fail'), { name: 'Error', code: 'DISK', message: 'disk full', data: { free: 0 } });
  await assert.rejects(page.call('text'), { message: 'only text', code: 'CALL_FAILED' });
  await assert.rejects(page.call('nothing'), { code: 'COMMAND_NOT_FOUND', message: /no command "nothing"; it has double, fail, text/ });
  assert.equal(python.expectCall('fail').state, 'failed');
});

test('a result that JSON cannot hold is an error', async () => {
  const ring = {};
  ring.self = ring;
  python.command('ring', () => ring);
  await assert.rejects(page.call('ring'), /result.self is an object that contains itself/);
  python.command('fn', () => ({ fn() {} }));
  await assert.rejects(page.call('fn'), /result.fn is a function/);
});

test('progress and cancellation reach both sides', async () => {
  const seen = [];
  let aborted = false;
  python.command('bake', (params, { progress, signal }) => new Promise(() => {
    progress(0.5, 'half way');
    signal.addEventListener('abort', () => { aborted = true; });
  }));
  const stop = new AbortController();
  const call = page.call('bake', {}, { signal: stop.signal, onProgress: (...args) => seen.push(args) });
  call.catch(() => undefined);
  await settled();
  stop.abort();
  await assert.rejects(call, { code: 'CANCELLED' });
  await settled();
  assert.deepEqual(seen, [[0.5, 'half way']]);
  assert.equal(aborted, true);
  assert.equal(python.expectCall('bake').state, 'cancelled');
});

test('a stream gives its parts within its credit', async () => {
  let made = 0;
  python.command('count', async function* count(to) {
    for (let n = 0; n < to; n += 1) {
      made += 1;
      yield n;
    }
  });
  const parts = [];
  for await (const part of page.stream('count', 200)) {
    parts.push(part);
  }
  assert.deepEqual(parts, Array.from({ length: 200 }, (_, n) => n));
  made = 0;
  for await (const part of page.stream('count', 1000)) {
    if (part === 2) {
      break;
    }
  }
  await settled();
  assert.ok(made < 100, String(made));
});

test('events go both ways, in order', async () => {
  const got = [];
  const off = page.on('tick', (n) => got.push(n));
  for (let n = 0; n < 5; n += 1) {
    python.emit('tick', n);
  }
  await settled();
  assert.deepEqual(got, [0, 1, 2, 3, 4]);
  off();
  const heard = [];
  python.on('saved', (data) => heard.push(data));
  page.emit('saved', { version: 3 });
  page.emit('saved');
  window.dispatchEvent(new CustomEvent('export_scene', { detail: { path: 'a.mb' } }));
  assert.deepEqual(await python.waitForEvent('export_scene'), { path: 'a.mb' });
  assert.deepEqual(heard, [{ version: 3 }, {}]);
  await assert.rejects(python.waitForEvent('never', { timeout: 10 }), /no event "never"; the page has sent saved, saved, export_scene/);
});

test('waitForCall waits for the end', async () => {
  let answer;
  python.command('later', () => new Promise((resolve) => { answer = resolve; }));
  const call = page.call('later');
  await settled();
  const waited = python.waitForCall('later');
  answer(7);
  assert.equal((await waited).result, 7);
  assert.equal(await call, 7);
});

test('exposed functions can be called', async () => {
  page.expose('pick', async ({ r }) => ({ picked: r }));
  assert.deepEqual(await python.call('pick', { r: 1 }), { picked: 1 });
  await assert.rejects(python.call('nothing'), { code: 'COMMAND_NOT_FOUND' });
  page.expose('never', () => new Promise(() => undefined));
  const stop = new AbortController();
  const call = python.call('never', undefined, { signal: stop.signal });
  stop.abort();
  await assert.rejects(call, /aborted/);
});

test('state is shared, and writes of both sides meet', async () => {
  assert.deepEqual(page.state.snapshot(), { selection: ['a'] });
  const told = [];
  const off = page.state.onChange((key, value, source) => told.push([key, value, source]));
  python.state.selection.push('b');
  page.state.frame = 7;
  page.state.scene = { nodes: [1] };
  page.state.scene.nodes.push(2);
  delete page.state.selection;
  await settled();
  python.state.opacity = 0.5;
  await settled();
  off();
  assert.deepEqual(python.state.snapshot(), { frame: 7, scene: { nodes: [1, 2] }, opacity: 0.5 });
  assert.deepEqual(page.state.snapshot(), python.state.snapshot());
  assert.deepEqual(told[told.length - 1], ['opacity', 0.5, 'python']);
});

test('large messages arrive whole', async () => {
  const text = 'ä'.repeat(600000);
  python.command('echo', (value) => value);
  assert.equal(await page.call('echo', text), text);
  page.emit('after', 1);
  assert.equal(await python.waitForEvent('after'), 1);
});

test('values that JSON lacks arrive exactly', async () => {
  const got = [];
  page.on('values', (value) => got.push(value));
  python.command('echo', (value) => value);
  python.emit('values', { nan: NaN, bytes: new Uint8Array([0, 255]), list: new Float32Array([1, 2]), minus: -0 });
  const answer = await page.call('echo', [NaN, -0, new Uint8Array([7]), new Map([['a', 1]])]);
  assert.ok(Number.isNaN(answer[0]) && Object.is(answer[1], -0));
  assert.deepEqual([answer[2][0], answer[3]], [7, { a: 1 }]);
  await settled();
  assert.ok(Number.isNaN(got[0].nan) && Object.is(got[0].minus, -0));
  assert.deepEqual([Array.from(got[0].bytes), Array.from(got[0].list)], [[0, 255], [1, 2]]);
  python.state.mass = [Infinity, new Uint8Array([1])];
  await settled();
  assert.equal(page.state.mass[0], Infinity);
  assert.equal(page.state.mass[1][0], 1);
});

test('the page refuses what a panel refuses', () => {
  page.emit('*');
  page.emit('ring', { toJSON() { throw new Error('no JSON'); } });
  assert.equal(errors.length, 2);
});

test('text of ipc.postMessage is understood', async () => {
  window.ipc.postMessage(JSON.stringify({ type: 'event', event: 'raw', detail: 5 }));
  assert.equal(await python.waitForEvent('raw'), 5);
  const answers = [];
  page.on('__auroraview_call_result', (answer) => answers.push(answer));
  window.ipc.postMessage(JSON.stringify({ type: 'call', id: 'x1', method: 'double', params: 4 }));
  await python.waitForCall('double');
  await settled();
  assert.deepEqual(answers, [{ id: 'x1', ok: true, result: 8 }]);
});

test('reset forgets everything and ends open calls', async () => {
  python.command('never', () => new Promise(() => undefined));
  page.call('never').catch(() => undefined);
  await settled();
  python.reset();
  await settled();
  assert.deepEqual([python.calls, python.events, page.state.snapshot()], [[], [], {}]);
  await assert.rejects(page.call('double', 1), { code: 'COMMAND_NOT_FOUND' });
});

const RECORDING = [
  { auroraview_qt_recording: 1, state: { frame: 7 }, commands: ['load', 'never'] },
  [0.1, 'document', 1, 'auroraview://view-1/'],
  [0.1, 'page', 1, 0, 0, [[2, { type: 'hello' }], [1, 'c1', 'load', { id: 1 }]]],
  [0.2, 'python', 1, 1, [[0, 'early', 1]]],
  [0.2, 'python', 1, 2, [[5, 'c1', [0.5, 'half']], [1, 'c1', 'first'], [0, 'loaded', { id: 1 }, { id: 2 }]]],
  [0.3, 'page', 1, 2, 0, [[1, 'c2', 'load', { id: 2 }], [6, 's1', 'rows', 32], [3, '{"type":"call","id":"t1","method":"typed"}']]],
  [0.4, 'python', 1, 3, [[2, 'c2', { name: 'MissingError', code: 'MISSING', message: 'no asset 2' }], [6, 's1', 'a'], [6, 's1', 'b'],
    [1, 's1', null], [1, 't1', 4]]],
  [0.5, 'gone'],
];

test('a recording answers calls, and its events follow the calls', async () => {
  const got = [];
  ['early', 'loaded'].forEach((name) => page.on(name, (data) => got.push([name, data])));
  assert.equal(python.replay(RECORDING.map((line) => JSON.stringify(line)).join('\n') + '\n'), python);
  await settled();
  assert.deepEqual(page.state.snapshot(), { frame: 7 });
  assert.deepEqual(got, [['early', 1]]);
  const progress = [];
  await assert.rejects(page.call('load', { id: 2 }), { name: 'MissingError', code: 'MISSING', message: 'no asset 2' });
  assert.equal(await page.call('load', { id: 1 }, { onProgress: (...args) => progress.push(args) }), 'first');
  await settled();
  assert.deepEqual(progress, [[0.5, 'half']]);
  assert.deepEqual(got.slice(1), [['loaded', { id: 1 }], ['loaded', { id: 2 }]]);
  const parts = [];
  for await (const part of page.stream('rows')) {
    parts.push(part);
  }
  assert.deepEqual(parts, ['a', 'b']);
  assert.equal(await page.call('typed'), 4);
  assert.equal(await page.call('load', { id: 1 }), 'first');
  await assert.rejects(page.call('never'), /no answer to a call of "never" was recorded/);
  python.reset({ commands: { load: () => 'own' } });
  await settled();
  assert.equal(await page.call('load', { id: 1 }), 'own');
});
