// The page's half of the bridge alone: what it sends, when, and what nobody else gets to see.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { LIMITS, SECRET, openPage } from './fake-page.mjs';

const event = (name, detail) => ({ type: 'event', event: name, detail });
/** Objects made in the page's own realm compare by what they hold. */
const plain = (value) => JSON.parse(JSON.stringify(value));

// Where it starts

for (const href of ['http://evil/', 'http://app.evil/', 'https://app/', 'http://app%2F@evil/', 'about:blank']) {
  test(`runtime on ${href} starts nothing`, () => {
    const page = openPage({ href });
    assert.equal(page.window.auroraview, undefined);
    assert.equal(page.window.ipc, undefined);
    assert.deepEqual(page.sent, []);
    assert.equal(page.raw.onmessage, null);
  });
}

test('runtime in a sub frame, or without a transport, starts nothing', () => {
  for (const options of [{ frame: true }, { transport: false }]) {
    const page = openPage(options);
    assert.equal(page.window.auroraview, undefined);
    assert.deepEqual(page.sent, []);
  }
});

test('runtime below a trusted folder starts however the folder is spelled, outside it does not', () => {
  const trusted = ['file:///x/my app/'];
  assert.ok(openPage({ trusted, href: 'file:///x/my%20app/i.html' }).window.auroraview);
  assert.ok(!openPage({ trusted, href: 'file:///x/my%20app/%2e%2e/i.html' }).window.auroraview);
});

test('public objects cannot be replaced, their keys can be patched', () => {
  const page = openPage();
  page.run("window.auroraview = {api: {}}; window.ipc = 1;");
  assert.equal(page.window.auroraview, page.aurora);
  assert.equal(typeof page.window.ipc.postMessage, 'function');
  page.aurora.emit = 1;
  assert.equal(page.aurora.emit, 1);
  assert.equal(page.aurora.version, '9.9.9');
});

// To Python

test('hello goes first, at once, with what the wire asks for', () => {
  const page = openPage({ commands: ['api.a'] });
  assert.equal(page.sent.length, 2);
  assert.deepEqual(JSON.parse(page.sent[0]), { type: 7, object: 'bridge', signal: 7 });
  const { value, ...write } = JSON.parse(page.sent[1]);
  assert.deepEqual(write, { type: 9, object: 'bridge', property: 5 });
  assert.ok(value.startsWith(SECRET + '["'));
  const [envelope] = page.envelopes();
  assert.match(envelope.doc, /^[0-9a-f]{36}$/);
  assert.equal(envelope.ack, 0);
  assert.deepEqual(envelope.msgs, [{
    type: 'hello', protocol: 3, state: 0, commands: ['api.a'],
    listens: ['__auroraview_capabilities', '__auroraview_channel'],
  }]);
});

test('emits of one task leave as one message, in order with calls and raw messages', () => {
  const page = openPage();
  page.turn();
  for (let n = 0; n < 1000; n += 1) {
    page.aurora.emit('n', n);
  }
  page.aurora.call('f', [1]);
  page.window.dispatchEvent(new CustomEvent('dom', { detail: { a: 1 } }));
  page.window.ipc.postMessage('{"type":"event","event":"low"}');
  page.aurora.send_event('last');
  assert.equal(page.sent.length, 2);
  assert.equal(page.turn(), 1);

  const messages = page.messages();
  assert.deepEqual(messages.slice(0, 1000), Array.from({ length: 1000 }, (_, n) => event('n', n)));
  assert.deepEqual(messages.slice(1000), [
    { type: 'call', id: 'c1', method: 'f', params: [1] }, event('dom', { a: 1 }),
    '{"type":"event","event":"low"}', event('last', null),
  ]);
  assert.equal(page.turn(), 0);
});

test('emits of one name travel as one message of several details', () => {
  const page = openPage();
  [1, 2].forEach((n) => page.aurora.emit('a', n));
  page.aurora.emit('b', 3);
  page.aurora.emit('a', 4);
  page.turn();
  const [, , , msgs] = JSON.parse(JSON.parse(page.sent.pop()).value.slice(SECRET.length));
  assert.deepEqual(msgs, [[0, 'a', 1, 2], [0, 'b', 3], [0, 'a', 4]]);
});

test('what promises of the same task have to say leaves in the same message', async () => {
  const page = openPage();
  page.window.queueMicrotask = () => assert.fail('captured at the start');
  page.aurora.emit('n', 0);
  let said = 0;
  page.turn(() => { said += 1; page.aurora.emit('n', said); }, 2);
  assert.deepEqual(page.messages().map((one) => one.detail), [0, 1, 2]);
  assert.equal(page.envelopes().length, 2); // the hello, and this
});

test('promises that never end do not keep for ever what was said', () => {
  const page = openPage();
  let n = 0;
  page.aurora.emit('n', n);
  page.turn(() => { n += 1; page.aurora.emit('n', n); }, 25000);
  assert.ok(page.messages().length > 9000);
});

