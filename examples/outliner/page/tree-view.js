/**
 * The rows on the screen: draws those in view and no others, and turns clicks and keys into requests.
 * Rows are kept by their node, so scrolling by a row makes a single element and moves none.
 */

import { el, icon, oncePerFrame, setIcon } from './dom.js';

export const ROW = 22;
const OVERSCAN = 4;
const MAX_GUIDES = 14;

/**
 * @typedef {object} Requests what the tree asks for; none of it changes the tree by itself
 * @property {(ids: string[]) => void} select
 * @property {(ids: string[], visible: boolean) => void} setVisible
 * @property {(id: string) => void} rename
 * @property {(text: string) => void} search the user began to type in the tree
 * @property {() => void} escape
 */

export class TreeView {
  /**
   * @param {HTMLElement} root the element with role=tree
   * @param {import('./tree-model.js').TreeModel} model
   * @param {Requests} requests
   */
  constructor(root, model, requests) {
    this.root = root;
    this.model = model;
    this.requests = requests;
    this.current = -1; // the node the keyboard is at
    this.anchor = -1; // where a range selection began
    /** @type {Map<number, HTMLElement>} */
    this.shown = new Map();
    /** @type {HTMLElement[]} rows just scrolled out, for those just scrolled in */
    this.free = [];
    /** @type {{i: number, input: HTMLElement} | null} */
    this.editing = null;
    this.rows = root.appendChild(el('div', 'rows'));
    this.rows.setAttribute('role', 'presentation');
    this.refresh = oncePerFrame(() => this.draw());
    root.addEventListener('scroll', () => this.draw(), { passive: true });
    root.addEventListener('mousedown', (event) => this.pressed(event));
    root.addEventListener('dblclick', (event) => this.doubleClicked(event));
    root.addEventListener('keydown', (event) => this.keyed(event));
    new ResizeObserver(() => this.draw()).observe(root);
  }

  /** Draw the visible rows, now. */
  draw() {
    const { model, root } = this;
    const height = model.rows.length * ROW;
    if (this.height !== height) {
      this.height = height;
      this.rows.style.height = height + 'px';
    }
    const first = Math.max(0, Math.floor(root.scrollTop / ROW) - OVERSCAN);
    const last = Math.min(model.rows.length, Math.ceil((root.scrollTop + root.clientHeight) / ROW) + OVERSCAN);
    const wanted = new Set(model.rows.slice(first, last));
    if (this.editing && model.rowOf[this.editing.i] >= 0) wanted.add(this.editing.i);
    for (const [i, row] of this.shown) {
      if (wanted.has(i)) continue;
      this.shown.delete(i);
      this.free.push(row);
    }
    for (const i of wanted) this.drawRow(i);
    for (const row of this.free) row.remove();
    this.free.length = 0;
    const here = this.shown.get(this.current);
    if (here) root.setAttribute('aria-activedescendant', here.id);
    else root.removeAttribute('aria-activedescendant');
  }

  /** Throw all rows away: another scene. */
  reset() {
    for (const row of this.shown.values()) row.remove();
    this.shown.clear();
    this.editing = null;
    this.current = this.anchor = -1;
    this.draw();
  }

  /** @param {number} i */
  drawRow(i) {
    const { model } = this;
    let row = this.shown.get(i);
    if (!row) {
      row = this.free.pop() || this.rows.appendChild(makeRow());
      this.shown.set(i, row);
      this.bindRow(row, i);
    }
    const at = model.rowOf[i];
    row.style.transform = `translateY(${at * ROW}px)`;
    const off = !model.visible[i];
    let classes = 'row';
    if (at % 2) classes += ' odd';
    if (off) classes += ' off';
    if (model.isHidden(i)) classes += ' hidden-node';
    if (model.terms.length && !model.matches[i]) classes += ' ancestor';
    if (i === this.current) classes += ' current';
    if (this.editing && this.editing.i === i) classes += ' editing';
    if (row.className !== classes) row.className = classes;
    row.setAttribute('aria-selected', String(model.selected.has(model.ids[i])));
    if (model.hasChildren(i)) row.setAttribute('aria-expanded', String(model.isOpen(i)));
    const eye = /** @type {Element} */ (row.lastElementChild);
    setIcon(/** @type {Element} */ (eye.firstElementChild), off ? 'eye-off' : 'eye');
    const title = off ? 'Show (H)' : 'Hide (H)';
    if (eye.getAttribute('title') !== title) eye.setAttribute('title', title);
    this.drawName(row, i);
  }

