// Exact values: what JSON lacks travels as an escape, and what has no exact form is refused with its path.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { LIMITS, openPage } from './fake-page.mjs';

/** What Python gets of an event whose detail is an expression, or else the error. */
function sent(source, options) {
  const page = openPage(options);
  page.aurora.emit('x', page.run('(' + source + ')'));
  page.turn();
  const [message] = page.messages();
  return message ? message.detail : page.errors[0];
}

/** A value with the intrinsics of this world, and of arrays of numbers all that can be seen of them. */
function plain(value) {
  if (ArrayBuffer.isView(value)) {
    return [value.constructor.name, ...Array.from(value, Number), value.shape && Array.from(value.shape), value.dtype];
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  return Array.isArray(value) ? Array.from(value, plain) : Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

const I = Infinity; // the mark, as JSON.parse reads it
const SENT = {
  '{a: NaN, b: [Infinity, -Infinity], c: -0}': { a: [I, 'number', 'NaN'], b: [[I, 'number', 'Infinity'], [I, 'number', '-Infinity']], c: [I, 'number', '-0'] },
  '[2 ** 53 - 1, 1 - 2 ** 53, 0, 1e21, 5e-324]': [2 ** 53 - 1, 1 - 2 ** 53, 0, 1e21, 5e-324],
  '[2 ** 53, -(2 ** 60)]': [[I, 'number', '9007199254740992'], [I, 'number', '-1152921504606847000']],
  '{a: undefined, b: [undefined, , 1]}': { b: [null, null, 1] },
  'new Map([["a", 1], [2, new Map([[true, NaN]])]])': { a: 1, 2: { true: [I, 'number', 'NaN'] } },
  '{s: new Set(["a", new Set()])}': { s: ['a', []] },
  'new Date(0)': '1970-01-01T00:00:00.000Z',
  '{e: Object.assign(new TypeError("no"), {stack: "s", more: 1})}': { e: { name: 'TypeError', message: 'no', stack: 's' } },
  '[new Number(-0), new String("a"), new Boolean(false)]': [[I, 'number', '-0'], 'a', false],
  'new (class Point { constructor() { this.x = NaN; } })': { x: [I, 'number', 'NaN'] },
  'new (class Point { constructor() { this.x = 1; } get [Symbol.toStringTag]() { return "Point"; } })': { x: 1 },
  '{toJSON: () => ({a: NaN})}': { a: [I, 'number', 'NaN'] },
  'Object.assign(Object.create(null), {a: -0})': { a: [I, 'number', '-0'] },
  'JSON.parse(\'{"__proto__": 1, "a": {"__proto__": [5]}}\')': JSON.parse('{"__proto__": 1, "a": {"__proto__": [5]}}'),
  'Object.assign(JSON.parse(\'{"__proto__": 1}\'), {a: -0})': JSON.parse('{"__proto__": 1, "a": [1e999, "number", "-0"]}'),
  'new Uint8Array([0, 255])': [I, 'bytes', 'AP8='],
  '[new Uint8Array([1, 2, 3]).buffer, new Uint8Array([1, 2, 3]).subarray(1), new DataView(new ArrayBuffer(1))]': [[I, 'bytes', 'AQID'], [I, 'bytes', 'AgM='], [I, 'bytes', 'AA==']],
  'new Float32Array([1, 2])': [I, 'array', 'float32', [2], 'AACAPwAAAEA='],
  'Object.assign(new Float32Array([1, 2]), {shape: [2, 1]})': [I, 'array', 'float32', [2, 1], 'AACAPwAAAEA='],
  'Object.assign(new Float32Array([1, 2]), {shape: [7]})': [I, 'array', 'float32', [2], 'AACAPwAAAEA='],
  'Object.assign(new Uint8Array([1, 0]), {shape: [2], dtype: "bool"})': [I, 'array', 'bool', [2], 'AQA='],
  'new BigInt64Array([-1n])': [I, 'array', 'int64', [1], '//////////8='],
  'new Uint8ClampedArray([300])': [I, 'bytes', '/w=='],
  '"\\ud800 \\t 1e999"': '\ud800 \t 1e999',
};
for (const [source, expected] of Object.entries(SENT)) {
  test('value that is sent as the protocol says: ' + source, () => assert.deepEqual(plain(sent(source)), expected));
}

const REFUSED = {
  '{rows: [0, 1, 2, {matrix: () => 1}]}': 'detail.rows[3].matrix is a function',
  '{a: 1, "odd key": Symbol()}': 'detail["odd key"] is a symbol',
  '[10n]': 'detail[0] is a BigInt: send a string',
  '{selection: /x/g}': 'detail.selection is a RegExp',
  '{a: {b: Promise.resolve()}}': 'detail.a.b is a Promise',
  'new WeakMap()': 'detail is a WeakMap',
  'new (class Later extends Promise {})(() => 1)': 'detail is a Promise',
  'new (class Store extends WeakSet {})': 'detail is a WeakSet',
  '(function* () {})()': 'detail is a Generator',
  '{when: new Date(NaN)}': 'detail.when is an invalid Date',
  'new Map([[{}, 1]])': 'detail is a Map with a key that is no text, number or boolean',
  'new Map([[1, 1], ["1", 1]])': 'detail is a Map with two keys that are "1" as text',
  '(() => { const a = {b: [1]}; a.b.push(a); return a; })()': 'detail.b[1] is an object that contains itself',
  '{node: new Node()}': 'detail.node is a DOM Object',
  '{w: window}': 'detail.w is a DOM ',
  '{get a() { throw new Error("getter"); }}': 'getter',
  '{m: new Map([["deep", {cb() {}}]])}': 'detail.m.deep.cb is a function',
  'new Array(5000000)': 'more than 500000 values',
  '(() => { let a = NaN; for (let i = 0; i < 65; i += 1) { a = [a]; } return a; })()': 'nested deeper than 64 levels',
};
for (const [source, expected] of Object.entries(REFUSED)) {
  test('value that is refused with its path: ' + source, () => {
    assert.ok(sent(source).includes('event "x": ' + expected), sent(source));
  });
}

test('value over the limit is refused with its name and size', () => {
  const limits = { ...LIMITS, messageChars: 100 };
  assert.match(sent('"x".repeat(200)', { limits }), /MessageTooLargeError: event "x": 202 characters are over the limit of 100/);
  assert.match(sent('new Uint8Array(200)', { limits }), /MessageTooLargeError: event "x": \d+ characters are over the limit of 100/);
});

test('value at the limits is sent', () => {
  for (const source of ['Array(500000).fill(1)', 'Array(499999).fill(1).concat(-0)', '(() => { let a = 1; for (let i = 0; i < 64; i += 1) { a = [a]; } return a; })()']) {
    const page = openPage();
    page.aurora.emit('x', page.run(source));
    assert.deepEqual(page.errors, []);
  }
});

const GOT = {
  '[\t1e999,"number","NaN"]': NaN,
  '{"a":[[\t1e999,"number","-Infinity"],-0.0]}': { a: [-Infinity, -0] },
  '[\t1e999,"bytes","AP8="]': ['Uint8Array', 0, 255, undefined, undefined],
  '{"__proto__":[\t1e999,"number","Infinity"]}': JSON.parse('{"__proto__": 1e999}'),
  '[\t1e999,"array","float32",[2,1],"AACAPwAAAEA="]': ['Float32Array', 1, 2, [2, 1], 'float32'],
  '[\t1e999,"array","int64",[1],"//////////8="]': ['BigInt64Array', -1, [1], 'int64'],
  '[\t1e999,"array","bool",[2],"AQA="]': ['Uint8Array', 1, 0, [2], 'bool'],
  '[\t1e999,"nothing"]': null,
};
for (const [text, expected] of Object.entries(GOT)) {
  test('value that is got as the protocol says: ' + text, () => {
    const page = openPage();
    const got = [];
    page.aurora.on('x', (detail) => got.push(plain(detail)));
    page.piece(1, '[[0,"x",7,' + text + ',8]]', false);
    assert.deepEqual(got, [7, expected, 8]);
  });
}

test('state holds numbers and bytes that JSON lacks, whole and frozen around them', () => {
  const page = openPage({ state: '[1,{"scene":{"mass":[\t1e999,"number","NaN"],"xyz":[\t1e999,"array","float32",[2],"AACAPwAAAEA="]}}]' });
  const { state } = page.aurora;
  assert.ok(Number.isNaN(state.scene.mass));
  assert.deepEqual(plain(state.scene.xyz), ['Float32Array', 1, 2, [2], 'float32']);
  state.scene.limits = page.run('[-0, new Uint8Array([7])]');
  assert.ok(Object.is(state.scene.limits[0], -0));
  assert.equal(state.scene.limits[1][0], 7);
  page.turn();
  assert.deepEqual(page.messages(), [[4, 1, 0, ['scene', 'limits'], [[I, 'number', '-0'], [I, 'bytes', 'Bw==']]]]);
  page.piece(1, '[[4,"",[3,1,[1,[0,["scene","xyz"],[\t1e999,"bytes","AQ=="]]]]]]', false);
  assert.equal(state.scene.xyz[0], 1);
  assert.equal(page.errors.length, 0);
});

/** A page whose requests the test answers. */
function openLoading() {
  const page = openPage({
    dataUrl: 'auroraview://view-1/data/',
    before: `globalThis.requests = [];
      globalThis.XMLHttpRequest = class {
        open(method, url) { this.url = url; }
        send() { requests.push(this); }
        answer(text) { this.response = text && Uint8Array.from(text, (c) => c.charCodeAt(0)).buffer; this.onloadend(); }
      };`,
  });
  page.got = [];
  page.aurora.on('x', (detail) => page.got.push(plain(detail)));
  page.turn();
  return page;
}

const [ONE, TWO] = ['1'.repeat(32), '2'.repeat(32)];
const named = (...ids) => '[[0,"x",0' + ids.map((id) => ',[\t1e999,"bytes","#' + id + '"]').join('') + ']]';
const bytes = (...numbers) => ['Uint8Array', ...numbers, undefined, undefined];

test('batch with large data waits until all of it is there, and later batches wait behind it', () => {
  const page = openLoading();
  page.piece(1, named(ONE, TWO), false);
  page.piece(2, '[[0,"x",9]]', false);
  const requests = page.run('requests');
  assert.deepEqual(Array.from(requests, ({ url }) => url), ['auroraview://view-1/data/' + ONE, 'auroraview://view-1/data/' + TWO]);
  requests[1].answer('b');
  assert.deepEqual(page.got, []);
  requests[0].answer('a');
  assert.deepEqual(page.got, [0, bytes(97), bytes(98), 9]);
  page.turn();
  assert.equal(page.envelopes().pop().ack, 2);
});

test('batch whose data cannot be fetched is asked for again, and run in its turn', async () => {
  const page = openLoading();
  page.piece(1, named(ONE), false);
  page.piece(2, '[[0,"x",9]]', false);
  page.run('requests')[0].answer(null);
  page.turn();
  assert.deepEqual(page.messages().slice(-1), [{ type: 'lacks', number: 1 }]);
  assert.deepEqual(page.got, []);
  page.piece(1, '[[0,"x",[\t1e999,"bytes","YQ=="]]]', false);
  assert.deepEqual(page.got, [bytes(97), 9]);
});

test('page without requests asks for the data in the text', async () => {
  const page = openPage();
  page.piece(1, named(ONE), false);
  await new Promise((resolve) => { setImmediate(resolve); });
  page.turn();
  assert.deepEqual(page.messages().slice(-1), [{ type: 'lacks', number: 1 }]);
});
