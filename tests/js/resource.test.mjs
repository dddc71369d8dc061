// auroraview.resource: the URLs of Python's functions.

import assert from 'node:assert/strict';
import test from 'node:test';

import { openPage } from './fake-page.mjs';

const { resource } = openPage({ origin: 'auroraview://view-1' }).aurora;

test('a resource has the origin of the view, and its path with or without values', () => {
  assert.equal(resource('/thumb/a'), 'auroraview://view-1/thumb/a');
  assert.equal(resource('thumb/a?x=1'), 'auroraview://view-1/thumb/a?x=1');
  assert.equal(resource('/thumb/{asset}', { asset: 'ü #/?&' }), 'auroraview://view-1/thumb/%C3%BC%20%23%2F%3F%26');
  assert.equal(resource('/f/{p:path}', { p: 'a b/c' }), 'auroraview://view-1/f/a%20b/c');
});

test('values without a place become the query, and missing ones are left out', () => {
  assert.equal(resource('/t/{n}', { n: 0, size: 64, flip: false, name: undefined, other: null }), 'auroraview://view-1/t/0?size=64&flip=false');
  assert.equal(resource('/t?a=1', { b: '&' }), 'auroraview://view-1/t?a=1&b=%26');
});

test('a place without a value is an error that names it', () => {
  assert.throws(() => resource('/t/{n}', { m: 1 }), /no value for \{n\}/);
});

test('without the origin of a view the URL is one of the page', () => {
  assert.equal(openPage().aurora.resource('/t'), '/t');
});
