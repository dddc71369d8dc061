// The inspector's page: a virtual list of rows, the details of a row, and the forms of commands.
'use strict';

/**
 * A row: number, seconds, sender, kind, name, characters, milliseconds, state; then the milliseconds in the queue.
 * @typedef {any[]} Row
 */

const ROW_PX = 20;
const MAX_ROWS = 100000;
const SLOW_MS = 16;
/** Chips: the kinds that each shows, and whether it is on at first. @type {[string, string[], boolean][]} */
const CHIPS = [
  ['Events', ['event', 'drop'], true],
  ['Calls', ['call', 'result', 'error', 'stream', 'part', 'progress', 'cancel', 'text', 'evaluate'], true],
  ['State', ['state'], true],
  ['Log', ['log'], true],
  ['Life', ['life', 'sampled', 'large'], true],
  ['Batches', ['batch', 'credit', 'bind'], false],
];
const MARKS = { page: '→', python: '←', host: '⇥' };

/** @param {string} id @returns {any} */
const $ = (id) => document.getElementById(id);
const aurora = /** @type {any} */ (window).auroraview;

/** @type {Row[]} */
let rows = [];
/** @type {Map<number, Row>} */
const byNumber = new Map();
/** @type {Row[]} */
let shown = [];
/** @type {Row | null} */
let selected = null;
let follows = true;
let isPaused = false;
let isTaking = false;
let hasNews = false;
let total = 0;
/** @type {number[]} */
let rates = [];
let detailNumber = 0;
/** @type {any} */
let detail = null;
const counts = CHIPS.map(() => 0);
const isOn = CHIPS.map(([, , on]) => on);
/** @type {Map<string, number>} */
const chipOf = new Map();
CHIPS.forEach(([, kinds], index) => kinds.forEach((kind) => chipOf.set(kind, index)));

// ------------------------------------------------------------------------------------------------ filter

/** @type {((row: Row) => boolean)[]} */
let tests = [];

/** @param {string} text */
function parseFilter(text) {
  tests = text.trim().split(/\s+/).filter(Boolean).map((word) => {
    const not = word.length > 1 && word[0] === '-';
    const test = testOf((not ? word.slice(1) : word).toLowerCase());
    return not ? (/** @type {Row} */ row) => !test(row) : test;
  });
}

/** @param {string} word @returns {(row: Row) => boolean} */
function testOf(word) {
  const slower = /^>(\d+(?:\.\d+)?)(ms|s)?$/.exec(word);
  if (slower) {
    const least = Number(slower[1]) * (slower[2] === 's' ? 1000 : 1);
    return (row) => row[6] >= least || row[8] >= least;
  }
  if (word === 'error' || word === 'errors') {
    return (row) => row[7] === 'failed';
  }
  const [key, value] = word.split(':', 2);
  if (value !== undefined && key === 'kind') {
    return (row) => row[3].startsWith(value);
  }
  if (value !== undefined && key === 'from') {
    return (row) => row[2].startsWith(value);
  }
  return (row) => row[4].toLowerCase().includes(word) || row[3].startsWith(word);
}

/** @param {Row} row */
const matches = (row) => isOn[chipOf.has(row[3]) ? /** @type {number} */ (chipOf.get(row[3])) : 4] && tests.every((test) => test(row));

function refilter() {
  shown = rows.filter(matches);
  draw();
}

// ------------------------------------------------------------------------------------------------ the list

let isDue = false;
function draw() {
  if (!isDue) {
    isDue = true;
    requestAnimationFrame(drawNow);
  }
}

function drawNow() {
  isDue = false;
  const scroll = $('scroll');
  $('space').style.height = shown.length * ROW_PX + 'px';
  if (follows) {
    scroll.scrollTop = shown.length * ROW_PX;
  }
  const first = Math.max(0, Math.floor(scroll.scrollTop / ROW_PX) - 2);
  const last = Math.min(shown.length, first + Math.ceil(scroll.clientHeight / ROW_PX) + 5);
  const parts = document.createDocumentFragment();
  for (let index = first; index < last; index += 1) {
    parts.appendChild(lineOf(shown[index], index));
  }
  const box = $('rows');
  box.textContent = '';
  box.style.transform = 'translateY(' + first * ROW_PX + 'px)';
  box.appendChild(parts);
  $('empty').hidden = shown.length > 0;
  $('empty').textContent = rows.length ? 'No message fits the filter' : isPaused ? 'Paused' : 'Waiting for messages';
  drawChips();
  drawStatus();
}