test('emits of many kilobytes in one task leave in several messages, in order', () => {
  const page = openPage();
  for (let n = 0; n < 5; n += 1) {
    page.aurora.emit('n', [n, 'x'.repeat(40 * 1024)]);
  }
  page.turn();
  assert.equal(page.envelopes().length, 6);
  assert.deepEqual(page.messages().map((message) => message.detail[0]), [0, 1, 2, 3, 4]);
});

test('one large message is announced, and waits to be fetched with what comes after it', () => {
  const page = openPage();
  page.aurora.emit('small', 1);
  page.aurora.emit('big', 'x'.repeat(1024 * 1024));
  page.turn();
  page.aurora.emit('late', 2);
  page.turn();
  const [, small, announced, ...rest] = page.envelopes();
  assert.deepEqual(small.msgs, [event('small', 1)]);
  assert.deepEqual(announced, { doc: page.doc, ack: 0, flow: 2, msgs: [] });
  assert.deepEqual(rest, []);
  const first = page.pull();
  assert.deepEqual([first.flow, first.msgs.map((one) => one.event)], [3, ['big']]);
  const second = page.pull();
  assert.deepEqual([second.flow, second.msgs], [0, [event('late', 2)]]);
  page.aurora.emit('next', 3);
  assert.equal(page.turn(), 1);
});

test('what a batch made its handlers say is fetched with its acknowledgement, in parts the last of which has it', () => {
  const page = openPage();
  page.aurora.on('x', (n) => page.aurora.emit('big', [n, 'x'.repeat(200 * 1024)]));
  page.deliver(1, [0, 'x', 1, 2, 3]);
  page.turn();
  assert.deepEqual(page.envelopes().slice(1).map(({ flow, msgs }) => [flow, msgs.length]), [[2, 0]]);
  const parts = [page.pull(), page.pull(), page.pull()];
  assert.deepEqual(parts.map((part) => part.flow), [1, 1, 0]);
  assert.equal(parts[2].ack, 1);
  assert.deepEqual(parts.flatMap((part) => part.msgs.map((one) => one.detail[0])), [1, 2, 3]);
  assert.equal(page.turn(), 0);
});

test('pagehide sends what waits to be fetched', () => {
  const page = openPage();
  for (let n = 0; n < 3; n += 1) {
    page.aurora.on('x' + n, () => page.aurora.emit('big', [n, 'x'.repeat(200 * 1024)]));
  }
  page.deliver(1, [0, 'x0', 0], [0, 'x1', 0], [0, 'x2', 0]);
  page.turn();
  page.fire('pagehide');
  assert.deepEqual(page.envelopes().slice(1).map((one) => one.flow), [2, 1, 1, 0]);
  assert.deepEqual(page.messages().map((one) => one.detail[0]), [0, 1, 2]);
});

// ------------------------------------------------------------------------------------------------ much at once

test('much that belongs to no batch counts piece by piece, and more is announced with each', () => {
  const page = openPage();
  for (let n = 0; n < 4; n += 1) {
    page.aurora.emit('big', [n, 'x'.repeat(200 * 1024)]);
  }
  page.turn();
  const parts = [page.pull(), page.pull(), page.pull(), page.pull()];
  assert.deepEqual(parts.map((part) => [part.flow, part.msgs[0].detail[0]]), [[3, 0], [3, 1], [3, 2], [0, 3]]);
});

test('a batch is acknowledged with the last message that it brought about, and not with what came before', () => {
  const page = openPage();
  const big = (name, n) => page.aurora.emit(name, [n, 'x'.repeat(200 * 1024)]);
  page.aurora.on('x', (n) => { big('said', n); big('said', n); });
  big('before', 0);
  page.deliver(1, [0, 'x', 1]);
  page.deliver(2, [0, 'x', 2]);
  page.deliver(3, [0, 'silent', 3]);
  big('after', 4);
  page.turn();
  const parts = [];
  do {
    parts.push(page.pull());
  } while (parts[parts.length - 1].flow);
  const shown = parts.map(({ flow, ack, msgs }) => [flow, flow === 1 ? null : ack, msgs[0].event, msgs[0].detail[0]]);
  assert.deepEqual(shown, [
    [3, 0, 'before', 0], [1, null, 'said', 1], [3, 1, 'said', 1], [1, null, 'said', 2], [3, 3, 'said', 2], [0, 3, 'after', 4],
  ]);
});

test('a large envelope goes in pieces that cut no character, and comes out whole', () => {
  for (const before of ['', 'x']) {
    const page = openPage();
    const text = before + '🎬'.repeat(1500000);
    page.aurora.emit('big', text);
    page.turn();
    const pieces = [];
    do {
      pieces.push(page.pullPiece());
    } while (pieces[pieces.length - 1].startsWith(SECRET + '+'));
    assert.ok(pieces.length > 2);
    for (const piece of pieces) {
      assert.ok(piece.length < 1024 * 1024 + 100);
      assert.ok(piece.isWellFormed === undefined || piece.isWellFormed());
      assert.equal(piece.slice(SECRET.length + 1, SECRET.length + 37), page.doc);
    }
    const whole = pieces.map((piece) => piece.slice(SECRET.length + 37)).join('');
    assert.equal(JSON.parse(whole)[3][0][2], text);
    page.aurora.emit('late', 1);
    page.turn();
    assert.deepEqual(page.pull().msgs.concat(page.messages().slice(-1)).slice(-1), [event('late', 1)]);
  }
});

