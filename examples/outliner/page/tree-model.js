/**
 * The outliner's list, without a DOM: its nodes, its rows, the search, the selection, the hidden nodes.
 * Nodes are kept in depth-first order under dense indices, so that a subtree is a range and every pass is one loop.
 */

/** @typedef {{id: string, parent: string | null, name: string, kind: string, visible: boolean}} SceneNode */

export class TreeModel {
  constructor() {
    this.load([]);
  }

  /**
   * Show another scene. Ids that still exist stay expanded and selected.
   * @param {SceneNode[]} nodes in any order; a node whose parent is missing becomes a root
   */
  load(nodes) {
    const expanded = this.ids ? new Set(this.ids.filter((_, i) => this.open[i] && this.hasChildren(i))) : null;
    const ordered = depthFirst(nodes);
    const count = ordered.length;
    this.ids = new Array(count);
    this.names = new Array(count);
    this.lower = new Array(count);
    this.kinds = new Array(count);
    this.visible = new Uint8Array(count);
    this.parents = new Int32Array(count);
    this.depths = new Uint16Array(count);
    this.ends = new Int32Array(count);
    this.inherited = new Uint8Array(count);
    this.open = new Uint8Array(count);
    this.places = new Int32Array(count); // among the siblings, from 1
    this.childCounts = new Int32Array(count); // how many children a node has
    this.rootCount = 0;
    this.indexOf = new Map();
    ordered.forEach(({ node, parent }, i) => {
      this.ids[i] = node.id;
      this.names[i] = node.name;
      this.lower[i] = node.name.toLowerCase();
      this.kinds[i] = node.kind;
      this.visible[i] = node.visible ? 1 : 0;
      this.parents[i] = parent;
      this.depths[i] = parent < 0 ? 0 : this.depths[parent] + 1;
      this.places[i] = parent < 0 ? ++this.rootCount : ++this.childCounts[parent];
      this.indexOf.set(node.id, i);
    });
    for (let i = count - 1; i >= 0; i--) {
      this.ends[i] = Math.max(this.ends[i], i + 1);
      if (this.parents[i] >= 0) this.ends[this.parents[i]] = Math.max(this.ends[this.parents[i]], this.ends[i]);
    }
    const known = expanded && ordered.some(({ node }) => expanded.has(node.id));
    for (let i = 0; i < count; i++) {
      this.open[i] = known ? (expanded.has(this.ids[i]) ? 1 : 0) : count <= 500 || this.depths[i] < 2 ? 1 : 0;
    }
    this.selected = new Set(Array.from(this.selected || []).filter((id) => this.indexOf.has(id)));
    this.inheritVisibility();
    this.setQuery(this.query || '');
  }

  get count() {
    return this.ids.length;
  }

  /** @param {number} i */
  hasChildren(i) {
    return this.ends[i] > i + 1;
  }

  /** Whether the row of `i` shows its children; while searching, everything that leads to a match is open. */
  isOpen(i) {
    return this.terms.length ? !this.shutWhileSearching.has(i) : this.open[i] === 1;
  }

  /** How many nodes there are beside `i`, itself among them. */
  setSize(i) {
    return this.parents[i] < 0 ? this.rootCount : this.childCounts[this.parents[i]];
  }

  /** @param {number} i */
  isHidden(i) {
    return !this.visible[i] || this.inherited[i] === 1;
  }

  inheritVisibility() {
    for (let i = 0; i < this.count; i++) {
      const parent = this.parents[i];
      this.inherited[i] = parent >= 0 && (this.inherited[parent] || !this.visible[parent]) ? 1 : 0;
    }
  }

  /**
   * Keep the nodes whose name holds every word of `query`, and their ancestors.
   * @param {string} query
   */
  setQuery(query) {
    this.query = query;
    this.terms = query.toLowerCase().split(/\s+/).filter(Boolean);
    this.shutWhileSearching = new Set();
    this.matches = new Uint8Array(this.terms.length ? this.count : 0);
    this.kept = new Uint8Array(this.terms.length ? this.count : 0);
    this.matchCount = 0;
    if (this.terms.length) {
      for (let i = this.count - 1; i >= 0; i--) {
        const name = this.lower[i];
        if (holdsAll(name, this.terms)) {
          this.matches[i] = this.kept[i] = 1;
          this.matchCount++;
        }
        if (this.kept[i] && this.parents[i] >= 0) this.kept[this.parents[i]] = 1;
      }
    }
    this.flatten();
  }

  /** Work out `rows`, the indices of the nodes that have a row, and `rowOf`, the way back (-1 without a row). */
  flatten() {
    const searching = this.terms.length > 0;
    const rows = [];
    const rowOf = new Int32Array(this.count).fill(-1);
    let i = 0;
    while (i < this.count) {
      if (searching && !this.kept[i]) {
        i = this.ends[i];
        continue;
      }
      rowOf[i] = rows.length;
      rows.push(i);
      i = this.isOpen(i) ? i + 1 : this.ends[i];
    }
    this.rows = rows;
    this.rowOf = rowOf;
  }