/** @param {Row} row @param {number} index */
function lineOf(row, index) {
  const [number, seconds, sender, kind, name, size, ms, state, wait] = row;
  const line = document.createElement('div');
  line.className = ['row', sender, kind, state, index % 2 ? 'odd' : '', row === selected ? 'selected' : ''].join(' ');
  line.setAttribute('role', 'row');
  line.dataset.index = String(index);
  line.title = number + ' · ' + sender + ' ' + kind;
  /** @param {string} cls @param {string} text */
  const cell = (cls, text) => {
    const span = document.createElement('span');
    span.className = cls;
    span.textContent = text;
    line.appendChild(span);
  };
  cell('time', seconds.toFixed(3));
  cell('way', MARKS[/** @type {'page'} */ (sender)] || '');
  cell('kind', kind);
  cell('name', name);
  cell('size', sizeText(size));
  cell('wait', wait === undefined || wait === null ? '' : msText(wait));
  cell('ms' + (ms > SLOW_MS && kind !== 'batch' ? ' slow' : ''), ms === null ? '' : msText(ms));
  return line;
}

/** @param {number} ms */
const msText = (ms) => (ms < 10 ? ms.toFixed(2) + ' ms' : ms < 1000 ? ms.toFixed(0) + ' ms' : (ms / 1000).toFixed(1) + ' s');
/** @param {number} size */
const sizeText = (size) => (!size ? '' : size < 1024 ? size + ' B' : size < 1048576 ? (size / 1024).toFixed(1) + ' kB' : (size / 1048576).toFixed(1) + ' MB');

function drawChips() {
  const box = $('kinds');
  if (!box.children.length) {
    CHIPS.forEach(([label], index) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.innerHTML = '<b></b><i></i>';
      button.children[0].textContent = label;
      /** @type {HTMLElement} */ (button.children[0]).style.fontWeight = 'inherit';
      button.onclick = () => { isOn[index] = !isOn[index]; refilter(); };
      box.appendChild(button);
    });
  }
  CHIPS.forEach((_, index) => {
    box.children[index].setAttribute('aria-pressed', String(isOn[index]));
    box.children[index].children[1].textContent = counts[index] ? counts[index].toLocaleString('en') : '';
  });
}

let sampledOut = 0;
function drawStatus() {
  const rate = rates.length ? rates[rates.length - 1] : 0;
  $('status').textContent = [
    shown.length === rows.length ? rows.length.toLocaleString('en') + ' rows' : shown.length.toLocaleString('en') + ' of ' + rows.length.toLocaleString('en'),
    rate.toLocaleString('en') + ' msg/s',
    sampledOut ? sampledOut.toLocaleString('en') + ' not shown' : '',
    stats.queued ? stats.queued.toLocaleString('en') + ' queued' : '',
    stats.flush_max_ms ? 'flush max ' + msText(stats.flush_max_ms) : '',
  ].filter(Boolean).join(' · ');
  const canvas = $('chart');
  const pen = canvas.getContext('2d');
  const style = getComputedStyle(document.documentElement);
  pen.clearRect(0, 0, canvas.width, canvas.height);
  pen.fillStyle = style.getPropertyValue('--host-accent') || '#888';
  const most = Math.max(10, ...rates);
  rates.forEach((each, index) => {
    const height = Math.max(each ? 1 : 0, Math.round(each / most * 15));
    pen.fillRect(canvas.width - (rates.length - index) * 3, 16 - height, 2, height);
  });
}

/** @type {any} */
let stats = {};
let second = 0;
let inSecond = 0;
/** @type {any} */
let ticking = 0;
/** Count a second; it stops with the traffic. */
function tick() {
  rates.push(inSecond);
  rates = rates.slice(-40);
  second = inSecond;
  inSecond = 0;
  aurora.call('inspector.stats').then((/** @type {any} */ answer) => { stats = answer; draw(); }, () => undefined);
  if (!second && rates.slice(-3).every((rate) => !rate)) {
    clearInterval(ticking);
    ticking = 0;
  }
  draw();
}

// ------------------------------------------------------------------------------------------------ rows from Python

async function take() {
  if (isTaking || isPaused) {
    return;
  }
  isTaking = true;
  hasNews = false;
  let pause = 100;
  try {
    const answer = await aurora.call('inspector.take');
    pause = answer.total > 1000 ? 500 : 100; // painting takes time of the host
    receive(answer);
  } catch (error) {
    console.warn('inspector: ' + error);
  }
  setTimeout(() => {
    isTaking = false;
    if (hasNews) {
      take();
    }
  }, pause);
}