test('pagehide sends the rest of what is being fetched, in order', () => {
  const page = openPage();
  page.aurora.emit('big', 'x'.repeat(3 * 1024 * 1024));
  page.aurora.emit('late', 1);
  page.turn();
  const first = page.pullPiece();
  const before = page.sent.length;
  page.fire('pagehide');
  const texts = page.sent.slice(before).map((text) => JSON.parse(text).value);
  const rest = texts.filter((text) => text[SECRET.length] !== '[').map((text) => text.slice(SECRET.length + 37));
  assert.equal(JSON.parse(first.slice(SECRET.length + 37) + rest.join(''))[3][0][2].length, 3 * 1024 * 1024);
  assert.deepEqual(page.opened(texts[texts.length - 1]).msgs, [event('late', 1)]);
});

test('what the page says of its own accord is bounded, and the rest waits to be fetched', () => {
  const page = openPage({ limits: { ...LIMITS, unaskedChars: 10000 } });
  const flows = () => page.envelopes().map((one) => one.flow);
  for (let n = 0; n < 60; n += 1) {
    page.aurora.emit('small', n);
    page.turn();
  }
  const sent = flows();
  assert.deepEqual(sent.slice(-1), [2]);
  assert.ok(sent.length < 50);
  assert.equal(page.pull().flow, 0);
  page.aurora.emit('again', 1);
  page.turn();
  assert.deepEqual(flows().slice(sent.length), [0]);
});

test('a full queue refuses with an error, once in the console, and takes messages again when it is fetched', async () => {
  const page = openPage({ limits: { ...LIMITS, queueChars: 300000, unaskedChars: 1000 } });
  for (let n = 0; n < 400; n += 1) {
    page.aurora.emit('x', 'x'.repeat(1000));
  }
  page.aurora.state.key = 'x'.repeat(10000);
  assert.ok(page.aurora.state.key === undefined);
  page.window.ipc.postMessage(JSON.stringify({ type: 'event', event: 'y', detail: 'x'.repeat(10000) }));
  page.deliver(1, [7, 'p1', 'unknown']);
  await assert.rejects(page.aurora.call('a', 'x'.repeat(10000)), { name: 'QueueFullError', code: 'QUEUE_FULL', message: /keep up/ });
  await assert.rejects(page.aurora.stream('a', 'x'.repeat(10000)).next(), { code: 'QUEUE_FULL' });
  assert.deepEqual(page.errors.filter((error) => error.includes('QueueFullError')).length, 1);
  page.turn();
  page.aurora.expose('big', () => 'x'.repeat(290000));
  page.deliver(2, [7, 'p2', 'big']);
  const got = [];
  for (let part = page.pull(); ; part = page.pull()) {
    got.push(...part.msgs);
    if (!part.flow) {
      break;
    }
  }
  assert.ok(got.filter((one) => one.event === 'x').length > 200);
  const failed = got.filter((one) => Array.isArray(one) && one[0] === 9);
  assert.deepEqual(failed.map(([, id, error]) => [id, error.code]), [['p1', 'COMMAND_NOT_FOUND'], ['p2', 'QUEUE_FULL']]);
  page.aurora.emit('again', 1);
  page.turn();
  assert.deepEqual(page.messages().slice(-1), [event('again', 1)]);
});

test('calls that the full queue refuses are forgotten, with their signals', async () => {
  const page = openPage({ limits: { ...LIMITS, queueChars: 1000, calls: 2 } });
  const signal = { aborted: false, listeners: 0, addEventListener() { this.listeners += 1; }, removeEventListener() { this.listeners -= 1; } };
  for (let n = 0; n < 5; n += 1) {
    await assert.rejects(page.aurora.call('a', 'x'.repeat(2000), { signal }), { code: 'QUEUE_FULL' });
  }
  assert.equal(signal.listeners, 0);
});

test('many small messages count for more than their characters', () => {
  const page = openPage({ limits: { ...LIMITS, queueChars: 1280 } });
  for (let n = 0; n < 20; n += 1) {
    page.aurora.emit('a', 1);
    page.aurora.emit('b', 1);
  }
  page.turn();
  assert.equal(page.errors.length, 1);
  assert.ok(page.messages().length < 12);
});

test('the relay takes no more than the runtime would say, whatever a page has made of it', () => {
  const page = openPage();
  page.run("Array.prototype.join = () => '[0,\"forged\",\"' + 'x'.repeat(100000) + '\"'");
  const before = page.sent.length;
  for (let n = 0; n < 1000; n += 1) {
    page.aurora.emit('x', 1);
    page.turn();
  }
  assert.ok(page.sent.slice(before).join('').length < 12 * 1024 * 1024);
});

