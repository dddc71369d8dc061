// auroraview.channel: what Python sends on a channel, and when it is heard.

import assert from 'node:assert/strict';
import test from 'node:test';

import { openPage } from './fake-page.mjs';

const EVENT = '__auroraview_channel';

function setUp() {
  const page = openPage();
  let number = 0;
  return {
    page,
    python: (...messages) => page.deliver(number += 1, ...messages.map((message) => [0, EVENT, message])),
    got: [],
  };
}

test('messages reach every handler in order', () => {
  const { page, python, got } = setUp();
  const channel = page.aurora.channel('a');
  channel.onMessage((data) => got.push(['one', data]));
  channel.onMessage((data) => got.push(['two', data]));
  python({ id: 'a', data: 1 }, { id: 'b', data: 9 }, { id: 'a', data: null });
  assert.deepEqual(got, [['one', 1], ['two', 1], ['one', null], ['two', null]]);
  assert.equal(channel.id, 'a');
});

test('messages that come before onMessage, or before the channel is asked for, wait', () => {
  const { page, python, got } = setUp();
  python({ id: 'a', data: 1 });
  const channel = page.aurora.channel('a');
  python({ id: 'a', data: 2 });
  channel.onMessage((data) => got.push(data));
  python({ id: 'a', data: 3 });
  assert.deepEqual(got, [1, 2, 3]);
});

test('a channel that was closed before it was asked for still has its messages', () => {
  const { page, python, got } = setUp();
  python({ id: 'a', data: 1 }, { id: 'a', closed: true });
  const channel = page.aurora.channel('a');
  assert.equal(channel.isClosed, true);
  channel.onMessage((data) => got.push(data));
  channel.onClose(() => got.push('closed'));
  assert.deepEqual(got, [1, 'closed']);
});

test('close is told once, and the id may be used again', () => {
  const { page, python, got } = setUp();
  const first = page.aurora.channel('a');
  assert.equal(page.aurora.channel('a'), first);
  assert.equal(first.isClosed, false);
  first.onClose(() => got.push('closed'));
  python({ id: 'a', closed: true });
  assert.equal(first.isClosed, true);
  const second = page.aurora.channel('a');
  assert.notEqual(second, first);
  second.onMessage((data) => got.push(data));
  python({ id: 'a', data: 2 }, { id: 'a', closed: true });
  assert.deepEqual(got, ['closed', 2]);
});

test('an id Python uses again before anybody asked is a new channel', () => {
  const { page, python, got } = setUp();
  python({ id: 'a', data: 1 }, { id: 'a', closed: true }, { id: 'a', data: 2 });
  page.aurora.channel('a').onMessage((data) => got.push(data));
  assert.deepEqual(got, [2]);
});

test('handlers that were taken out hear nothing, one that raises stops no other', () => {
  const { page, python, got } = setUp();
  const channel = page.aurora.channel('a');
  const remove = channel.onMessage(() => got.push('gone'));
  channel.onMessage(() => { throw new Error('no'); });
  channel.onMessage((data) => got.push(data));
  remove();
  remove();
  python({ id: 'a', data: 1 });
  assert.deepEqual(got, [1]);
  assert.match(page.errors[0], /channel "a" failed/);
  assert.equal(typeof channel.onMessage(7), 'function');
  channel.onMessage('x')();
  assert.match(page.errors[1], /onMessage needs a function/);
});

test('a channel nobody listens to is bounded, and says what it drops', () => {
  const { page, python, got } = setUp();
  python(...Array.from({ length: 10001 }, (_, n) => ({ id: 'a', data: n })));
  page.aurora.channel('a').onMessage((data) => got.push(data));
  assert.equal(got.length, 10000);
  assert.equal(got[0], 1);
  assert.match(page.errors[0], /oldest message is dropped/);
});

