// Calls in both directions and streams, in the runtime alone: what is sent, and how each of them ends.

import assert from 'node:assert/strict';
import test from 'node:test';

import { openPage } from './fake-page.mjs';

/** What the page has said since it was asked last. */
function said(page) {
  page.turn();
  const all = page.messages();
  const news = all.slice(page.heard || 0);
  page.heard = all.length;
  return news;
}

/** What becomes of a promise. */
function watch(promise) {
  const seen = {};
  promise.then((value) => { seen.value = value; }, (error) => { seen.error = error; });
  return seen;
}

/** The same, made of objects of this realm. */
const plain = (value) => JSON.parse(JSON.stringify(value));

const settled = () => new Promise((resolve) => { setImmediate(resolve); });

// ------------------------------------------------------------------------------------------------ calls

test('abort rejects at once and tells Python, once', async () => {
  const page = openPage();
  const stop = new page.window.AbortController();
  const seen = watch(page.aurora.call('bake', { end: 2 }, { signal: stop.signal }));
  assert.equal(said(page).length, 1);
  stop.abort();
  stop.abort();
  assert.deepEqual(said(page), [[5, 'c1']]);
  await settled();
  assert.deepEqual([seen.error.name, seen.error.code], ['AbortError', 'CANCELLED']);
  page.deliver(1, [1, 'c1', 7]);
  await settled();
  assert.equal(seen.value, undefined);
});

test('a signal that is aborted already lets nothing leave', async () => {
  const page = openPage();
  const stop = new page.window.AbortController();
  stop.abort('changed my mind');
  const seen = watch(page.aurora.call('bake', undefined, { signal: stop.signal }));
  await settled();
  assert.deepEqual(said(page), []);
  assert.deepEqual([seen.error.name, seen.error.data], ['AbortError', 'changed my mind']);
});

test('abort after the answer tells nobody', async () => {
  const page = openPage();
  const stop = new page.window.AbortController();
  const seen = watch(page.aurora.call('bake', undefined, { signal: stop.signal }));
  said(page);
  page.deliver(1, [1, 'c1', 7]);
  stop.abort();
  await settled();
  assert.equal(seen.value, 7);
  assert.deepEqual(said(page), []);
});

test('a timeout tells Python that nobody waits', async () => {
  const page = openPage();
  const seen = watch(page.aurora.call('bake', undefined, { timeout: 50 }));
  said(page);
  page.pass(50);
  await settled();
  assert.equal(seen.error.code, 'TIMEOUT');
  assert.deepEqual(said(page), [[5, 'c1']]);
});

test('progress reaches its call, and one that raises stops nothing', async () => {
  const page = openPage();
  const told = [];
  const seen = watch(page.aurora.call('bake', undefined, {
    onProgress: (fraction, message) => { told.push([fraction, message]); throw new Error('in onProgress'); },
  }));
  page.aurora.call('quiet');
  page.deliver(1, [5, 'c1', [0.5, 'half']], [5, 'c1', [null, '']], [5, 'c2', [1, '']], [5, 'c9', [1, '']], [1, 'c1', 3]);
  await settled();
  assert.deepEqual(told, [[0.5, 'half'], [null, '']]);
  assert.equal(seen.value, 3);
  assert.match(page.errors[0], /onProgress of "bake" failed/);
});

// ------------------------------------------------------------------------------------------------ streams

test('a stream begins with its first next, and gives its parts in order', async () => {
  const page = openPage();
  const stream = page.aurora.stream('search', { q: 'cube' });
  assert.deepEqual(said(page), []);
  const first = watch(stream.next());
  const second = watch(stream.next());
  assert.deepEqual(said(page), [[6, 'c1', 'search', 32, { q: 'cube' }]]);
  page.deliver(1, [6, 'c1', 'a'], [6, 'c1', 'b'], [6, 'c1', 'c'], [1, 'c1', null]);
  await settled();
  assert.deepEqual(plain([first.value, second.value]), [{ value: 'a', done: false }, { value: 'b', done: false }]);
  assert.equal((await stream.next()).value, 'c');
  assert.equal((await stream.next()).done, true);
  assert.equal((await stream.next()).done, true);
  assert.deepEqual(said(page), []);
});