test('long text of ipc.postMessage is sent as the JSON it is', () => {
  const page = openPage();
  const message = { type: 'event', event: 'x', detail: 'y'.repeat(70000) };
  page.window.ipc.postMessage(JSON.stringify(message));
  page.window.ipc.postMessage('['.repeat(70000));
  page.window.ipc.postMessage('nonsense '.repeat(20000));
  page.window.ipc.postMessage('"' + 'open '.repeat(20000));
  page.turn();
  assert.deepEqual(page.pull().msgs, [message]);
  assert.equal(page.errors.length, 3);
  page.errors.forEach((error) => assert.match(error, /ipc\.postMessage/));
});

test('dispatchEvent passes other events on without sending them', () => {
  const page = openPage();
  const got = page.listen('resize');
  page.window.dispatchEvent(new Event('resize'));
  page.turn();
  assert.equal(got.length, 1);
  assert.deepEqual(page.messages(), []);
});

test('dispatchEvent tells the page as well and returns what the page said', () => {
  const page = openPage();
  const got = page.listen('x');
  assert.equal(page.window.dispatchEvent(new CustomEvent('x', { detail: 1 })), true);
  page.window.addEventListener('y', (one) => one.preventDefault());
  assert.equal(page.window.dispatchEvent(new CustomEvent('y', { cancelable: true })), false);
  assert.deepEqual(got, [1]);
});

const REFUSED = {
  'a cycle': (page) => page.run('const a = {}; a.a = a; a'),
  'a BigInt': () => 1n,
  'a DOM node': (page) => new page.Node(),
  'a DOM node deep inside': (page) => ({ list: [{ node: new page.Node() }] }),
  'a function': () => () => 1,
  'a symbol': () => Symbol('x'),
};
for (const [what, make] of Object.entries(REFUSED)) {
  test(`detail that is ${what} is a console.error naming the event, and the next event goes on`, () => {
    const page = openPage();
    page.window.dispatchEvent(new CustomEvent('bad_one', { detail: make(page) }));
    page.aurora.emit('good', {});
    page.turn();
    assert.equal(page.errors.length, 1);
    assert.match(page.errors[0], /event "bad_one": detail.* is a(n object that contains itself)?/);
    assert.deepEqual(page.messages(), [event('good', {})]);
  });
}

test('event with an invalid name or over the size cap is a console.error', () => {
  const page = openPage({ limits: { ...LIMITS, messageChars: 100 } });
  page.aurora.emit('a\nb');
  page.aurora.emit(3);
  page.aurora.emit('big', 'x'.repeat(100));
  page.window.ipc.postMessage('x'.repeat(99));
  page.turn();
  assert.equal(page.errors.length, 4);
  assert.match(page.errors[0], /not a valid event name: a\nb/);
  assert.match(page.errors[2], /event "big": 102 characters are over the limit of 100/);
  assert.match(page.errors[3], /ipc\.postMessage "x{20}": 101 characters are over the limit of 100/);
  assert.deepEqual(page.messages(), []);
});

for (const name of ['node picked', 'say "hi"', 'back\\slash', '名前', '🎬'.repeat(128)]) {
  test('event may be named ' + name.slice(0, 20), () => {
    const page = openPage();
    page.aurora.emit(name, 1);
    page.aurora.on(name, () => undefined);
    page.turn();
    assert.deepEqual(page.errors, []);
    assert.deepEqual(page.messages(), [event(name, 1)]);
    assert.deepEqual(page.names(), [name]);
    assert.rejects(page.aurora.call(name), { code: 'INVALID_NAME' }); // a name of an event is none of a command
  });
}

test('ipc.postMessage of anything but a string throws', () => {
  assert.throws(() => openPage().window.ipc.postMessage({}), /takes a string of JSON, not a object/);
});

test('secret is not seen by what the page patches later', () => {
  const page = openPage();
  page.run(`
    var seen = [];
    const { apply } = Reflect;
    let noting = false;
    const note = (value) => {
      if (!noting) {
        noting = true;
        try { seen[seen.length] = typeof value === 'object' ? '' + value : value + ''; } catch (error) { seen.broken = 1; }
        noting = false;
      }
    };
    for (const [home, name] of [
      [JSON, 'stringify'], [JSON, 'parse'], [Array.prototype, 'join'], [Array.prototype, 'push'], [String.prototype, 'concat'],
      [String.prototype, 'slice'], [String.prototype, 'includes'], [String.prototype, 'toString'], [RegExp.prototype, 'test'],
      [RegExp.prototype, 'exec'], [Function.prototype, 'call'], [Function.prototype, 'apply'], [Function.prototype, 'bind'],
      [EventTarget.prototype, 'dispatchEvent'], [EventTarget.prototype, 'addEventListener'], [Reflect, 'apply'],
      [window, 'queueMicrotask'], [console, 'error']]) {
      const native = home[name];
      home[name] = function (...args) {
        note(this);
        for (let n = 0; n < args.length; n += 1) { note(args[n]); }
        return apply(native, this, args);
      };
    }
    for (const home of [Object, String, Array]) {
      Object.defineProperty(home.prototype, 'toJSON', { configurable: true, get() { note(this); return undefined; } });
    }
    auroraview.emit('x', {a: [1, 'text', {}]});
    auroraview.call('f', {b: 1}).catch(() => 0);
    auroraview.emit('bad name');
    window.dispatchEvent(new CustomEvent('y', {detail: {}}));
  `);
  page.turn();
  page.run('delete Object.prototype.toJSON; delete String.prototype.toJSON; delete Array.prototype.toJSON;');
  assert.equal(page.sent.length, 3);
  assert.ok(page.sent[2].includes(SECRET));
  assert.ok(page.window.seen.length > 0);
  const key = page.doc.slice(12);
  assert.ok(!page.window.seen.some((text) => text.includes(SECRET) || text.includes(key) || text.includes('Target]')));
});