/** @param {any} answer */
function receive(answer) {
  total += answer.total;
  inSecond += answer.total;
  ticking = ticking || setInterval(tick, 1000);
  answer.rows.forEach((/** @type {Row} */ row) => {
    rows.push(row);
    byNumber.set(row[0], row);
    const chip = chipOf.get(row[3]);
    counts[chip === undefined ? 4 : chip] += 1;
    if (matches(row)) {
      shown.push(row);
    }
  });
  sampledOut += Math.max(0, answer.total - answer.rows.length);
  answer.changes.forEach((/** @type {any[]} */ [number, ms, state, wait]) => {
    const row = byNumber.get(number);
    if (row) {
      row[6] = row[3] === 'call' && state === 'handled' && row[6] !== null ? row[6] : ms;
      row[7] = state === 'handled' && row[7] ? row[7] : state;
      row[8] = wait === null ? row[8] : wait;
    }
  });
  if (rows.length > MAX_ROWS * 1.1) {
    rows.splice(0, rows.length - MAX_ROWS).forEach((row) => byNumber.delete(row[0]));
    shown = rows.filter(matches);
  }
  draw();
}

// ------------------------------------------------------------------------------------------------ details

/** @param {number} index */
async function select(index) {
  const row = shown[Math.max(0, Math.min(shown.length - 1, index))];
  if (!row) {
    return;
  }
  selected = row;
  detailNumber = row[0];
  follows = row === shown[shown.length - 1] && follows;
  reveal(shown.indexOf(row));
  const answer = await aurora.call('inspector.detail', [row[0]]).catch((/** @type {any} */ error) => ({ text: String(error) }));
  if (detailNumber !== row[0]) {
    return;
  }
  detail = answer;
  $('form').hidden = true;
  $('detail').hidden = false;
  $('detail-name').textContent = row[4].slice(0, 80);
  $('detail-facts').textContent = [row[2] && 'from ' + row[2], row[3], sizeText(row[5]), row[8] === undefined || row[8] === null ? '' : 'queue ' + msText(row[8]),
    row[6] === null ? '' : msText(row[6]), row[7]].filter(Boolean).join(' · ');
  $('resend').hidden = !((row[3] === 'event' && row[2] !== 'host') || (row[3] === 'call' && row[2] === 'page'));
  const box = $('value');
  box.textContent = '';
  if (answer.gone) {
    box.innerHTML = '<span class="quiet">This row has no value, or the value is no longer kept.</span>';
  } else if (answer.text !== undefined) {
    const pre = document.createElement('pre');
    pre.textContent = answer.text;
    box.appendChild(pre);
  } else {
    const trace = answer.value && answer.value.traceback;
    box.appendChild(treeOf(answer.value, null, 0));
    if (typeof trace === 'string') {
      const pre = document.createElement('pre');
      pre.textContent = '\n' + trace;
      box.appendChild(pre);
    }
  }
  draw();
}

/** @param {number} index */
function reveal(index) {
  const scroll = $('scroll');
  const top = index * ROW_PX;
  if (top < scroll.scrollTop) {
    scroll.scrollTop = top;
  } else if (top + ROW_PX > scroll.scrollTop + scroll.clientHeight) {
    scroll.scrollTop = top + ROW_PX - scroll.clientHeight;
  }
  draw();
}

/** @param {string} cls @param {string} text */
function piece(cls, text) {
  const span = document.createElement('span');
  span.className = cls;
  span.textContent = text;
  return span;
}

/** @param {any} value @param {string} brackets */
function previewOf(value, brackets) {
  const isArray = Array.isArray(value);
  const parts = Object.keys(value).slice(0, 4).map((key) => {
    const part = value[key];
    const text = typeof part === 'string' ? JSON.stringify(part.slice(0, 30)) : typeof part === 'object' && part !== null ? '…' : String(part);
    return isArray ? text : key + ': ' + text;
  });
  const text = parts.join(', ') + (Object.keys(value).length > 4 ? ', …' : '');
  return isArray ? brackets + ' ' + (parts.every((part) => part === '…') ? '' : text) : '{' + text + '}';
}

/** A value as a tree; long texts, arrays and binary data are summarised. @param {any} value @param {string | null} key @param {number} level @returns {HTMLElement} */
function treeOf(value, key, level) {
  const node = document.createElement('div');
  node.className = level ? 'node' : '';
  const label = key === null ? [] : [piece('key', key), piece('quiet', ':')];
  const isBinary = ArrayBuffer.isView(value) || value instanceof ArrayBuffer;
  if (typeof value !== 'object' || value === null || isBinary) {
    const text = isBinary ? value.constructor.name + ', ' + value.byteLength.toLocaleString('en') + ' bytes'
      : typeof value === 'string' ? JSON.stringify(value.length > 2000 ? value.slice(0, 2000) + '…' : value) : String(value);
    const cls = isBinary ? 'quiet' : typeof value === 'string' ? 'text' : typeof value === 'number' ? 'number' : 'word';
    node.append(...label, piece(cls, text));
    return node;
  }
  const keys = Object.keys(value);
  const brackets = Array.isArray(value) ? '[' + keys.length + ']' : '{' + keys.length + '}';
  if (!keys.length) {
    node.append(...label, piece('quiet', brackets));
    return node;
  }
  const details = document.createElement('details');
  const summary = document.createElement('summary');
  summary.append(...label, piece('quiet', previewOf(value, brackets)));
  details.append(summary);
  const fill = () => {
    if (details.children.length === 1) {
      keys.slice(0, 500).forEach((each) => details.appendChild(treeOf(value[each], each, level + 1)));
      if (keys.length > 500) {
        details.appendChild(piece('node quiet', (keys.length - 500).toLocaleString('en') + ' more'));
      }
    }
  };
  details.ontoggle = () => { if (details.open) { fill(); } };
  if (level < 2 && keys.length <= 50) {
    fill();
    details.open = true;
  }
  const outer = document.createElement('div');
  outer.className = 'node';
  outer.append(details);
  return outer;
}

