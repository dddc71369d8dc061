// Values no sane page sends: getters, proxies and texts that throw, endless or huge ones. Each call ends, no message is lost.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { LIMITS, SECRET, isListen, openPage } from './fake-page.mjs';

/** What the page has said since it was asked last, without its hello and the names it listens to. */
function said(page) {
  page.turn();
  const all = page.sent.map((text) => JSON.parse(text)).filter((message) => message.type === 9)
    .flatMap((message) => JSON.parse(message.value.slice(SECRET.length))[3]).filter((message) => !isListen(message));
  const news = all.slice(page.heard || 1);
  page.heard = all.length;
  return news;
}

const settled = () => new Promise((resolve) => { setImmediate(resolve); });

/** What a page may throw, or pass on. @param {any} page */
const oddValues = (page) => page.run(`({
  'an object without a prototype': Object.create(null),
  'an object whose toString throws': { toString() { throw new Error('no'); } },
  'an object whose toString gives an object': { toString: () => ({}), valueOf: () => ({}) },
  'an object whose getters throw': Object.defineProperties({}, Object.fromEntries(
    ['name', 'message', 'code', 'stack', 'data', 'then', 'toJSON', 'toString', 'constructor'].map(
      (key) => [key, { enumerable: true, get() { throw new TypeError('getter'); } }]))),
  'an error whose getters throw': (() => {
    const error = new Error('x');
    ['stack', 'name', 'message', 'code', 'data'].forEach((key) => (
      Object.defineProperty(error, key, { get() { throw new TypeError('getter'); } })));
    return error;
  })(),
  'a frozen error': Object.freeze(new Error('frozen')),
  'an error of which nothing is a text': Object.assign(new Error(''), { name: 3, message: {}, code: [], stack: 1n, data: 1n }),
  'an error with a cycle': (() => { const error = new Error('x'); error.data = error; return error; })(),
  'an error whose data throws': Object.assign(new Error('x'), { data: { toJSON() { throw new Error('no'); } } }),
  'a symbol': Symbol('s'),
  'a big integer': 1n,
  'a proxy that throws': new Proxy({}, new Proxy({}, { get() { throw new Error('trap'); } })),
  'a proxy that was revoked': (() => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy; })(),
  'a function proxy that was revoked': (() => { const { proxy, revoke } = Proxy.revocable(() => 1, {}); revoke(); return proxy; })(),
  'a function': () => 1,
  'null': null,
  'undefined': undefined,
  'NaN': NaN,
  'an empty text': '',
})`);

const KINDS = Object.keys(oddValues(openPage()));

for (const kind of KINDS) {
  test(`function that throws ${kind} ends its call, and the others of the batch get their results`, async () => {
    const page = openPage();
    const odd = oddValues(page)[kind];
    page.aurora.expose('bad', () => { throw odd; });
    page.aurora.expose('late', () => Promise.reject(odd)); // eslint-disable-line prefer-promise-reject-errors
    page.aurora.expose('good', () => 7);
    page.aurora.on('tick', () => { throw odd; });
    page.deliver(1, [7, 'p1', 'bad'], [0, 'tick', 1], [7, 'p2', 'late'], [7, 'p3', 'good']);
    await settled();
    const ended = new Map(said(page).map(([told, id, value]) => [id, [told, value]]));
    assert.deepEqual(Array.from(ended.keys()).sort(), ['p1', 'p2', 'p3']);
    for (const id of ['p1', 'p2']) {
      const [told, { name, message, code, stack }] = ended.get(id);
      assert.equal(told, 9);
      [name, message, code, stack].forEach((text) => assert.equal(typeof text, 'string'));
    }
    assert.deepEqual(ended.get('p3'), [8, 7]);
    assert.equal(page.envelopes().pop().ack, 1);
  });

  test(`${kind} as a result, detail, params, progress, name or key costs nothing but itself`, async () => {
    const page = openPage();
    const odd = oddValues(page)[kind];
    page.aurora.expose('result', () => odd);
    page.aurora.expose('soon', () => Promise.resolve().then(() => odd));
    page.aurora.expose('progress', (_, context) => { context.progress(odd, odd); context.progress(0.5, odd); return 1; });
    page.aurora.emit('odd', odd);
    page.aurora.emit('inside', { odd });
    page.aurora.emit(odd, 1);
    page.window.dispatchEvent(new CustomEvent('dom', { detail: odd }));
    page.aurora.call('f', odd).catch(() => 0);
    page.aurora.call(odd).catch(() => 0);
    page.aurora.call('f', 1, { timeout: odd }).catch(() => 0);
    page.aurora.state.place = odd;
    page.aurora.state.other = { odd };
    page.aurora.emit('after', 1);
    page.deliver(1, [7, 'p1', 'result'], [7, 'p2', 'soon'], [7, 'p3', 'progress']);
    await settled();
    const messages = said(page);
    assert.ok(messages.some(([told, name]) => told === 0 && name === 'after'));
    for (const id of ['p1', 'p2', 'p3']) {
      assert.equal(messages.filter(([told, of]) => of === id && (told === 8 || told === 9)).length, 1, id);
    }
  });
}

