/**
 * Renaming in place: an input replaces the name. Python decides; if it refuses, the input stays and shows the reason.
 */

import { el } from './dom.js';
import { ROW } from './tree-view.js';

/**
 * @param {import('./tree-view.js').TreeView} view
 * @param {string} id
 * @param {(name: string) => Promise<any>} send
 * @param {(message: string) => void} notify for what is refused after the input has lost the focus
 */
export function startRename(view, id, send, notify) {
  const i = view.model.indexOf.get(id);
  if (i === undefined || view.editing) return;
  view.model.reveal(i);
  view.moveTo(i);
  const old = view.model.names[i];
  const input = /** @type {HTMLInputElement} */ (el('input', 'rename'));
  input.type = 'text';
  input.value = old;
  input.spellcheck = false;
  input.setAttribute('aria-label', 'New name of ' + old);
  let state = 'open';
  /** @type {HTMLElement | null} */
  let told = null;

  const untell = () => {
    if (told) told.remove();
    told = null;
    input.removeAttribute('aria-invalid');
    input.removeAttribute('aria-describedby');
  };

  const tell = (message) => {
    untell();
    const row = /** @type {HTMLElement} */ (input.parentElement);
    const below = view.root.getBoundingClientRect().bottom - row.getBoundingClientRect().bottom;
    told = el('div', below < 2.5 * ROW ? 'rename-error above' : 'rename-error', message);
    told.id = 'rename-error';
    told.setAttribute('role', 'alert');
    row.insertBefore(told, row.lastElementChild); // the eye has to stay the last
    input.setAttribute('aria-invalid', 'true');
    input.setAttribute('aria-describedby', 'rename-error');
  };

  const close = () => {
    if (state === 'closed') return;
    state = 'closed';
    untell();
    const focused = document.activeElement === input;
    view.editing = null;
    input.remove();
    view.draw();
    if (focused) view.root.focus();
  };

  const commit = (leaving) => {
    if (state !== 'open') return;
    if (input.value === old) {
      close();
      return;
    }
    state = 'sent';
    input.readOnly = true;
    send(input.value).then(close, (error) => {
      if (leaving) {
        close();
        notify(`${old} keeps its name. ${error.message}`);
        return;
      }
      state = 'open';
      input.readOnly = false;
      tell(error.message);
      input.select();
    });
  };

  input.addEventListener('keydown', (event) => {
    event.stopPropagation();
    if (event.key === 'Enter') commit(false);
    else if (event.key === 'Escape') close();
    else return;
    event.preventDefault();
  });
  input.addEventListener('input', untell);
  input.addEventListener('blur', () => {
    if (state === 'open') commit(true);
  });
  view.editing = { i, input };
  view.draw();
  input.focus();
  input.select();
}