test('secret stands nowhere on what the page can reach', () => {
  const page = openPage();
  const seen = new Set();
  const visit = (value) => {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) {
      assert.ok(!(typeof value === 'string' && value.includes(SECRET)));
      return;
    }
    seen.add(value);
    Reflect.ownKeys(value).forEach((key) => visit(Object.getOwnPropertyDescriptor(value, key).value));
  };
  visit(page.window.auroraview);
  visit(page.window.ipc);
  visit(page.window.dispatchEvent);
  assert.ok(!page.run('String(auroraview.emit) + String(window.dispatchEvent)').includes(SECRET));
});

// From Python

test('batch reaches handlers, then the DOM, in order, and is not sent back', () => {
  const page = openPage();
  const order = [];
  page.aurora.on('x', (detail) => order.push(['on', detail]));
  page.window.addEventListener('x', (one) => order.push(['dom', one.detail]));
  page.deliver(1, [0, 'x', 1], [0, 'x', 2]);
  page.turn();
  assert.deepEqual(order, [['on', 1], ['dom', 1], ['on', 2], ['dom', 2]]);
  assert.deepEqual(page.messages(), []);
});

test('event of Python dispatched again by the page is not sent back', () => {
  const page = openPage();
  let first = true;
  page.window.addEventListener('x', (one) => {
    if (first) {
      first = false;
      queueMicrotask(() => page.window.dispatchEvent(one));
    }
  });
  page.deliver(1, [0, 'x', 1]);
  return Promise.resolve().then(() => {
    page.turn();
    assert.deepEqual(page.messages(), []);
  });
});

test('acknowledgement travels with what the handlers sent', () => {
  const page = openPage();
  page.aurora.on('x', (detail) => page.aurora.emit('echo', detail));
  page.deliver(1, [0, 'x', 1], [0, 'x', 2]);
  assert.equal(page.sent.length, 2);
  assert.equal(page.turn(), 1);
  const last = page.envelopes()[1];
  assert.equal(last.ack, 1);
  assert.deepEqual(last.msgs, [event('echo', 1), event('echo', 2)]);
  page.deliver(2, [0, 'nobody', 1]);
  page.turn();
  assert.deepEqual(page.envelopes()[2], { doc: page.doc, ack: 2, flow: 0, msgs: [] });
  assert.equal(page.turn(), 0);
});

test('batch reaches handlers by script and by signal, with several events of a name in one message', () => {
  const page = openPage();
  const got = [];
  page.aurora.on('x', (detail) => got.push(detail));
  page.deliver(1, [0, 'x', 1, 2]);
  page.signal(2, [[0, 'x', 3]]);
  page.signal(3, [[0, 'x', 'other document']], { doc: 'abc' });
  page.signal(3, [[0, 'x', 4]]);
  assert.deepEqual(got, [1, 2, 3, 4]);
});

test('batch in pieces is run when the last has come, in its turn', () => {
  const page = openPage();
  const got = page.listen('x');
  const text = JSON.stringify([[0, 'x', "it's one"]]);
  page.piece(1, text.slice(0, 5), true);
  page.piece(1, text.slice(5, 9), true);
  page.signal(2, [[0, 'x', 'two']]);
  assert.deepEqual(got, []);
  page.piece(1, text.slice(9), false);
  page.turn();
  assert.deepEqual(got, ["it's one", 'two']);
  assert.equal(page.envelopes().pop().ack, 2);
});

test('event nobody listens to on window makes no DOM event; once anybody did, it does', () => {
  const page = openPage();
  page.dispatched.length = 0;
  page.aurora.on('x', () => 0);
  page.deliver(1, [0, 'x', 1]);
  assert.deepEqual(page.dispatched, []);
  page.run("addEventListener('x', () => 0)");
  page.deliver(2, [0, 'x', 1], [0, 'resize', 1], [0, 'onresize', 1]);
  assert.deepEqual(page.dispatched, ['x', 'resize']); // window.onresize may be set
});