test('thenable that calls both its callbacks, and throws, ends its call once', async () => {
  const page = openPage();
  page.aurora.expose('f', () => ({ then(resolve, reject) { resolve(1); reject(new Error('x')); throw new Error('y'); } }));
  page.deliver(1, [7, 'p1', 'f']);
  await settled();
  assert.deepEqual(said(page), [[8, 'p1', 1]]);
});

test('subclass of CustomEvent whose detail throws is a console.error, and reaches the page', () => {
  const page = openPage();
  class Odd extends CustomEvent {
    get detail() { throw new Error('mine'); }
  }
  const got = [];
  page.window.addEventListener('odd', () => got.push(1));
  page.window.dispatchEvent(new Odd('odd'));
  assert.deepEqual(got, [1]);
  assert.match(page.errors[0], /an event could not be read.*mine/);
});

test('signal that is no signal rejects its call, and one that cannot be released ends it', async () => {
  const page = openPage();
  await assert.rejects(page.aurora.call('f', 1, { signal: {} }));
  const signal = { addEventListener() {}, removeEventListener() { throw new Error('stuck'); } };
  const answer = page.aurora.call('f', 1, { signal });
  page.deliver(1, [1, 'c2', 'x'], [0, 'tick', 1]);
  assert.equal(await answer, 'x');
  assert.match(page.errors[0], /signal of a call cannot be released.*stuck/);
  const odd = { aborted: true, get reason() { throw new Error('no'); } };
  await assert.rejects(page.aurora.call('f', 1, { signal: odd }), { name: 'AbortError' });
  await assert.rejects(page.aurora.stream('f', 1, { signal: odd }).next(), { name: 'AbortError' });
});

test('message of Python that fails in the runtime costs no other of its batch', () => {
  const page = openPage();
  const got = [];
  page.aurora.on('tick', (detail) => got.push(detail));
  page.deliver(1, [99, 'x'], [3, '', 7], [0, 'tick', 1]);
  page.turn();
  assert.deepEqual(got, [1]);
  assert.equal(page.envelopes().pop().ack, 1);
  assert.equal(page.errors.length, 2);
});

// Too much

const HUGE = 'x'.repeat(LIMITS.messageChars);

test('everything over the limit is refused with its name, and what comes after it goes', async () => {
  const page = openPage({ state: '[1,{"list":[]}]' });
  page.aurora.expose('result', () => HUGE);
  page.aurora.emit('detail', HUGE);
  page.aurora.emit('escaped', '\u0001'.repeat(LIMITS.messageChars / 5));
  page.aurora.emit(HUGE, 1);
  page.window.ipc.postMessage(HUGE);
  page.window.ipc.postMessage('\u0001'.repeat(LIMITS.messageChars / 5));
  page.aurora.state[HUGE] = 1;
  page.aurora.state['k'.repeat(LIMITS.messageChars / 2)] = 'v'.repeat(LIMITS.messageChars / 2);
  page.aurora.state.value = HUGE;
  page.aurora.state.list.push(HUGE);
  page.aurora.emit('values', Array(LIMITS.values + 1).fill(0));
  await assert.rejects(page.aurora.call('params', HUGE), { code: 'MESSAGE_TOO_LARGE', message: /call of "params": \d+ characters/ });
  await assert.rejects(page.aurora.call(HUGE), { code: 'INVALID_NAME' });
  assert.throws(() => page.aurora.stream('items', HUGE), { code: 'MESSAGE_TOO_LARGE', message: /stream of "items"/ });
  page.deliver(1, [7, 'p1', 'result']);
  page.aurora.emit('after', 1);
  const messages = said(page);
  assert.deepEqual(messages.map(([kind, id]) => [kind, id]), [[9, 'p1'], [0, 'after']]);
  assert.equal(messages[0][2].code, 'MESSAGE_TOO_LARGE');
  assert.match(messages[0][2].message, /result of "result": \d+ characters are over the limit/);
  const told = page.errors.join('\n');
  for (const name of ['event "detail"', 'event "escaped"', 'ipc.postMessage', 'state "xxxx', 'state "kkkk', 'state "value"',
    'state "list"', 'event "values": more than 500000 values']) {
    assert.ok(told.includes(name), name);
  }
  assert.ok(told.length < 50 * LIMITS.textChars);
  assert.equal(page.aurora.state.value, undefined);
});