  /**
   * @param {HTMLElement} row
   * @param {number} i
   */
  drawName(row, i) {
    const { model } = this;
    const editing = this.editing && this.editing.i === i;
    const name = model.names[i];
    const ranges = model.ranges(i);
    const hidden = model.isHidden(i);
    const key = (editing ? 'e' : '') + (hidden ? 'h' : '') + ranges.join() + '\n' + name;
    if (row.getAttribute('data-key') === key) return;
    row.setAttribute('data-key', key);
    row.setAttribute('aria-label', name + (hidden ? ', hidden' : ''));
    const holder = /** @type {HTMLElement} */ (row.querySelector('.name'));
    holder.hidden = Boolean(editing);
    holder.title = name;
    holder.textContent = '';
    let from = 0;
    for (const [start, end] of ranges) {
      holder.append(name.slice(from, start), el('mark', '', name.slice(start, end)));
      from = end;
    }
    holder.append(name.slice(from));
    const input = row.querySelector('.rename');
    if (editing && this.editing && input !== this.editing.input) row.insertBefore(this.editing.input, holder);
    if (!editing && input) input.remove();
  }

  /**
   * Give a row to another node: the parts that stay while it belongs to that node.
   * @param {HTMLElement} row
   * @param {number} i
   */
  bindRow(row, i) {
    const { model } = this;
    row.id = 'row-' + i;
    row.setAttribute('aria-level', String(model.depths[i] + 1));
    row.setAttribute('aria-posinset', String(model.places[i]));
    row.setAttribute('aria-setsize', String(model.setSize(i)));
    row.setAttribute('data-kind', model.kinds[i]);
    row.setAttribute('data-id', model.ids[i]);
    row.removeAttribute('aria-expanded');
    /** @type {HTMLElement} */ (row.firstElementChild).style.setProperty('--depth', String(Math.min(model.depths[i], MAX_GUIDES)));
    setIcon(/** @type {Element} */ (row.querySelector('.kind')), KINDS.has(model.kinds[i]) ? model.kinds[i] : 'group');
  }

  // -- where the user is ---------------------------------------------------------------------------

  /**
   * @param {number} i
   * @param {boolean} [scroll]
   */
  moveTo(i, scroll = true) {
    this.current = i;
    if (scroll) this.scrollTo(i);
    this.draw();
  }

  /** @param {number} i */
  scrollTo(i) {
    const at = this.model.rowOf[i];
    if (at < 0) return;
    const { root } = this;
    if (this.height !== this.model.rows.length * ROW) this.draw();
    if (at * ROW < root.scrollTop) root.scrollTop = at * ROW;
    else if ((at + 1) * ROW > root.scrollTop + root.clientHeight) root.scrollTop = Math.ceil(at + 1 - root.clientHeight / ROW) * ROW;
  }

  /**
   * Select as a list does: alone, added or taken away (Ctrl), or up to here (Shift).
   * @param {number} i
   * @param {{ctrl?: boolean, shift?: boolean}} [how]
   */
  choose(i, how = {}) {
    const { model } = this;
    const id = model.ids[i];
    let ids = [id];
    if (how.shift && this.anchor >= 0) {
      ids = model.idsBetween(this.anchor, i).filter((other) => other !== id).concat(id);
    } else {
      this.anchor = i;
      if (how.ctrl) {
        ids = Array.from(model.selected).filter((other) => other !== id);
        if (!model.selected.has(id)) ids.push(id);
      }
    }
    this.moveTo(i);
    this.requests.select(ids);
  }

  /** Return the targets of H and the eye: the whole selection if `i` is part of it. */
  targets(i) {
    const id = this.model.ids[i];
    return this.model.selected.has(id) ? Array.from(this.model.selected) : [id];
  }

  /** @param {number} i */
  toggleVisible(i) {
    this.requests.setVisible(this.targets(i), !this.model.visible[i]);
  }

  /**
   * @param {number} i
   * @param {boolean} open
   * @param {boolean} [deep]
   */
  setOpen(i, open, deep = false) {
    this.model.setOpen(i, open, deep);
    if (this.model.rowOf[this.current] < 0) this.current = i;
    this.draw();
  }

  // -- mouse ---------------------------------------------------------------------------------------

  /** @param {Event} event */
  indexAt(event) {
    const row = /** @type {Element} */ (event.target).closest('.row');
    const i = row ? this.model.indexOf.get(row.getAttribute('data-id')) : undefined;
    return i === undefined ? -1 : i;
  }