test('addEventListener of other targets works as before and is not taken for a listener of window', () => {
  const page = openPage();
  page.run("var other = Object.create(EventTarget.prototype); other.addEventListener('x', () => 0, {once: true});");
  assert.deepEqual(page.listened.pop(), [page.window.other, 'x']);
  page.dispatched.length = 0;
  page.deliver(1, [0, 'x', 1]);
  assert.deepEqual(page.dispatched, []);
});

test('batch out of order is held, a repeated one is ignored', () => {
  const page = openPage();
  const got = page.listen('x');
  page.deliver(2, [0, 'x', 2]);
  page.deliver(2, [0, 'x', 'again']);
  page.turn();
  assert.deepEqual(got, []);
  page.deliver(1, [0, 'x', 1]);
  page.deliver(1, [0, 'x', 'again']);
  page.deliver(2, [0, 'x', 'again']);
  page.deliver(3, [0, 'x', 3]);
  page.turn();
  assert.deepEqual(got, [1, 2, 3]);
  assert.equal(page.envelopes().pop().ack, 3);
});

test('batch that comes while another is being run waits for its end', () => {
  const page = openPage();
  const got = page.listen('x');
  page.aurora.on('x', (detail) => { if (detail === 1) { page.deliver(2, [0, 'x', 3]); } });
  page.deliver(1, [0, 'x', 1], [0, 'x', 2]);
  assert.deepEqual(got, [1, 2, 3]);
});

test('messages of the channel that are no batch for this document are ignored', () => {
  const page = openPage();
  const got = page.listen('x');
  page.turn();
  const sent = page.sent.length;
  page.raw.onmessage({ data: '{"type":10,"id":0,"data":{}}' });
  page.raw.onmessage({ data: '{"type":1,"object":"o","signal":7,"args":["' + page.doc + ':1:[[0,\\"x\\",1]]"]}' });
  page.signal(1, [[0, 'x', 1]], { signal: 8 });
  page.signal(1, [[0, 'x', 1]], { doc: page.doc.slice(0, 24) });
  page.turn();
  assert.deepEqual(got, []);
  assert.equal(page.sent.length, sent);
});

// Relay and runtime

test('relay and runtime meet whichever of them the engine runs first', () => {
  for (const relayFirst of [true, false]) {
    const page = openPage({ relayFirst });
    const got = page.listen('x');
    page.signal(1, [[0, 'x', 1]]);
    page.turn();
    assert.deepEqual(got, [1]);
    assert.equal(page.envelopes().pop().ack, 1);
  }
});

test('runtime meets one relay, and the relay one runtime: later events of their names do nothing', () => {
  const page = openPage();
  const { aurora } = page;
  const seen = [];
  page.document.addEventListener('tokenmet', (event) => seen.push(event));
  page.document.dispatchEvent(new Event('tokenask'));
  assert.deepEqual(seen, []);
  page.document.dispatchEvent(Object.assign(new Event('tokenmet'), { relatedTarget: new EventTarget() }));
  assert.equal(page.window.auroraview, aurora);
  assert.equal(page.sent.length, 2);
});

test('page that calls what scripts of Python call delivers nothing and fetches nothing', () => {
  const page = openPage();
  const got = page.listen('x');
  page.aurora.emit('big', 'x'.repeat(1024 * 1024));
  page.turn();
  const found = Object.getOwnPropertyNames(page.window).filter((name) => name.startsWith('__auroraview_'));
  assert.deepEqual(found, ['__auroraview_' + page.doc.slice(0, 12) + '__']);
  const door = page.window[found[0]];
  assert.deepEqual(Object.keys(door), ['deliver', 'evaluate']);
  for (const key of [undefined, '', page.doc, page.doc.slice(0, 12)]) {
    door.deliver(key, 1, '[[0,"x",1]]', 0);
  }
  assert.deepEqual(got, []);
  assert.deepEqual(page.pull().msgs.map((one) => one.event), ['big']);
  page.deliver(1, [0, 'x', 2]);
  assert.deepEqual(got, [2]);
});

test('trusted origin with an odd query is trusted: only local paths are decoded', () => {
  for (const href of ['http://app/?x=50%', 'http://app/#/../', 'http://app/..%5Cx']) {
    assert.ok(openPage({ trusted: ['http://app/'], href }).window.auroraview, href);
  }
});

// Handlers

test('on registers a function once and returns what takes it out', () => {
  const page = openPage();
  const got = [];
  const fn = (detail) => got.push(detail);
  const stop = page.aurora.on('x', fn);
  page.aurora.on('x', fn);
  page.deliver(1, [0, 'x', 1]);
  stop();
  stop();
  page.deliver(2, [0, 'x', 2]);
  assert.deepEqual(got, [1]);
});

test('on with a non-function is a console.error and a no-op', () => {
  const page = openPage();
  page.aurora.on('x', null)();
  assert.equal(page.errors.length, 1);
  assert.match(page.errors[0], /on\("x"\) needs a function/);
});

test('once runs once, also when it triggers again, and can be stopped', () => {
  const page = openPage();
  const got = [];
  page.aurora.once('x', (detail) => { got.push(detail); page.aurora.trigger('x', 'inner'); });
  page.aurora.once('x', () => got.push('stopped'))();
  page.deliver(1, [0, 'x', 1], [0, 'x', 2]);
  assert.deepEqual(got, [1]);
});