function closePanes() {
  $('detail').hidden = true;
  $('form').hidden = true;
  selected = null;
  detailNumber = 0;
  $('list').focus();
  draw();
}

function resend() {
  if (selected && detail && !detail.gone && !$('resend').hidden) {
    const given = detail.value === null || detail.value === undefined ? [] : [detail.value];
    const call = selected[3] === 'call' ? ['inspector.call', [selected[4], given]] : ['inspector.send', [selected[2], selected[4], detail.value]];
    aurora.call(call[0], call[1]).catch((/** @type {any} */ error) => { $('status').textContent = String(error.message); });
  }
}

// ------------------------------------------------------------------------------------------------ actions

function togglePause() {
  isPaused = !isPaused;
  $('pause').setAttribute('aria-pressed', String(isPaused));
  $('pause').textContent = isPaused ? 'Resume' : 'Pause';
  take();
  draw();
}

function clearRows() {
  rows = [];
  shown = [];
  byNumber.clear();
  counts.fill(0);
  total = sampledOut = 0;
  follows = true;
  aurora.call('inspector.clear');
  closePanes();
}

async function exportRows() {
  const path = await aurora.dialog.saveFile({ title: 'Export the shown rows', defaultPath: 'messages.jsonl' });
  if (path) {
    const count = await aurora.call('inspector.export', [path, shown.map((row) => row[0])]);
    $('status').textContent = count.toLocaleString('en') + ' rows written';
  }
}

/** @type {Record<string, () => void>} */
const KEYS = {
  ArrowDown: () => { select(selected ? shown.indexOf(selected) + 1 : 0); },
  ArrowUp: () => { select(selected ? shown.indexOf(selected) - 1 : shown.length - 1); },
  PageDown: () => { select(shown.indexOf(/** @type {any} */ (selected)) + 20); },
  PageUp: () => { select(shown.indexOf(/** @type {any} */ (selected)) - 20); },
  Home: () => { select(0); },
  End: () => { follows = true; select(shown.length - 1); },
  Enter: () => { $('value').focus(); },
  Escape: closePanes,
  ' ': togglePause,
  '/': () => { $('filter').focus(); },
  c: () => { /** @type {any} */ (window).openForm(); },
  r: resend,
};

window.addEventListener('keydown', (event) => {
  const target = /** @type {HTMLElement} */ (event.target);
  const isField = /INPUT|SELECT|TEXTAREA/.test(target.tagName);
  const command = event.ctrlKey || event.metaKey;
  if (command && event.key === 'f') {
    $('filter').select();
  } else if (command && event.key === 'l') {
    clearRows();
  } else if (isField && event.key === 'Escape') {
    $('list').focus();
  } else if (isField && target.id === 'filter' && event.key === 'ArrowDown') {
    $('list').focus();
    select(0);
  } else if (!isField && !command && KEYS[event.key] && !(target.tagName === 'BUTTON' && /^( |Enter)$/.test(event.key))) {
    KEYS[event.key]();
  } else {
    return;
  }
  event.preventDefault();
});

$('filter').oninput = () => { parseFilter($('filter').value); refilter(); };
$('pause').onclick = togglePause;
$('clear').onclick = clearRows;
$('export').onclick = exportRows;
$('call').onclick = () => /** @type {any} */ (window).openForm();
$('close').onclick = closePanes;
$('resend').onclick = resend;
$('copy').onclick = () => aurora.clipboard.writeText(detail && detail.text !== undefined ? detail.text : JSON.stringify(detail && detail.value, null, 2));
$('rows').onclick = (/** @type {any} */ event) => {
  const line = event.target.closest('.row');
  if (line) {
    select(Number(line.dataset.index));
    $('list').focus();
  }
};
$('scroll').onscroll = () => {
  const { scrollTop, clientHeight, scrollHeight } = $('scroll');
  follows = scrollTop + clientHeight >= scrollHeight - ROW_PX;
  draw();
};
window.addEventListener('resize', draw);
window.addEventListener('hostthemechange', draw);
aurora.on('inspector.news', () => { hasNews = true; take(); });
$('list').focus();
draw();
take();
