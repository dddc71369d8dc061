// A virtual list: only the rows in view have elements, and only these elements have thumbnails.
const LABEL_PX = 20;
const PADDING_PX = 8;

const $ = (id) => document.getElementById(id);
const list = $('list');
const field = $('field');
const cells = new Map(); // index → element
let all = [];
let found = [];
let selected = 0;
let columns = 1;
let width = 104;

const height = () => width + LABEL_PX;

function layout() {
  columns = Math.max(1, Math.floor(list.clientWidth / Number($('size').value)));
  width = Math.floor(list.clientWidth / columns);
  field.style.height = Math.ceil(found.length / columns) * height() + 'px';
  field.className = found.length ? '' : 'empty quiet';
  if (!found.length) {
    field.style.height = 'auto';
    field.textContent = all.length ? 'No asset has this name. Clear the search to see all.' : 'Loading…';
  }
  clear();
  draw();
}

function clear() {
  for (const index of [...cells.keys()]) {
    drop(index);
  }
}

// An <img> that loses its source gives up its request: Python does not make the thumbnail any more.
function drop(index) {
  const cell = cells.get(index);
  cell.querySelector('img').removeAttribute('src');
  cell.remove();
  cells.delete(index);
}

function draw() {
  const first = Math.max(0, Math.floor(list.scrollTop / height()) - 1) * columns;
  const last = Math.min(found.length, (Math.ceil((list.scrollTop + list.clientHeight) / height()) + 1) * columns);
  for (const index of [...cells.keys()]) {
    if (index < first || index >= last) {
      drop(index);
    }
  }
  for (let index = first; index < last; index += 1) {
    if (!cells.has(index)) {
      cells.set(index, field.appendChild(make(index)));
    }
  }
}

function make(index) {
  const asset = found[index];
  const cell = document.createElement('div');
  cell.className = 'asset';
  cell.id = 'asset-' + index;
  cell.setAttribute('role', 'option');
  cell.setAttribute('aria-selected', String(index === selected));
  cell.setAttribute('aria-setsize', String(found.length));
  cell.setAttribute('aria-posinset', String(index + 1));
  cell.innerHTML = '<div class="picture"><img alt=""></div><div class="name"><b></b><i></i></div>';
  cell.title = cell.querySelector('b').textContent = asset.name;
  cell.querySelector('i').textContent = 'v' + String(asset.version).padStart(3, '0');
  const left = (index % columns) * width;
  cell.style.cssText = `left:${left}px;top:${Math.floor(index / columns) * height()}px;width:${width}px;height:${height()}px`;
  cell.querySelector('.picture').style.height = width - PADDING_PX + 'px';
  const picture = cell.querySelector('img');
  picture.onload = () => picture.classList.add('loaded');
  const pixels = Math.ceil(((width - PADDING_PX) * devicePixelRatio) / 32) * 32;
  picture.src = auroraview.resource('/thumb/{asset}', { asset: asset.name, size: pixels });
  cell.onmousedown = () => select(index);
  cell.ondblclick = () => open();
  return cell;
}

function select(index) {
  if (!found.length) {
    return;
  }
  const old = cells.get(selected);
  selected = Math.min(Math.max(index, 0), found.length - 1);
  const top = Math.floor(selected / columns) * height();
  if (top < list.scrollTop) {
    list.scrollTop = top;
  } else if (top + height() > list.scrollTop + list.clientHeight) {
    list.scrollTop = top + height() - list.clientHeight;
  }
  draw();
  if (old) {
    old.setAttribute('aria-selected', 'false');
  }
  cells.get(selected).setAttribute('aria-selected', 'true');
  list.setAttribute('aria-activedescendant', 'asset-' + selected);
  const asset = found[selected];
  $('told').textContent = `${asset.name}  ·  ${asset.kind}  ·  version ${asset.version}`;
}

function open() {
  auroraview.emit('open_asset', found[selected]);
  $('told').textContent = `Opened ${found[selected].name}`;
}

function search() {
  const text = $('find').value.trim().toLowerCase();
  const kind = $('kind').value;
  found = all.filter((asset) => asset.name.includes(text) && (!kind || asset.kind === kind));
  $('count').textContent = `${found.length.toLocaleString('en')} assets`;
  selected = 0;
  list.scrollTop = 0;
  layout();
}

list.onkeydown = (event) => {
  const page = Math.max(1, Math.floor(list.clientHeight / height())) * columns;
  const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns, PageUp: -page, PageDown: page, Home: -Infinity, End: Infinity };
  if (event.key in steps) {
    select(selected + steps[event.key]);
    event.preventDefault();
  } else if (event.key === 'Enter' && found.length) {
    open();
  } else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey) {
    $('find').focus(); // typing searches
  }
};
$('find').onkeydown = (event) => {
  if (event.key === 'Escape') {
    $('find').value = '';
    search();
  }
  if (event.key === 'Escape' || event.key === 'ArrowDown' || event.key === 'Enter') {
    list.focus();
  }
};
$('find').oninput = $('kind').onchange = search;
$('size').oninput = layout;
list.onscroll = draw;
new ResizeObserver(layout).observe(list);

layout();
auroraview.call('assets').then((assets) => {
  all = assets;
  for (const kind of new Set(all.map((asset) => asset.kind))) {
    $('kind').add(new Option(kind, kind));
  }
  search();
  list.focus();
});
