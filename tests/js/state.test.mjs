// auroraview.state alone: reading, writing, what Python tells, and that both ends agree whatever comes in between.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { SECRET, openPage } from './fake-page.mjs';

/** Objects made in the page's own realm compare by what they hold. */
const plain = (value) => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));

/** A page whose state is this at version 1; `tell` gives it patches of Python, `writes` what it has said. */
function openState(values = {}, options = {}) {
  const page = openPage({ state: JSON.stringify([1, values]), ...options });
  let batch = 0;
  page.state = page.aurora.state;
  page.changes = [];
  page.state.onChange((key, value, source) => page.changes.push([key, plain(value), source]));
  page.tell = (patches, { applied = 0, whole } = {}) => {
    batch += 1;
    page.deliver(batch, [4, '', [2, applied, patches, ...(whole ? [whole] : [])]]);
  };
  /** All messages of the wire as they went, the hello included. */
  page.said = () => {
    page.turn();
    return page.sent.map((text) => JSON.parse(text)).filter((message) => message.type === 9)
      .flatMap((message) => JSON.parse(message.value.slice(SECRET.length))[3]);
  };
  page.writes = () => page.said().filter(([kind]) => kind === 4);
  return page;
}

const SCENE = { scene: { nodes: [{ name: 'a' }, { name: 'b' }], up: 'y' }, frame: 12 };

// Reading

test('state of the script is there at once, and the hello says its version', () => {
  const page = openState(SCENE);
  const { state } = page;
  assert.equal(page.envelopes()[0].msgs[0].state, 1);
  assert.equal(state.frame, 12);
  assert.equal(state.scene.nodes[1].name, 'b');
  assert.equal(state.scene.nodes.length, 2);
  assert.equal(state.nope, undefined);
  assert.deepEqual(Object.keys(state), ['scene', 'frame']);
  assert.deepEqual(plain(state.keys()), ['scene', 'frame']);
  assert.deepEqual(Object.entries(state.scene.nodes[0]), [['name', 'a']]);
  assert.deepEqual(['frame' in state, 'nope' in state, 1 in state.scene.nodes, 'length' in state.scene.nodes], [true, false, true, true]);
  assert.equal(JSON.stringify(state), JSON.stringify(SCENE));
  assert.equal(JSON.stringify({ part: state.scene.nodes }), JSON.stringify({ part: SCENE.scene.nodes }));
  assert.deepEqual(plain({ ...state.scene }), SCENE.scene);
  assert.deepEqual(plain(state.toJSON()), SCENE);
});

test('arrays of the state read like arrays', () => {
  const { nodes } = openState(SCENE).state.scene;
  assert.ok(Array.isArray(nodes));
  assert.deepEqual(Object.keys(nodes), ['0', '1']);
  assert.equal(nodes.map((node) => node.name).join(), 'a,b');
  assert.equal([...nodes].length, 2);
  assert.equal(nodes.find((node) => node.name === 'b').name, 'b');
  assert.equal(nodes.concat([1]).length, 3);
  assert.equal(nodes.slice(-1)[0].name, 'b');
  assert.deepEqual(nodes.flatMap((node) => Object.keys(node)).length, 2);
});

test('places keep their proxy and stay up to date', () => {
  const page = openState(SCENE);
  const { scene } = page.state;
  assert.equal(page.state.scene, scene);
  page.tell([[0, ['scene', 'up'], 'z']]);
  assert.equal(scene.up, 'z');
  assert.equal(page.state.scene, scene);
});

test('a place that has become another kind of thing, or is gone, reads as empty', () => {
  const page = openState(SCENE);
  const { scene } = page.state;
  const { nodes } = scene;
  page.tell([[0, ['scene', 'nodes'], { a: 1 }]]);
  assert.equal(nodes.length, 0);
  assert.equal(page.state.scene.nodes.a, 1);
  page.tell([[1, ['scene']]]);
  assert.equal(scene.up, undefined);
  assert.deepEqual(Object.keys(scene), []);
  scene.up = 'x';
  assert.match(page.errors.join(), /state "scene.up": there is no such place any more/);
  assert.deepEqual(page.writes(), []);
});

