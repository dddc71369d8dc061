// window.open of a page in a panel: null for each new window, and frames as in a browser.

import assert from 'node:assert/strict';
import test from 'node:test';

import { openPage } from './fake-page.mjs';

test('a new window gives null, whatever its name and features', () => {
  const { window, windows } = openPage();
  assert.equal(window.open('https://a/'), null);
  assert.equal(window.open('https://b/', 'help', 'width=200'), null);
  assert.equal(window.open(), null);
  assert.deepEqual(windows.map((args) => Array.from(args)), [
    ['https://a/', '_blank', 'noopener'], ['https://b/', 'help', 'width=200,noopener'], ['', '_blank', 'noopener'],
  ]);
});

test('the page itself and its frames are windows as in a browser', () => {
  const { window, windows } = openPage();
  window.length = 2;
  Object.defineProperty(window, '0', { get() { throw new Error('of another origin'); } });
  window[1] = { name: 'inner' };
  for (const target of ['_self', '_TOP', 'inner']) {
    assert.notEqual(window.open('/a', target), null);
  }
  assert.deepEqual(windows.map((args) => args[2]), ['', '', '']);
  assert.equal(window.open('/a', 'other'), null);
});

test('a window without a gesture is told once, and one after a click is not', () => {
  const { window, warnings } = openPage();
  window.navigator.userActivation.isActive = true;
  window.open('https://a/');
  assert.deepEqual(warnings, []);
  window.navigator.userActivation.isActive = false;
  window.open('https://b/' + 'x'.repeat(1000));
  window.open('https://c/');
  assert.equal(warnings.length, 1);
  assert.match(warnings[0], /window\.open\(https:\/\/b\/x+\) was refused: .* only after a click or a key press/);
  assert.ok(warnings[0].length < 400);
});
