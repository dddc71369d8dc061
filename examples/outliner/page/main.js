/** Joins the panel: Python's events go to the parts, and requests of the parts go to Python. */

import { Details } from './details.js';
import { latestWins } from './dom.js';
import { startRename } from './rename.js';
import { Splitter } from './splitter.js';
import { Timeline } from './timeline.js';
import { TreeModel } from './tree-model.js';
import { TreeView } from './tree-view.js';

const find = (id) => /** @type {any} */ (document.getElementById(id));
const bridge = /** @type {any} */ (window).auroraview;
const whole = new Intl.NumberFormat('en-US');

const panel = find('panel');
const search = find('search');
const model = new TreeModel();
const details = new Details(find('details'));

/**
 * @param {string} name
 * @param {object} [params]
 * @returns {Promise<any>}
 */
const call = (name, params) => bridge.call('outliner.' + name, params || {});

// -- telling the user ------------------------------------------------------------------------------

/** @param {string} text */
function notify(text) {
  find('notice').textContent = text;
  find('notice').hidden = !text;
}

/** @param {Error} error */
const failed = (error) => notify(error.message);

/**
 * @param {'loading' | 'ready' | 'empty' | 'error' | 'nothing-found'} state
 * @param {string} [text]
 * @param {string} [hint] what to do next
 */
function setState(state, text = '', hint = '') {
  panel.setAttribute('data-state', state);
  find('message-text').textContent = text;
  find('message-hint').textContent = hint;
  find('message').hidden = !text;
  const listed = state === 'ready' || state === 'nothing-found';
  for (const control of [search, find('expand'), find('collapse')]) control.disabled = !listed;
}

// -- the tree --------------------------------------------------------------------------------------

const view = new TreeView(find('tree'), model, {
  select: (ids) => select(ids),
  setVisible: (ids, visible) => call('set_visible', { ids, visible }).then(() => notify(''), failed),
  rename: (id) => startRename(view, id, (name) => call('rename', { id, name }), notify),
  search(text) {
    search.focus();
    if (!text) search.select();
    else setQuery(text);
  },
  escape() {
    if (model.query) setQuery('');
    else if (model.selected.size) select([]);
  },
});

const selections = latestWins(
  (params) => call('select', params),
  (reply) => showSelection(reply.ids),
  (error) => {
    failed(error);
    load();
  },
);

/**
 * The selection shows at once, and Python gets it; Python's answer decides.
 * @param {string[]} ids
 */
function select(ids) {
  showSelection(ids);
  notify('');
  selections.request({ ids });
}

/** @param {string[]} ids the last one leads */
function showSelection(ids) {
  const same = ids.length === model.selected.size && ids.every((id) => model.selected.has(id));
  model.selected = new Set(ids);
  view.draw();
  if (!same || !described) describe();
}

const descriptions = latestWins(
  (params) => call('describe', params),
  (node) => {
    if (model.selected.size === 1 && model.selected.has(node.id)) details.show(node);
  },
  failed,
);
let described = false;

function describe() {
  described = true;
  const ids = Array.from(model.selected);
  if (ids.length === 1) {
    descriptions.request({ id: ids[0] });
  } else if (ids.length === 0) {
    details.showNothing(model.count ? 'Select a node to see its details.' : '');
  } else {
    const kinds = new Map();
    for (const id of ids) {
      const kind = model.kinds[model.indexOf.get(id)];
      kinds.set(kind, (kinds.get(kind) || 0) + 1);
    }
    details.showMany(ids.length, kinds);
  }
}

// -- search ----------------------------------------------------------------------------------------

/** @param {string} text */
function setQuery(text) {
  if (search.value !== text) search.value = text;
  model.setQuery(text);
  const searching = model.terms.length > 0;
  find('count').textContent = searching && model.count ? `${whole.format(model.matchCount)} of ${whole.format(model.count)}` : '';
  find('clear').hidden = !text;
  if (!model.count) return;
  if (searching && !model.matchCount) {
    setState('nothing-found', `No node is called “${text.trim()}”.`, 'Try fewer letters, or press Esc to see all.');
  } else {
    setState('ready');
  }
  if (searching) view.root.scrollTop = 0;
  else if (view.current >= 0) {
    model.reveal(view.current);
    view.scrollTo(view.current);
  }
  view.draw();
}