test('very many places may be read', () => {
  const page = openState({ list: Array.from({ length: 10000 }, (_, n) => ({ n })) });
  assert.equal(page.state.list.reduce((sum, item) => sum + item.n, 0), 49995000);
  page.state.list[9999].n = 0;
  assert.equal(page.state.list[9999].n, 0);
});

// Writing

test('writes take effect at once, are told to the page itself and travel as patches, in order with events', () => {
  const page = openState(SCENE);
  const { state } = page;
  state.frame = 13;
  state.scene.up = 'z';
  state.scene.nodes[0].name = 'c';
  page.aurora.emit('between', 1);
  state.scene.nodes[2] = { name: 'd' };
  state.fresh = { list: [undefined, null] };
  delete state.scene.up;
  delete state.frame;
  delete state.nope;
  assert.deepEqual(plain(state), {
    scene: { nodes: [{ name: 'c' }, { name: 'b' }, { name: 'd' }] }, fresh: { list: [null, null] },
  });
  assert.deepEqual(page.writes(), [
    [4, 1, 0, ['frame'], 13],
    [4, 2, 0, ['scene', 'up'], 'z'],
    [4, 3, 0, ['scene', 'nodes', 0, 'name'], 'c'],
    [4, 4, 0, ['scene', 'nodes', 2], { name: 'd' }],
    [4, 5, 0, ['fresh'], { list: [null, null] }],
    [4, 6, 1, ['scene', 'up']],
    [4, 7, 1, ['frame']],
  ]);
  assert.deepEqual(page.changes.map(([key, , source]) => [key, source]), [
    ['frame', 'javascript'], ...Array(3).fill(['scene', 'javascript']), ['fresh', 'javascript'], ['scene', 'javascript'], ['frame', 'javascript'],
  ]);
  assert.deepEqual(page.changes[0], ['frame', 13, 'javascript']);
  assert.deepEqual(page.changes[6], ['frame', undefined, 'javascript']);
  assert.deepEqual(page.said().slice(1).map(([kind]) => kind), [4, 4, 4, 0, 4, 4, 4, 4]);
});

test('a value that was written is not changed with its original, nor through what is read', () => {
  const page = openState();
  const original = { list: [1] };
  page.state.x = original;
  original.list.push(2);
  assert.throws(() => { 'use strict'; page.state.snapshot().x.list.push(3); }, /not extensible|read only/i);
  assert.deepEqual(plain(page.state), { x: { list: [1] } });
  page.state.y = page.state.x;
  page.state.y.list.push(4);
  assert.deepEqual(plain(page.state), { x: { list: [1] }, y: { list: [1, 4] } });
});

for (const [name, change, patch, result] of [
  ['push', (a) => a.push(4, 5), [2, ['a'], 3, 0, [4, 5]], 5],
  ['unshift', (a) => a.unshift(0), [2, ['a'], 0, 0, [0]], 4],
  ['pop', (a) => a.pop(), [2, ['a'], 2, 1, []], 2],
  ['shift', (a) => a.shift(), [2, ['a'], 0, 1, []], 3],
  ['splice', (a) => a.splice(1, 1, 7, 8), [2, ['a'], 1, 1, [7, 8]], [1]],
  ['splice from the end', (a) => a.splice(-1), [2, ['a'], 2, 1, []], [2]],
  ['splice beyond', (a) => a.splice(9, 9, 1), [2, ['a'], 3, 0, [1]], []],
  ['splice of nothing', (a) => a.splice(1, 0), null, []],
  ['splice without arguments', (a) => a.splice(), null, []],
  ['sort', (a) => a.sort(), [0, ['a'], [1, 2, 3]], [1, 2, 3]],
  ['reverse', (a) => a.reverse(), [0, ['a'], [2, 1, 3]], [2, 1, 3]],
  ['fill', (a) => a.fill(0, 1), [0, ['a'], [3, 0, 0]], [3, 0, 0]],
  ['copyWithin', (a) => a.copyWithin(0, 1), [0, ['a'], [1, 2, 2]], [1, 2, 2]],
  ['a shorter length', (a) => { a.length = 1; return a; }, [2, ['a'], 1, 2, []], [3]],
  ['the same length', (a) => { a.length = 3; return a; }, null, [3, 1, 2]],
  ['delete', (a) => delete a[1], [0, ['a', 1], null], true],
]) {
  test(`array change ${name} is one patch`, () => {
    const page = openState({ a: [3, 1, 2] });
    const model = [3, 1, 2];
    const expected = change(model);
    assert.deepEqual(plain(change(page.state.a)), result);
    if (name !== 'delete') {
      assert.deepEqual(plain(expected), result);
      assert.deepEqual(plain(page.state.a), model);
    }
    assert.deepEqual(page.writes(), patch ? [[4, 1, ...patch]] : []);
    assert.equal(page.changes.length, patch ? 1 : 0);
  });
}