test('texts of an error and of progress are cut where they are too long', () => {
  const page = openPage();
  page.aurora.expose('f', (_, context) => {
    context.progress(0.5, HUGE);
    throw Object.assign(new page.window.Error(HUGE), { name: HUGE, code: HUGE, stack: HUGE, data: HUGE });
  });
  page.deliver(1, [7, 'p1', 'f']);
  const [progress, [, , error]] = said(page);
  for (const text of [progress[3], error.name, error.message, error.code, error.stack]) {
    assert.ok(text.startsWith('xxxx') && text.length < LIMITS.textChars + 50 && text.endsWith(`(${HUGE.length} characters)`));
  }
  assert.equal(error.data, null);
  assert.match(page.errors[0], /data of the error of "f": \d+ characters/);
});

test('progress that is no number from 0 to 1 is a console.error', () => {
  const page = openPage();
  page.aurora.expose('f', (_, context) => {
    [NaN, Infinity, -1, 1.5, '0.5', true, {}, null, undefined, 0, 1].forEach((fraction) => context.progress(fraction));
  });
  page.deliver(1, [7, 'p1', 'f']);
  assert.deepEqual(said(page).slice(0, -1).map((message) => message[2]), [null, null, 0, 1]);
  assert.equal(page.errors.length, 7);
  assert.match(page.errors[0], /progress of "f": NaN is no number from 0 to 1/);
});

test('error about an unknown function lists no more names than Python looks at', () => {
  const page = openPage({ limits: { ...LIMITS, namesInError: 3 } });
  Array.from({ length: 5 }, (_, n) => page.aurora.expose('f' + n, () => 1));
  page.deliver(1, [7, 'p1', 'g']);
  assert.deepEqual(said(page)[0][2].data, { exposed: ['f0', 'f1', 'f2'] });
});

test('calls over the limit are refused, and may be made when others have ended', async () => {
  const page = openPage({ limits: { ...LIMITS, calls: 3 } });
  const answers = [1, 2, 3].map((n) => page.aurora.call('f', n));
  await assert.rejects(page.aurora.call('f', 4), { name: 'TooManyCallsError', code: 'TOO_MANY_CALLS', message: /call of "f": 3 calls/ });
  await assert.rejects(page.aurora.stream('s').next(), { code: 'TOO_MANY_CALLS' });
  assert.equal(said(page).length, 3);
  page.deliver(1, [1, 'c1', 'one']);
  assert.equal(await answers[0], 'one');
  page.aurora.call('f', 5);
  assert.equal(said(page).length, 1);
});

test('timeouts that are no number are refused, and long ones do not ring at once', async () => {
  const page = openPage();
  for (const timeout of [NaN, '5', {}, true]) {
    await assert.rejects(page.aurora.call('f', 1, { timeout }), /its timeout has to be a number of milliseconds/);
  }
  await assert.rejects(page.aurora.stream('f', 1, { timeout: '5' }).next(), /its timeout has to be a number/);
  page.aurora.call('f', 1, { timeout: 2 ** 40 });
  assert.equal(Math.max(...Array.from(page.timers.values(), (timer) => timer.delay)), 2 ** 31 - 1);
  page.pass(2 ** 31);
  assert.equal(page.timers.size, 1); // it goes on
  page.aurora.call('f', 1, { timeout: -1 });
  page.aurora.call('f', 1, { timeout: null });
  page.aurora.call('f', 1, { timeout: Infinity });
  assert.equal(said(page).length, 4);
});

test('long texts, and texts full of quotes and backslashes, are told apart from depth and values', () => {
  const page = openPage({ limits: { ...LIMITS, values: 3 } });
  const texts = ['[[[{{{,,,,'.repeat(50), '"[{,\\'.repeat(50), '\\"'.repeat(100), '\\'.repeat(201), '"'.repeat(201)];
  texts.forEach((text) => page.aurora.emit('text', text));
  texts.forEach((text) => page.aurora.emit('inside', { [text]: [text] }));
  page.aurora.emit('many', [texts[0], 1, 2, 3]);
  page.turn();
  assert.equal(page.errors.length, 1);
  assert.match(page.errors[0], /event "many": more than 3 values/);
  assert.equal(said(page).length, 2);
});
