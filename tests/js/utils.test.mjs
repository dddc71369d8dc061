// auroraview.utils on a page whose clock is turned by hand.

import assert from 'node:assert/strict';
import test from 'node:test';

import { openPage } from './fake-page.mjs';

function setUp(name, wait) {
  const page = openPage();
  const got = [];
  const fn = page.aurora.utils[name]((...args) => got.push(args), wait);
  return { page, got, fn };
}

test('debounce calls once, as the last call asked, when the calls have stopped', () => {
  const { page, got, fn } = setUp('debounce', 100);
  fn(1);
  page.pass(99);
  fn(2, 'b');
  page.pass(99);
  assert.deepEqual(got, []);
  page.pass(1);
  assert.deepEqual(got, [[2, 'b']]);
  page.pass(1000);
  assert.equal(got.length, 1);
  fn(3);
  page.pass(100);
  assert.deepEqual(got[1], [3]);
});

test('debounce keeps this, and can be cancelled and flushed', () => {
  const page = openPage();
  const seen = [];
  const object = { fn: page.aurora.utils.debounce(function fn() { seen.push(this); }, 10) };
  object.fn();
  page.pass(10);
  assert.equal(seen[0], object);
  object.fn();
  object.fn.cancel();
  page.pass(10);
  assert.equal(seen.length, 1);
  object.fn();
  object.fn.flush();
  assert.equal(seen.length, 2);
  page.pass(10);
  object.fn.flush();
  assert.equal(seen.length, 2);
});

test('a debounced function may call itself', () => {
  const page = openPage();
  let count = 0;
  const fn = page.aurora.utils.debounce(() => { count += 1; fn(); }, 10);
  fn();
  page.pass(10);
  page.pass(10);
  assert.equal(count, 2);
});

test('throttle calls at once, then at most once in the time, the last one included', () => {
  const { page, got, fn } = setUp('throttle', 100);
  fn(1);
  assert.deepEqual(got, [[1]]);
  fn(2);
  fn(3);
  page.pass(99);
  assert.equal(got.length, 1);
  page.pass(1);
  assert.deepEqual(got, [[1], [3]]);
  fn(4);
  assert.equal(got.length, 2);
  page.pass(100);
  assert.deepEqual(got[2], [4]);
  page.pass(100);
  fn(5);
  assert.deepEqual(got[3], [5]);
  assert.equal(got.length, 4);
});

test('throttle goes on after cancel and after a function that throws', () => {
  const { page, got, fn } = setUp('throttle', 100);
  fn(1);
  fn(2);
  fn.cancel();
  fn(3);
  assert.deepEqual(got, [[1], [3]]);
  page.pass(500);
  assert.equal(got.length, 2);

  let calls = 0;
  const bad = page.aurora.utils.throttle(() => { calls += 1; throw new Error('no'); }, 100);
  assert.throws(() => bad());
  bad();
  assert.throws(() => page.pass(100));
  page.pass(100);
  assert.throws(() => bad());
  assert.equal(calls, 3);
});

test('any sequence of throttled calls, pauses and cancels loses no last call and never calls too often', () => {
  for (let seed = 1; seed < 200; seed += 1) {
    const { page, got, fn } = setUp('throttle', 10);
    let state = seed;
    let now = 0;
    let last = 0;
    const times = [];
    const random = (n) => { state = (state * 1103515245 + 12345) % 2147483648; return state % n; };
    for (let step = 0; step < 40; step += 1) {
      const before = got.length;
      if (random(3)) {
        last = step;
        fn(step);
      } else {
        now += 1;
        page.pass(1);
      }
      if (got.length > before) {
        times.push(now);
      }
    }
    page.pass(10);
    page.pass(10);
    assert.equal(got.length ? got[got.length - 1][0] : last, last, 'seed ' + seed);
    for (let i = 1; i < times.length; i += 1) {
      assert.ok(times[i] - times[i - 1] >= 10, 'seed ' + seed);
    }
  }
});

test('once calls the first time only and remembers the result', () => {
  const page = openPage();
  let count = 0;
  const fn = page.aurora.utils.once((a) => { count += 1; return a; });
  assert.deepEqual([fn(7), fn(8), count], [7, 7, 1]);
});

test('debounce with leading calls at once and returns the last result; without trailing it forgets the rest', () => {
  const page = openPage();
  const got = [];
  const { debounce } = page.aurora.utils;
  const both = debounce((value) => { got.push(value); return value * 2; }, 100, { leading: true });
  assert.equal(both(1), 2);
  assert.equal(both(2), 2);
  assert.equal(both.pending(), true);
  page.pass(100);
  assert.deepEqual(got, [1, 2]);
  assert.equal(both.pending(), false);
  assert.equal(both.flush(), 4);
  got.length = 0;
  const first = debounce((value) => got.push(value), 100, { leading: true, trailing: false });
  first(1);
  first(2);
  page.pass(100);
  assert.deepEqual(got, [1]);
  first(3);
  assert.deepEqual(got, [1, 3]);
});

test('debounce with maxWait calls at least that often', () => {
  const page = openPage();
  const got = [];
  const fn = page.aurora.utils.debounce((value) => got.push(value), 100, { maxWait: 150 });
  for (let i = 0; i < 5; i += 1) {
    fn(i);
    page.pass(50);
  }
  assert.deepEqual(got, [2]);
  page.pass(50);
  assert.deepEqual(got, [2, 4]);
  fn(9);
  assert.equal(fn.pending(), true);
  fn.cancel();
  assert.equal(fn.pending(), false);
  page.pass(1000);
  assert.deepEqual(got, [2, 4]);
});

test('throttle returns the last result, can be flushed, and leaves out its first or last call as told', () => {
  const page = openPage();
  const got = [];
  const { throttle } = page.aurora.utils;
  const fn = throttle((value) => { got.push(value); return value * 2; }, 100);
  assert.equal(fn(1), 2);
  assert.equal(fn(2), 2);
  assert.equal(fn.pending(), true);
  assert.equal(fn.flush(), 4);
  assert.equal(fn.pending(), false);
  fn(3); // within the time of the call that flush has made
  assert.deepEqual(got, [1, 2]);
  page.pass(100);
  assert.deepEqual(got, [1, 2, 3]);
  page.pass(100);
  got.length = 0;
  const last = throttle((value) => got.push(value), 100, { leading: false });
  last(1);
  last(2);
  assert.deepEqual(got, []);
  page.pass(100);
  assert.deepEqual(got, [2]);
  const first = throttle((value) => got.push(value), 100, { trailing: false });
  first(5);
  first(6);
  page.pass(100);
  assert.deepEqual(got, [2, 5]);
});