test('pop and shift of an empty array give undefined and say nothing', () => {
  const page = openState({ a: [] });
  assert.equal(page.state.a.pop(), undefined);
  assert.equal(page.state.a.shift(), undefined);
  assert.deepEqual(page.writes(), []);
});

test('a splice of more items than a call may have arguments', () => {
  const page = openState({ a: [0] });
  page.tell([[2, ['a'], 0, 0, Array(300000).fill(1)]]);
  assert.equal(page.state.a.length, 300001);
});

test('what JSON cannot hold is a complaint that names the key, changes nothing, and the page goes on', () => {
  const page = openState({ a: [1], o: {} });
  const { state } = page;
  const cycle = {};
  cycle.self = cycle;
  state.cycle = cycle;
  state.big = page.run('10n');
  state.fn = () => 1;
  state.o.node = new page.Node();
  state[Symbol('s')] = 1;
  state.a[5] = 1;
  state.a.length = 9;
  state.a.foo = 1;
  state.a.push(cycle);
  state.onChange = 1;
  state.keys = 1;
  state.long = 'x'.repeat(5 * 1024 * 1024);
  let deep = 0;
  for (let level = 0; level < 65; level += 1) {
    deep = [deep];
  }
  state.deep = deep;
  state.o.deep = deep[0];
  assert.deepEqual(plain(state), { a: [1], o: {} });
  assert.deepEqual(page.writes(), []);
  assert.deepEqual(page.changes, []);
  const names = ['cycle', 'big', 'fn', 'o.node', 'Symbol(s)', 'a.5', 'a.length', 'a.foo', 'a', 'onChange', 'keys', 'long', 'deep', 'o.deep'];
  assert.equal(page.errors.length, names.length);
  names.forEach((name, index) => assert.ok(page.errors[index].includes('state "' + name + '"'), page.errors[index]));
  state.o.deep = deep[0][0];
  assert.equal(page.errors.length, names.length);
});

test('the state cannot be frozen, redefined or given another prototype', () => {
  const { state } = openState({ a: 1 });
  assert.throws(() => Object.freeze(state));
  assert.throws(() => Object.defineProperty(state, 'b', { value: 1 }));
  assert.throws(() => Object.setPrototypeOf(state, null));
  assert.deepEqual(plain(state), { a: 1 });
});

test('the key __proto__ is a key like any other', () => {
  const page = openState(JSON.parse('{"__proto__": {"polluted": 1}, "o": {}}'));
  const { state } = page;
  assert.equal(state.__proto__.polluted, 1);
  state.__proto__ = { polluted: 2 };
  state.o.__proto__ = { polluted: 3 };
  page.tell([[0, ['o', 'constructor', 'prototype', 'polluted'], 4], [0, ['__proto__', 'polluted'], 5], [0, ['o', 'x'], 6]]);
  assert.equal(page.run('({}).polluted'), undefined);
  assert.equal({}.polluted, undefined);
  assert.equal(JSON.stringify(state), '{"__proto__":{"polluted":2},"o":{"x":6,"__proto__":{"polluted":3}}}');
  delete state.__proto__;
  assert.deepEqual(Object.keys(state), ['o']);
});

// Changes

