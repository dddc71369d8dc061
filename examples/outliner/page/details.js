/** The details pane: Python's description of the selected node, in the form of a channel box. */

import { el, icon } from './dom.js';

const KIND_NAMES = { group: 'Group', mesh: 'Mesh', joint: 'Joint', camera: 'Camera', light: 'Light' };
const whole = new Intl.NumberFormat('en-US');

export class Details {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.showNothing('');
  }

  /** @param {string} text */
  showNothing(text) {
    this.root.textContent = '';
    this.root.appendChild(el('div', 'empty', text));
  }

  /**
   * @param {number} count
   * @param {Map<string, number>} kinds how many of each kind
   */
  showMany(count, kinds) {
    this.root.textContent = '';
    this.root.appendChild(heading('group', `${whole.format(count)} nodes selected`, ''));
    const table = el('table', 'props');
    for (const [kind, number] of kinds) table.appendChild(line(KIND_NAMES[kind] || kind, [whole.format(number)], 3));
    this.root.appendChild(table);
  }

  /** @param {any} node as `outliner.describe` returns it */
  show(node) {
    const top = this.root.scrollTop;
    this.root.textContent = '';
    this.root.appendChild(heading(node.kind, node.name, node.label || KIND_NAMES[node.kind] || node.kind));
    const path = node.path.length ? node.path.join(' / ') : 'Top level';
    const crumbs = this.root.appendChild(el('div', 'crumbs', path));
    crumbs.title = path;
    const table = this.root.appendChild(node.translation ? transform(node) : el('table', 'props'));
    const facts = table.appendChild(el('tbody'));
    for (const [label, value] of node.facts || []) facts.appendChild(line(label, [value], 3));
    if (node.mesh) {
      facts.appendChild(line('Mesh', [node.mesh.name], 3));
      facts.appendChild(line('Vertices', [whole.format(node.mesh.vertices)], 3, true));
      facts.appendChild(line('Triangles', [whole.format(node.mesh.triangles)], 3, true));
    }
    if (node.children) facts.appendChild(line('Children', [whole.format(node.children)], 3, true));
    for (const material of node.materials) facts.appendChild(materialLine(material));
    this.root.scrollTop = top;
  }
}

/**
 * @param {string} kind
 * @param {string} name
 * @param {string} label
 */
function heading(kind, name, label) {
  const title = el('div', 'title');
  title.setAttribute('data-kind', kind);
  const mark = title.appendChild(icon(KIND_NAMES[kind] ? kind : 'group'));
  mark.classList.add('kind');
  title.appendChild(el('span', 'name', name)).title = name;
  if (label) title.appendChild(el('span', 'quiet', label));
  return title;
}

/** @param {any} node */
function transform(node) {
  const table = el('table', 'props');
  const head = table.appendChild(el('thead')).appendChild(el('tr'));
  head.appendChild(el('th')).setAttribute('aria-label', 'Property');
  for (const axis of ['X', 'Y', 'Z']) head.appendChild(el('th', '', axis)).setAttribute('scope', 'col');
  const body = table.appendChild(el('tbody'));
  for (const [label, key, digits] of /** @type {[string, string, number][]} */ ([
    ['Translate', 'translation', 3],
    ['Rotate', 'rotation', 2],
    ['Scale', 'scale', 3],
  ])) {
    const row = body.appendChild(line(label, node[key].map((value) => fixed(value, digits)), 1, true));
    if (node.animated.includes(key)) {
      row.querySelectorAll('td').forEach((cell) => {
        cell.classList.add('keyed');
        cell.title = 'Animated; the value at rest is shown';
      });
    }
  }
  return table;
}

/**
 * @param {number} value
 * @param {number} digits
 */
function fixed(value, digits) {
  const text = value.toFixed(digits);
  return Number(text) === 0 ? (0).toFixed(digits) : text.replace('-', '\u2212');
}

/**
 * @param {string} label
 * @param {string[]} values
 * @param {number} span
 * @param {boolean} [numeric]
 */
function line(label, values, span, numeric = false) {
  const row = el('tr');
  row.appendChild(el('th', '', label)).setAttribute('scope', 'row');
  for (const value of values) {
    const cell = /** @type {HTMLTableCellElement} */ (row.appendChild(el('td', numeric ? '' : 'wide', value)));
    cell.colSpan = span;
    cell.title = value;
  }
  return row;
}

/** @param {any} material */
function materialLine(material) {
  const row = line('Material', [''], 3);
  const cell = /** @type {HTMLElement} */ (row.lastElementChild);
  const swatch = cell.appendChild(el('span', 'swatch'));
  swatch.style.backgroundColor = material.color;
  swatch.style.opacity = String(0.25 + 0.75 * material.opacity);
  cell.append(material.name);
  cell.title = `${material.name}: ${material.color}, metallic ${material.metallic.toFixed(2)}, roughness ${material.roughness.toFixed(2)}`;
  return row;
}