test('a stream grants more as its parts are taken, not as they come', async () => {
  const page = openPage();
  const stream = page.aurora.stream('count');
  const first = watch(stream.next());
  said(page);
  page.deliver(1, ...Array.from({ length: 32 }, (_, n) => [6, 'c1', n]));
  await settled();
  assert.equal(first.value.value, 0);
  assert.deepEqual(said(page), []);
  for (let n = 1; n < 16; n += 1) {
    assert.equal((await stream.next()).value, n);
  }
  assert.deepEqual(said(page), [[7, 'c1', 16]]);
});

test('a stream tells an error once, after the parts before it', async () => {
  const page = openPage();
  const stream = page.aurora.stream('broken');
  const first = watch(stream.next());
  page.deliver(1, [6, 'c1', 1], [2, 'c1', { name: 'KeyError', code: 'CALL_FAILED', message: 'layer' }]);
  await settled();
  assert.equal(first.value.value, 1);
  await assert.rejects(stream.next(), { name: 'KeyError', code: 'CALL_FAILED' });
  assert.equal((await stream.next()).done, true);
});

for (const how of ['return', 'throw']) {
  test('a stream that is left by ' + how + ' tells Python, and ends who still asks', async () => {
    const page = openPage();
    const stream = page.aurora.stream('count');
    const first = watch(stream.next());
    said(page);
    const left = watch(stream[how]('x'));
    await settled();
    assert.deepEqual(said(page), [[5, 'c1']]);
    assert.deepEqual(plain(first.value), { done: true });
    assert.deepEqual(plain(how === 'return' ? left.value : left.error), how === 'return' ? { value: 'x', done: true } : 'x');
    page.deliver(1, [6, 'c1', 1]);
    assert.equal((await stream.next()).done, true);
    assert.deepEqual(said(page), []);
  });
}

test('a stream that was never begun is left without a word', async () => {
  const page = openPage();
  const stream = page.aurora.stream('count');
  assert.equal(stream[Symbol.asyncIterator](), stream);
  await stream.return();
  assert.equal((await stream.next()).done, true);
  assert.deepEqual(said(page), []);
});

test('a stream takes a signal, a timeout, and refuses a bad name or params at once', async () => {
  const page = openPage();
  const stop = new page.window.AbortController();
  const aborted = watch(page.aurora.stream('a', undefined, { signal: stop.signal }).next());
  const late = watch(page.aurora.stream('b', undefined, { timeout: 10 }).next());
  const patient = watch(page.aurora.stream('c').next());
  said(page);
  stop.abort();
  page.pass(100000);
  await settled();
  assert.equal(aborted.error.name, 'AbortError');
  assert.equal(late.error.code, 'TIMEOUT');
  assert.deepEqual(patient, {});
  assert.deepEqual(said(page), [[5, 'c1'], [5, 'c2']]);
  assert.throws(() => page.aurora.stream('no name'), { code: 'INVALID_NAME' });
  assert.throws(() => page.aurora.stream('a', 1n), { code: 'SERIALIZATION' });
});

test('pagehide ends streams with CANCELLED', async () => {
  const page = openPage();
  const seen = watch(page.aurora.stream('count').next());
  page.fire('pagehide');
  await settled();
  assert.equal(seen.error.code, 'CANCELLED');
});

// ------------------------------------------------------------------------------------------------ calls of Python

test('an exposed function answers in the message that acknowledges its call', () => {
  const page = openPage();
  page.aurora.expose('double', (n) => n * 2);
  page.turn();
  page.deliver(1, [7, 'p1', 'double', 4], [7, 'p2', 'double', 5]);
  page.turn();
  const last = page.envelopes().pop();
  assert.equal(last.ack, 1);
  assert.deepEqual(last.msgs, [[8, 'p1', 8], [8, 'p2', 10]]);
});