test('patches of Python are told once for each key that changed, after all are in', () => {
  const page = openState({ a: 1, b: 1, c: { x: 1 }, d: 1 });
  let seen = null;
  page.state.onChange(() => { seen = plain(page.state); });
  page.tell([[0, ['a'], 2], [0, ['c', 'x'], 2], [0, ['c', 'x'], 3], [1, ['d']], [0, ['b'], 1], [0, ['e'], null]]);
  assert.deepEqual(page.changes, [
    ['a', 2, 'python'], ['c', { x: 3 }, 'python'], ['e', null, 'python'], ['d', undefined, 'python'],
  ]);
  assert.deepEqual(seen, { a: 2, b: 1, c: { x: 3 }, e: null });
  assert.deepEqual(page.writes(), []);
});

test('handlers are called once each, may leave while they are called, and fail alone', () => {
  const page = openState();
  const got = [];
  const twice = () => got.push('twice');
  const leave = page.state.onChange(() => { got.push('first'); page.state.offChange(twice); });
  page.state.onChange(() => { throw new Error('broken'); });
  page.state.onChange(twice);
  page.state.onChange(twice);
  page.state.onChange(() => got.push('last'));
  page.state.onChange('no function')();
  page.state.x = 1;
  leave();
  page.state.x = 2;
  assert.deepEqual(got, ['first', 'last', 'last']);
  assert.match(page.errors[0], /onChange\(\) needs a function/);
  assert.match(page.errors[1], /state "x" failed:.*broken/);
});

test('a handler that writes is told of it, and Python too', () => {
  const page = openState({ n: 1 });
  page.state.onChange((key, value) => { if (key === 'n') { page.state.twice = 2 * value; } });
  page.tell([[0, ['n'], 4]]);
  assert.deepEqual(page.changes, [['n', 4, 'python'], ['twice', 8, 'javascript']]);
  assert.deepEqual(page.writes(), [[4, 1, 0, ['twice'], 8]]);
});

test('the snapshot keeps the identity of what did not change', () => {
  const page = openState({ a: { x: [1, { y: 1 }] }, b: { z: 1 } });
  const first = page.state.snapshot();
  assert.equal(page.state.snapshot(), first);
  page.state.a.x[0] = 2;
  const second = page.state.snapshot();
  assert.notEqual(second, first);
  assert.equal(second.b, first.b);
  assert.equal(second.a.x[1], first.a.x[1]);
  page.tell([[0, ['b'], { z: 2 }]]); // with the page's own write still on its way
  const third = page.state.snapshot();
  assert.equal(third.a, second.a);
  page.tell([1], { applied: 1 });
  assert.equal(page.state.snapshot(), third);
  page.tell([[0, ['b', 'z'], 2], [0, ['c'], 1]]); // the same value again
  assert.equal(page.state.snapshot().b, third.b);
  page.tell([], { applied: 1, whole: { a: { x: [2, { y: 1 }] }, b: { z: 2 }, c: 3 } });
  assert.equal(page.state.snapshot().a, third.a);
  assert.equal(page.state.snapshot().b, third.b);
  assert.deepEqual(page.changes.map(([key]) => key), ['a', 'b', 'c', 'c']);
});

// Both ends

test('an own write never comes back as a change, and stays on top until Python has it', () => {
  const page = openState({ x: 1 });
  page.state.x = 2;
  page.tell([[0, ['x'], 7], [0, ['y'], 1]]); // made before Python heard of the write
  assert.equal(page.state.x, 2);
  page.state.x = 3;
  page.tell([1], { applied: 1 });
  assert.equal(page.state.x, 3);
  page.tell([2, [0, ['x'], 8]], { applied: 2 });
  assert.equal(page.state.x, 8);
  assert.deepEqual(page.changes, [
    ['x', 2, 'javascript'], ['y', 1, 'python'], ['x', 3, 'javascript'], ['x', 8, 'python'],
  ]);
});

test('a write that came to nothing in Python is taken back', () => {
  const page = openState({ o: { x: 1 } });
  page.state.o.x = 2;
  page.tell([[0, ['o'], null]], { applied: 1 });
  assert.equal(page.state.o, null);
});

test('the whole state replaces what was there, own writes on top', () => {
  const page = openState({ a: 1, gone: 1 });
  page.state.mine = 1;
  page.tell([], { whole: { a: 1, b: 2 } });
  assert.deepEqual(plain(page.state), { a: 1, b: 2, mine: 1 });
  assert.deepEqual(page.changes.slice(1), [['b', 2, 'python'], ['gone', undefined, 'python']]);
});