  /** @param {MouseEvent} event */
  pressed(event) {
    const target = /** @type {Element} */ (event.target);
    if (event.button !== 0 || target.closest('.rename, .rename-error')) return;
    const i = this.indexAt(event);
    if (i < 0) {
      if (target === this.root && event.offsetX < this.root.clientWidth) this.requests.select([]);
      return;
    }
    if (target.closest('.chevron') && this.model.hasChildren(i)) {
      this.setOpen(i, !this.model.isOpen(i), event.shiftKey || event.altKey);
    } else if (target.closest('.eye')) {
      this.toggleVisible(i);
    } else {
      this.choose(i, { ctrl: event.ctrlKey || event.metaKey, shift: event.shiftKey });
    }
  }

  /** @param {MouseEvent} event */
  doubleClicked(event) {
    const i = this.indexAt(event);
    if (i >= 0 && /** @type {Element} */ (event.target).closest('.name')) this.requests.rename(this.model.ids[i]);
  }

  // -- keys ----------------------------------------------------------------------------------------

  /** @param {KeyboardEvent} event */
  keyed(event) {
    if (event.target !== this.root || event.defaultPrevented) return;
    const command = event.ctrlKey || event.metaKey;
    const move = MOVES[event.key];
    const act = ACTIONS[event.key];
    if (move && this.model.rows.length && !event.altKey) {
      const at = this.model.rowOf[this.current];
      const page = Math.max(1, Math.floor(this.root.clientHeight / ROW) - 1);
      const to = move(at, this.model.rows.length - 1, page);
      const i = this.model.rows[Math.max(0, Math.min(this.model.rows.length - 1, to))];
      if (command) this.moveTo(i);
      else this.choose(i, { shift: event.shiftKey });
    } else if (command && event.key.toLowerCase() === 'a') {
      this.requests.select(this.model.rows.map((i) => this.model.ids[i]));
    } else if (act && !event.altKey) {
      act(this, event);
    } else if (event.key.length === 1 && !command && !event.altKey) {
      this.requests.search(event.key === '/' ? '' : event.key);
    } else {
      return;
    }
    event.preventDefault();
  }
}

function makeRow() {
  const row = el('div', 'row');
  row.setAttribute('role', 'treeitem');
  row.appendChild(el('span', 'guides'));
  row.appendChild(el('span', 'chevron')).appendChild(icon('chevron'));
  row.appendChild(icon('group')).classList.add('kind');
  row.appendChild(el('span', 'name'));
  const eye = row.appendChild(el('span', 'eye'));
  eye.setAttribute('aria-hidden', 'true');
  eye.appendChild(icon('eye'));
  return row;
}

const KINDS = new Set(['group', 'mesh', 'joint', 'camera', 'light']);

/** @type {{[key: string]: (at: number, last: number, page: number) => number}} */
const MOVES = {
  ArrowDown: (at) => at + 1,
  ArrowUp: (at, last) => (at < 0 ? last : at - 1),
  PageDown: (at, last, page) => at + page,
  PageUp: (at, last, page) => at - page,
  Home: () => 0,
  End: (at, last) => last,
};

/** @type {{[key: string]: (view: TreeView, event: KeyboardEvent) => void}} */
const ACTIONS = {
  ArrowRight(view, event) {
    const { model, current: i } = view;
    if (i < 0 || !model.hasChildren(i)) return;
    if (!model.isOpen(i)) view.setOpen(i, true, event.shiftKey);
    else view.choose(model.rows[model.rowOf[i] + 1]);
  },
  ArrowLeft(view, event) {
    const { model, current: i } = view;
    if (i < 0) return;
    if (model.hasChildren(i) && model.isOpen(i)) view.setOpen(i, false, event.shiftKey);
    else if (model.parents[i] >= 0) view.choose(model.parents[i]);
  },
  F2(view) {
    if (view.current >= 0) view.requests.rename(view.model.ids[view.current]);
  },
  ' '(view, event) {
    if (view.current >= 0) view.choose(view.current, { ctrl: event.ctrlKey || event.metaKey });
  },
  h(view) {
    if (view.current >= 0) view.toggleVisible(view.current);
  },
  H(view) {
    ACTIONS.h(view, new KeyboardEvent('keydown'));
  },
  Escape(view) {
    view.requests.escape();
  },
};