  /**
   * @param {number} i
   * @param {boolean} open
   * @param {boolean} [deep] the whole subtree
   */
  setOpen(i, open, deep = false) {
    for (let k = i; k < (deep ? this.ends[i] : i + 1); k++) {
      if (!this.hasChildren(k)) continue;
      if (this.terms.length) {
        if (open) this.shutWhileSearching.delete(k);
        else this.shutWhileSearching.add(k);
      } else {
        this.open[k] = open ? 1 : 0;
      }
    }
    this.flatten();
  }

  /** @param {boolean} open everything, or only the roots */
  setAllOpen(open) {
    for (let i = 0; i < this.count; i++) this.open[i] = open || this.parents[i] < 0 ? 1 : 0;
    this.shutWhileSearching = new Set();
    this.flatten();
  }

  /**
   * Expand the ancestors of `i`. A node outside the search result stays without a row.
   * @param {number} i
   */
  reveal(i) {
    let changed = false;
    for (let parent = this.parents[i]; parent >= 0; parent = this.parents[parent]) {
      if (this.isOpen(parent)) continue;
      changed = true;
      if (this.terms.length) this.shutWhileSearching.delete(parent);
      else this.open[parent] = 1;
    }
    if (changed) this.flatten();
  }

  /**
   * Apply Python's changes of some nodes.
   * @param {{id: string, name?: string, visible?: boolean}[]} changes
   */
  apply(changes) {
    let renamed = false;
    let shown = false;
    for (const change of changes) {
      const i = this.indexOf.get(change.id);
      if (i === undefined) continue;
      if (change.name !== undefined && change.name !== this.names[i]) {
        this.names[i] = change.name;
        this.lower[i] = change.name.toLowerCase();
        renamed = true;
      }
      if (change.visible !== undefined && (change.visible ? 1 : 0) !== this.visible[i]) {
        this.visible[i] = change.visible ? 1 : 0;
        shown = true;
      }
    }
    if (shown) this.inheritVisibility();
    if (renamed && this.terms.length) {
      const shut = this.shutWhileSearching;
      this.setQuery(this.query);
      this.shutWhileSearching = shut;
      this.flatten();
    }
  }

  /** The first row whose own name matches, or -1. */
  firstMatchRow() {
    return this.terms.length ? this.rows.findIndex((i) => this.matches[i] === 1) : -1;
  }

  /**
   * Return the places of the search words in the name of `i`.
   * @param {number} i
   * @returns {[number, number][]} ranges, in order, without overlap
   */
  ranges(i) {
    const name = this.lower[i];
    // Some letters change length in lower case; then the places are not those of the name.
    if (!this.terms.length || !this.matches[i] || name.length !== this.names[i].length) return [];
    const found = [];
    for (const term of this.terms) {
      for (let at = name.indexOf(term); at >= 0; at = name.indexOf(term, at + 1)) {
        found.push([at, at + term.length]);
      }
    }
    found.sort((a, b) => a[0] - b[0]);
    const merged = [];
    for (const range of found) {
      const last = merged[merged.length - 1];
      if (last && range[0] <= last[1]) last[1] = Math.max(last[1], range[1]);
      else merged.push(range);
    }
    return merged;
  }

  /**
   * The ids of the rows between two nodes, in the order of the rows.
   * @param {number} from
   * @param {number} to
   */
  idsBetween(from, to) {
    const a = this.rowOf[from];
    const b = this.rowOf[to];
    if (a < 0 || b < 0) return [this.ids[to]];
    return this.rows.slice(Math.min(a, b), Math.max(a, b) + 1).map((i) => this.ids[i]);
  }
}

/**
 * @param {string} name
 * @param {string[]} terms
 */
function holdsAll(name, terms) {
  for (let t = 0; t < terms.length; t++) {
    if (name.indexOf(terms[t]) < 0) return false;
  }
  return true;
}

/** @param {SceneNode[]} nodes */
function depthFirst(nodes) {
  const known = new Set(nodes.map((node) => node.id));
  /** @type {Map<string | null, SceneNode[]>} */
  const children = new Map();
  for (const node of nodes) {
    const parent = node.parent !== null && known.has(node.parent) ? node.parent : null;
    const list = children.get(parent);
    if (list) list.push(node);
    else children.set(parent, [node]);
  }
  const ordered = [];
  const waiting = (children.get(null) || []).map((node) => ({ node, parent: -1 })).reverse();
  while (waiting.length) {
    const entry = /** @type {{node: SceneNode, parent: number}} */ (waiting.pop());
    const index = ordered.length;
    ordered.push(entry);
    const below = children.get(entry.node.id) || [];
    for (let k = below.length - 1; k >= 0; k--) waiting.push({ node: below[k], parent: index });
  }
  return ordered;
}