test('an exposed function may answer later, and report until then', async () => {
  const page = openPage();
  let finish;
  page.aurora.expose('slow', (_, { progress }) => new Promise((resolve) => {
    progress(0.5, 'half');
    finish = () => { progress(undefined); resolve('done'); progress(1); };
  }));
  page.deliver(1, [7, 'p1', 'slow']);
  assert.deepEqual(said(page), [[10, 'p1', 0.5, 'half']]);
  finish();
  await settled();
  assert.deepEqual(said(page), [[10, 'p1', null, ''], [10, 'p1', 1, ''], [8, 'p1', 'done']]);
});

test('what an exposed function throws reaches Python, whatever it is', async () => {
  const page = openPage();
  const thrown = [
    [Object.assign(new page.window.TypeError('no'), { code: 'NO_LAYER', data: [1] }), ['TypeError', 'no', 'NO_LAYER', [1]]],
    ['text', ['Error', 'text', '', null]],
    [undefined, ['Error', 'undefined', '', null]],
    [{ message: 'odd', data: 1n }, ['Error', '[object Object]', '', null]],
  ];
  thrown.forEach(([error], n) => {
    page.aurora.expose('f' + n, () => { throw error; });
    page.deliver(n + 1, [7, 'p' + n, 'f' + n]);
  });
  page.aurora.expose('rejects', () => Promise.reject(new page.window.Error('later')));
  page.aurora.expose('unfit', () => 1n);
  page.deliver(5, [7, 'p4', 'rejects'], [7, 'p5', 'unfit']);
  await settled();
  const told = said(page).map(([kind, id, error]) => [kind, id, error.name, error.message, error.code, error.data ?? null]);
  assert.deepEqual(told.slice(0, 4), thrown.map(([, expected], n) => [9, 'p' + n, ...expected]));
  assert.deepEqual(told.slice(4).map((one) => [one[1], one[4]]).sort(), [['p4', ''], ['p5', 'SERIALIZATION']]);
});

test('an unknown function is refused with the names of those there are', () => {
  const page = openPage();
  const takeBack = page.aurora.expose('a', () => 1);
  page.aurora.expose('b', () => 1);
  page.aurora.expose('a', () => 2);
  takeBack(); // of the first, which the second has replaced
  page.deliver(1, [7, 'p1', 'c']);
  const [[kind, id, error]] = said(page);
  assert.deepEqual([kind, id, error.code, error.data], [9, 'p1', 'COMMAND_NOT_FOUND', { exposed: ['a', 'b'] }]);
  assert.throws(() => page.aurora.expose('a', 1), /needs a function, not a number/);
  assert.throws(() => page.aurora.expose('no name', () => 1), { code: 'INVALID_NAME' });
});

test('a call Python has cancelled is aborted, and its answer stays here', async () => {
  const page = openPage();
  let context;
  let finish;
  page.aurora.expose('slow', (_, given) => { context = given; return new Promise((resolve) => { finish = resolve; }); });
  page.deliver(1, [7, 'p1', 'slow']);
  page.deliver(2, [8, 'p1'], [8, 'p9']);
  assert.equal(context.signal.aborted, true);
  finish(1);
  context.progress(1);
  await settled();
  assert.deepEqual(said(page), []);
});

test('a source runs in its turn, whether it was handed over before or after', async () => {
  const page = openPage();
  const log = [];
  page.aurora.on('n', (n) => log.push(n));
  assert.equal(page.handOver('p1', async () => { log.push('source'); return log.length; }), 1);
  page.deliver(1, [0, 'n', 1], [9, 'p1'], [0, 'n', 2]);
  page.deliver(2, [9, 'p2']);
  page.handOver('p2', async () => 'late');
  await settled();
  assert.deepEqual(log, [1, 'source', 2]);
  assert.deepEqual(said(page), [[8, 'p1', 2], [8, 'p2', 'late']]);
});

test('a source that was cancelled before its turn never runs', () => {
  const page = openPage();
  let ran = false;
  page.handOver('p1', async () => { ran = true; });
  page.deliver(1, [8, 'p1'], [9, 'p1']);
  assert.equal(ran, false);
});