test('off takes out one function, or all', () => {
  const page = openPage();
  const got = [];
  const first = () => got.push('first');
  page.aurora.on('x', first);
  page.aurora.on('x', () => got.push('second'));
  page.aurora.on('x', () => got.push('third'));
  page.aurora.off('x', first);
  page.aurora.off('x', () => 0);
  page.aurora.off('nobody', first);
  page.aurora.trigger('x');
  assert.deepEqual(got, ['second', 'third']);
  page.aurora.off('x');
  page.aurora.trigger('x');
  assert.equal(got.length, 2);
});

test('handler that raises stops no other and is a console.error', () => {
  const page = openPage();
  const got = [];
  page.aurora.on('x', () => { throw new Error('boom'); });
  page.aurora.on('x', (detail) => got.push(detail));
  page.deliver(1, [0, 'x', 1]);
  assert.deepEqual(got, [1]);
  assert.match(page.errors[0], /handler of "x" failed: Error: boom/);
});

test('trigger is looked up at each delivery, and a broken one stops no batch', () => {
  const page = openPage();
  const got = [];
  const native = page.aurora.trigger;
  page.aurora.trigger = (name, detail) => {
    got.push([name, detail]);
    if (detail === 1) {
      throw new Error('wrapper');
    }
    native(name, detail);
  };
  const dom = page.listen('x');
  page.deliver(1, [0, 'x', 1], [0, 'x', 2]);
  page.turn();
  assert.deepEqual(got, [['x', 1], ['x', 2]]);
  assert.deepEqual(dom, [2]);
  assert.match(page.errors[0], /trigger failed for "x": Error: wrapper/);
  assert.equal(page.envelopes().pop().ack, 1);
});

// Calls

test('call resolves with the result', async () => {
  const page = openPage();
  const [first, second] = [page.aurora.call('f'), page.aurora.call('g')];
  page.deliver(1, [1, 'c2', null], [1, 'c1', { a: 1 }], [1, 'c9', 'nobody']);
  assert.deepEqual(plain(await first), { a: 1 });
  assert.equal(await second, null);
  page.pass(30000);
  assert.equal(page.timers.size, 0);
});

test('call rejects with name, code, data and in development the traceback', async () => {
  const page = openPage();
  const [first, second] = [page.aurora.call('f'), page.aurora.call('f')];
  page.deliver(1, [2, 'c1', { name: 'NodeLocked', code: 'LOCKED', message: 'no', data: { n: 1 }, traceback: 'tb' }], [2, 'c2', {}]);
  await assert.rejects(first, (error) => {
    assert.ok(error instanceof page.run('Error'));
    assert.deepEqual([error.name, error.code, error.message, error.traceback], ['NodeLocked', 'LOCKED', 'no', 'tb']);
    assert.deepEqual(plain(error.data), { n: 1 });
    return true;
  });
  await assert.rejects(second, { name: 'Error', code: 'ERROR', message: 'unknown error' });
});

test('call sends null params, leaves undefined out', () => {
  const page = openPage();
  page.aurora.call('f', null);
  page.aurora.call('f', undefined);
  page.aurora.call('f', 0);
  page.turn();
  assert.deepEqual(page.messages(), [
    { type: 'call', id: 'c1', method: 'f', params: null },
    { type: 'call', id: 'c2', method: 'f' },
    { type: 'call', id: 'c3', method: 'f', params: 0 },
  ]);
});

test('call with a bad name or params JSON cannot hold rejects and sends nothing', async () => {
  const page = openPage();
  await assert.rejects(page.aurora.call('a b'), { code: 'INVALID_NAME' });
  await assert.rejects(page.aurora.call('f', 1n), { code: 'SERIALIZATION', message: /call of "f"/ });
  assert.equal(page.turn(), 0);
  assert.equal(page.timers.size, 0);
});

test('call without an answer in time rejects with TIMEOUT; a late answer is ignored', async () => {
  const page = openPage({ before: 'window.__AURORAVIEW_CONFIG__ = {callTimeoutMs: 70}' });
  const ended = [];
  const note = (call, name) => call.catch((error) => { ended.push(name); return error; });
  const calls = [note(page.aurora.call('f'), 'configured'), note(page.aurora.call('f', 1, { timeout: 5 }), 'its own')];
  page.aurora.setConfig({ callTimeoutMs: 80 });
  calls.push(note(page.aurora.call('f'), 'changed'));
  note(page.aurora.call('f', 1, { timeout: 0 }), 'none');
  for (const [milliseconds, names] of [[4, []], [1, ['its own']], [64, []], [1, ['configured']], [10, ['changed']], [1e6, []]]) {
    page.pass(milliseconds);
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(ended.splice(0), names);
    assert.ok(page.timers.size <= 1); // one for all calls
  }
  for (const error of await Promise.all(calls)) {
    assert.deepEqual([error.name, error.code], ['TimeoutError', 'TIMEOUT']);
    assert.match(error.message, /"f" got no answer within/);
  }
  assert.equal(page.timers.size, 0);
  page.deliver(1, [1, 'c1', 1]);
  assert.deepEqual(page.errors, []);
});

