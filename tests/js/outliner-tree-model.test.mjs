/** The outliner's list without a DOM. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { TreeModel } from '../../examples/outliner/page/tree-model.js';

const node = (id, parent = null, more = {}) => ({ id, parent, name: id, kind: 'group', visible: true, ...more });

const make = (...nodes) => {
  const model = new TreeModel();
  model.load(nodes);
  return model;
};

const arm = () => make(
  node('arm'), node('hand', 'arm'), node('thumb', 'hand'), node('finger_L', 'hand'), node('elbow', 'arm'), node('lamp'),
);

const rows = (model) => model.rows.map((i) => model.ids[i]);
const at = (model, id) => model.indexOf.get(id);

test('load of nodes in any order puts parents first', () => {
  assert.deepEqual(rows(make(node('b', 'a'), node('c', 'b'), node('a'))), ['a', 'b', 'c']);
});

test('load of a node whose parent is missing makes it a root', () => {
  const model = make(node('a'), node('b', 'gone'));
  assert.equal(model.parents[at(model, 'b')], -1);
});

test('load of the same scene again keeps what was closed and selected', () => {
  const model = arm();
  model.setOpen(at(model, 'hand'), false);
  model.selected = new Set(['elbow', 'gone']);
  model.load([node('arm'), node('hand', 'arm'), node('thumb', 'hand'), node('elbow', 'arm')]);
  assert.deepEqual(rows(model), ['arm', 'hand', 'elbow']);
  assert.deepEqual(Array.from(model.selected), ['elbow']);
});

test('closing a node leaves out its subtree, and opening brings it back', () => {
  const model = arm();
  model.setOpen(at(model, 'arm'), false);
  assert.deepEqual(rows(model), ['arm', 'lamp']);
  model.setOpen(at(model, 'arm'), true);
  assert.equal(model.rows.length, 6);
});

test('closing a node deeply closes all below', () => {
  const model = arm();
  model.setOpen(at(model, 'arm'), false, true);
  model.setOpen(at(model, 'arm'), true);
  assert.deepEqual(rows(model), ['arm', 'hand', 'elbow', 'lamp']);
});

test('a search keeps matches and their ancestors and counts only matches', () => {
  const model = arm();
  model.setQuery('THUMB');
  assert.deepEqual(rows(model), ['arm', 'hand', 'thumb']);
  assert.equal(model.matchCount, 1);
  assert.equal(model.ids[model.rows[model.firstMatchRow()]], 'thumb');
});

test('a search opens what is closed, and its end closes it again', () => {
  const model = arm();
  model.setAllOpen(false);
  model.setOpen(at(model, 'arm'), false);
  model.setQuery('finger');
  assert.deepEqual(rows(model), ['arm', 'hand', 'finger_L']);
  model.setQuery('');
  assert.deepEqual(rows(model), ['arm', 'lamp']);
});

test('a search for several words wants all of them', () => {
  const model = make(node('left_front_leg'), node('left_arm'), node('front_door'));
  model.setQuery('front left');
  assert.deepEqual(rows(model), ['left_front_leg']);
});

test('a node closed while searching stays closed until the search changes', () => {
  const model = arm();
  model.setQuery('thumb');
  model.setOpen(at(model, 'hand'), false);
  assert.deepEqual(rows(model), ['arm', 'hand']);
  model.setQuery('thum');
  assert.deepEqual(rows(model), ['arm', 'hand', 'thumb']);
});

test('ranges of overlapping words are merged', () => {
  const model = make(node('bananas'));
  model.setQuery('nan ana');
  assert.deepEqual(model.ranges(0), [[1, 6]]);
});

test('ranges of a name whose lower case is longer are none', () => {
  const model = make(node('İstanbul'));
  model.setQuery('stan');
  assert.equal(model.matchCount, 1);
  assert.deepEqual(model.ranges(0), []);
});

test('hiding a node hides all below without changing them', () => {
  const model = arm();
  model.apply([{ id: 'hand', visible: false }]);
  assert.equal(model.isHidden(at(model, 'thumb')), true);
  assert.equal(model.visible[at(model, 'thumb')], 1);
  assert.equal(model.isHidden(at(model, 'elbow')), false);
});

test('a new name takes part in the search that is on', () => {
  const model = arm();
  model.setQuery('thumb');
  model.apply([{ id: 'lamp', name: 'thumbtack' }]);
  assert.equal(model.matchCount, 2);
  model.apply([{ id: 'nobody', name: 'thumb' }]);
  assert.equal(model.matchCount, 2);
});

test('places among siblings count from one', () => {
  const model = arm();
  const places = model.ids.map((id, i) => [id, model.places[i], model.setSize(i)]);
  assert.deepEqual(places, [
    ['arm', 1, 2], ['hand', 1, 2], ['thumb', 1, 2], ['finger_L', 2, 2], ['elbow', 2, 2], ['lamp', 2, 2],
  ]);
});

test('reveal opens every ancestor', () => {
  const model = arm();
  model.setAllOpen(false);
  model.setOpen(at(model, 'arm'), false);
  model.reveal(at(model, 'thumb'));
  assert.ok(rows(model).includes('thumb'));
});

test('ids between two rows follow the rows', () => {
  const model = arm();
  assert.deepEqual(model.idsBetween(at(model, 'elbow'), at(model, 'thumb')), ['thumb', 'finger_L', 'elbow']);
});

test('any sequence of changes keeps rows and their places consistent', () => {
  // A small linear congruential generator: the same sequence every time.
  let seed = 7;
  const random = (n) => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed % n;
  };
  const nodes = [];
  for (let i = 0; i < 300; i++) nodes.push(node('n' + i, i && random(4) ? 'n' + random(i) : null));
  const model = make(...nodes);
  for (let step = 0; step < 400; step++) {
    const i = random(300);
    [
      () => model.setOpen(i, Boolean(random(2)), Boolean(random(2))),
      () => model.setQuery(['', '1', '2 1', 'zzz', 'n'][random(5)]),
      () => model.apply([{ id: 'n' + i, visible: Boolean(random(2)), name: 'n' + random(999) }]),
      () => model.reveal(i),
    ][random(4)]();
    model.rows.forEach((index, row) => assert.equal(model.rowOf[index], row));
    assert.equal(new Set(model.rows).size, model.rows.length);
    for (const index of model.rows) {
      const parent = model.parents[index];
      if (parent >= 0) assert.ok(model.rowOf[parent] >= 0 && model.isOpen(parent), 'a row without its parent');
    }
  }
});