/** A small generator of numbers, the same for the same seed. */
function random(seed) {
  let at = seed;
  return (below) => {
    at = (Math.imul(at, 1664525) + 1013904223) >>> 0;
    return Math.floor((at / 2 ** 32) * below);
  };
}

/** Apply a patch the simple way: in place, on a copy. */
function simple(root, [kind, path, value, count, items]) {
  const copy = plain(root);
  let node = copy;
  const steps = kind === 2 ? path : path.slice(0, -1);
  for (const step of steps) {
    const fits = Array.isArray(node) ? typeof step === 'number' : typeof node === 'object' && node && typeof step === 'string';
    if (!fits || !Object.keys(node).includes(String(step))) {
      return root;
    }
    node = node[step];
  }
  const last = path[path.length - 1];
  if (kind === 2) {
    if (Array.isArray(node)) {
      node.splice(value, count, ...items);
    }
  } else if (Array.isArray(node)) {
    if (Number.isInteger(last) && last >= 0 && (last < node.length || (kind === 0 && last === node.length))) {
      node.splice(last, 1, ...(kind === 0 ? [value] : []));
    }
  } else if (typeof node === 'object' && node !== null && typeof last === 'string') {
    if (kind === 0) {
      node[last] = value;
    } else {
      delete node[last];
    }
  }
  return copy;
}

test('both ends agree whatever order their writes and messages come in', () => {
  for (let seed = 1; seed <= 400; seed += 1) {
    const pick = random(seed);
    const any = (list) => list[pick(list.length)];
    const value = () => any([1, null, 'x', [], [1, 2], {}, { x: 1, y: [0] }, { x: { y: 1 } }]);
    const path = () => [any(['a', 'b', 'c']), ...Array.from({ length: pick(4) }, () => any(['x', 'y', 0, 1, 2]))];
    const patch = () => {
      const where = path();
      return any([[0, where, value()], [0, where, value()], [1, where], [2, where, pick(3), pick(2), [value()].slice(pick(2))]]);
    };
    const start = { a: { x: [1, { y: 2 }] }, b: [] };
    const page = openState(start);
    const python = { state: start, told: start, log: [], applied: 0, heard: 0 };
    const wire = []; // to the page
    const mirror = plain(start); // kept up to date by what onChange says
    page.state.onChange((key, now) => {
      if (now === undefined) {
        delete mirror[key];
      } else {
        mirror[key] = plain(now);
      }
    });
    const hear = (limit) => {
      for (const [, number, ...one] of page.writes().slice(python.heard, limit)) {
        python.heard += 1;
        assert.equal(number, python.heard);
        python.applied = number;
        python.state = simple(python.state, one);
        python.log.push(number);
      }
    };
    const send = () => {
      wire.push({ patches: python.log, applied: python.applied });
      python.log = [];
    };
    const write = () => {
      const [kind, where, set, count, items] = patch();
      const home = where.slice(0, kind === 2 ? undefined : -1).reduce((node, step) => (typeof node === 'object' && node ? node[step] : undefined), page.state);
      if (typeof home !== 'object' || home === null) {
        return;
      }
      const last = where[where.length - 1];
      if (kind === 2) {
        if (Array.isArray(home)) {
          home.splice(set, count, ...items);
        }
      } else if (Array.isArray(home) !== (typeof last === 'number') || last > home.length) {
        return;
      } else if (kind === 0) {
        home[last] = set;
      } else {
        delete home[last];
      }
    };
    for (let step = 0; step < 60; step += 1) {
      any([
        write,
        write,
        () => {
          const made = patch();
          python.state = simple(python.state, made);
          python.log.push(made);
        },
        () => hear(python.heard + pick(3)),
        send,
        () => wire.length && page.tell(wire[0].patches, wire.shift()),
      ])();
    }
    hear(Infinity);
    send();
    wire.forEach((one) => page.tell(one.patches, one));
    assert.deepEqual(plain(page.state), plain(python.state), 'seed ' + seed);
    assert.deepEqual(plain(page.state.snapshot()), mirror, 'seed ' + seed);
    assert.deepEqual(page.errors, []);
  }
});