search.addEventListener('input', () => setQuery(search.value));
search.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') {
    if (search.value) setQuery('');
    else view.root.focus();
  } else if ((event.key === 'ArrowDown' || event.key === 'Enter') && model.rows.length) {
    const row = model.firstMatchRow();
    view.root.focus();
    view.choose(model.rows[row >= 0 ? row : Math.max(0, model.rowOf[view.current])]);
  } else {
    return;
  }
  event.preventDefault();
});
find('clear').addEventListener('click', () => {
  setQuery('');
  search.focus();
});
find('expand').addEventListener('click', () => openAll(true));
find('collapse').addEventListener('click', () => openAll(false));

/** @param {boolean} open */
function openAll(open) {
  model.setAllOpen(open);
  if (model.rowOf[view.current] < 0) view.current = -1;
  view.draw();
}

document.addEventListener('keydown', (event) => {
  document.documentElement.classList.add('keyboard');
  const typing = /** @type {Element} */ (event.target).matches('input');
  if (((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'f') || (event.key === '/' && !typing)) {
    event.preventDefault();
    search.focus();
    search.select();
  }
}, true);
document.addEventListener('pointerdown', () => document.documentElement.classList.remove('keyboard'), true);

// -- Python ----------------------------------------------------------------------------------------

const timeline = new Timeline(document, {
  seek: (params) => call('seek', params),
  play: () => call('play'),
  pause: () => call('pause'),
}, failed);
new Splitter(find('splitter'), find('details'));

/** @param {any} scene */
function show(scene) {
  notify('');
  if (scene.error) {
    model.load([]);
    timeline.setRange(null);
    view.reset();
    setState('error', scene.error, 'Open another file: File ▸ Open.');
    setQuery(search.value);
    details.showNothing('');
    return;
  }
  model.load(scene.nodes);
  view.reset();
  timeline.setRange(scene.nodes.length ? scene.timeline : null);
  find('timeline').hidden = scene.nodes.length > 0 && !scene.timeline;
  if (model.count) setState('ready');
  else setState('empty', 'This scene has no nodes.', 'Open another file: File ▸ Open.');
  setQuery(search.value);
  described = false;
  showSelection(scene.selection);
  followSelection();
}

/** Bring the leading node of the selection into view, where the host chose it. */
function followSelection() {
  const ids = Array.from(model.selected);
  const i = model.indexOf.get(ids[ids.length - 1]);
  if (i === undefined) return;
  model.reveal(i);
  view.anchor = i;
  view.moveTo(i);
}

function load() {
  call('load').then(show, (error) => setState('error', error.message, 'Close the panel and open it again.'));
}

if (bridge) {
  bridge.on('outliner.scene_loaded', show);
  bridge.on('outliner.selection_changed', ({ ids }) => {
    if (selections.busy) return; // our own newer choice is on its way
    const mine = ids.length === model.selected.size && ids.every((id) => model.selected.has(id));
    showSelection(ids);
    if (!mine) followSelection();
  });
  bridge.on('outliner.node_changed', ({ nodes }) => {
    model.apply(nodes);
    view.draw();
    if (nodes.some(({ id }) => model.selected.has(id))) describe();
  });
  bridge.on('outliner.frame', (now) => timeline.follow(now));
  load();
} else {
  setState('error', 'No host is listening to this panel.', 'Start it with: python -m auroraview_qt demo');
}

/** Return the panel's content, for a comparison with the host. */
Object.defineProperty(window, 'outliner', {
  value: {
    snapshot: () => ({
      state: panel.getAttribute('data-state'),
      nodes: model.ids.map((id, i) => ({
        id,
        parent: model.parents[i] < 0 ? null : model.ids[model.parents[i]],
        name: model.names[i],
        visible: model.visible[i] === 1,
      })),
      selection: Array.from(model.selected),
      frame: timeline.frame,
      playing: timeline.playing,
      painted: timeline.painted,
    }),
  },
});