test('call waits 30 seconds unless told otherwise', async () => {
  const page = openPage();
  const call = page.aurora.call('f');
  page.pass(29999);
  page.pass(1);
  await assert.rejects(call, { code: 'TIMEOUT', message: /30000 ms/ });
});

test('pagehide sends what waits and rejects calls with CANCELLED', async () => {
  const page = openPage();
  const call = page.aurora.call('f');
  page.aurora.emit('bye');
  page.fire('pagehide');
  assert.deepEqual(page.messages().map((message) => message.type), ['call', 'event']);
  await assert.rejects(call, { name: 'CancelledError', code: 'CANCELLED' });
});

// Binding

test('commands known at the start are functions before the first script', () => {
  const page = openPage({ commands: ['api.bake', 'plain', 'scene.nodes.list', 'call', 'on.x', 'api.__proto__.y'] });
  const { aurora } = page;
  assert.deepEqual(Object.keys(aurora.api), ['bake', 'plain', 'call']);
  assert.equal(typeof aurora.scene.nodes.list, 'function');
  assert.equal(aurora.on.x, undefined);
  assert.equal(page.run('({}).y'), undefined);
  assert.ok(aurora.isMethodBound('api.bake'));
  assert.ok(!aurora.isMethodBound('toString'));
  assert.deepEqual(plain(aurora.getBoundMethods()).slice(0, 3), ['api.bake', 'plain', 'scene.nodes.list']);
});

test('bound function passes one argument as it is, several as positionals, none as none', () => {
  const page = openPage({ commands: ['api.f'] });
  page.aurora.api.f();
  page.aurora.api.f({ a: 1 });
  page.aurora.api.f(1, 2);
  page.turn();
  assert.deepEqual(page.messages().map((message) => message.params), [undefined, { a: 1 }, [1, 2]]);
  assert.ok(page.messages().every((message) => message.method === 'api.f'));
});

test('command bound late appears, and the page is told; an old one stays the same function', () => {
  const page = openPage({ commands: ['api.old'] });
  const told = page.listen('auroraview-api-ready');
  const { old } = page.aurora.api;
  page.deliver(1, [3, '', ['api.old', 'api.late']]);
  page.turn();
  assert.equal(typeof page.aurora.api.late, 'function');
  assert.equal(page.aurora.api.old, old);
  assert.deepEqual(plain(told), [{ methods: ['api.old', 'api.late'] }]);
  assert.deepEqual(page.messages(), []);
});

// Ready

test('ready is true from the first script on, and told at DOMContentLoaded', async () => {
  const page = openPage({ commands: ['api.a'] });
  const [told, api] = [page.listen('auroraviewready'), page.listen('auroraview-api-ready')];
  assert.ok(page.aurora._ready);
  assert.ok(page.aurora.isReady());
  page.turn();
  assert.deepEqual(page.messages(), []);
  page.fire('DOMContentLoaded');
  page.fire('DOMContentLoaded');
  page.turn();
  assert.ok(page.aurora._ready);
  assert.ok(page.aurora.isReady());
  assert.equal(await page.aurora.whenReady(), page.aurora);
  assert.equal(told.length, 1);
  assert.equal(told[0].url, 'http://app/index.html');
  assert.deepEqual(plain(api), [{ methods: ['api.a'] }]);
  assert.deepEqual(page.messages(), [{ type: 'ready', ...plain(told[0]) }]);
});

test('off takes out what once registered, and a second once of a function counts once', () => {
  const page = openPage();
  const got = [];
  const fn = (detail) => got.push(detail);
  page.aurora.once('x', fn);
  page.aurora.off('x', fn);
  page.deliver(1, [0, 'x', 1]);
  page.aurora.once('x', fn);
  page.aurora.once('x', fn);
  page.deliver(2, [0, 'x', 2]);
  page.deliver(3, [0, 'x', 3]);
  assert.deepEqual(got, [2]);
});

test('handler that takes out a later one keeps it from this delivery', () => {
  const page = openPage();
  const got = [];
  const late = () => got.push('late');
  page.aurora.on('x', () => page.aurora.off('x', late));
  page.aurora.on('x', late);
  page.aurora.on('x', () => got.push('last'));
  page.deliver(1, [0, 'x', 1]);
  assert.deepEqual(got, ['last']);
});

test('detail nested too deeply is a console error, and the events beside it go', () => {
  const page = openPage();
  const nested = (levels) => JSON.parse('['.repeat(levels) + '"]\\"["' + ']'.repeat(levels));
  page.aurora.emit('deep', nested(65));
  page.aurora.emit('fits', nested(64));
  page.turn();
  assert.deepEqual(page.messages().filter((one) => one.type === 'event').map((one) => one.event), ['fits']);
});
