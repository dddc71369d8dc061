// The form that calls a command, made from its annotations.
'use strict';

(() => {
  const bridge = /** @type {any} */ (window).auroraview;
  /** @type {any} */
  let box = null;
  /** @type {any[]} */
  let known = [];
  let last = '';

  /** @param {string} tag @param {Record<string, any>} [props] @param {...any} children @returns {any} */
  function make(tag, props, ...children) {
    const element = Object.assign(document.createElement(tag), props);
    element.append(...children);
    return element;
  }

  /** @param {any} field */
  function inputOf(field) {
    const hint = field.optional ? 'optional' : '';
    if (field.choices.length) {
      const options = field.choices.map((/** @type {any} */ each) => make('option', { value: JSON.stringify(each), textContent: String(each) }));
      return make('select', {}, ...(field.optional ? [make('option', { value: '', textContent: 'default' })] : []), ...options);
    }
    if (field.kind === 'bool') {
      return make('input', { type: 'checkbox', checked: field.default === true });
    }
    if (field.kind === 'int' || field.kind === 'float') {
      return make('input', { type: 'number', step: field.kind === 'int' ? '1' : 'any', placeholder: field.optional ? String(field.default) : '' });
    }
    if (['str', 'path', 'uuid', 'date', 'datetime', 'time', 'decimal'].includes(field.kind)) {
      return make('input', { type: 'text', placeholder: field.optional ? String(field.default) : field.kind });
    }
    return make('textarea', { rows: 2, placeholder: hint || 'JSON', spellcheck: false });
  }

  /** @param {any} field @param {any} input @returns {any} undefined for a default */
  function valueOf(field, input) {
    if (input.type === 'checkbox') {
      return input.checked;
    }
    if (input.value === '' && (field.optional || input.tagName === 'TEXTAREA')) {
      return undefined;
    }
    if (input.type === 'number') {
      return Number(input.value);
    }
    if (input.tagName === 'INPUT') {
      return input.value;
    }
    return JSON.parse(input.value);
  }

  /** @param {string} name */
  function show(name) {
    const command = known.find((each) => each.name === name) || known[0];
    last = command.name;
    const inputs = command.fields.map(inputOf);
    const note = make('span', { textContent: command.thread + (command.streams ? ', stream' : '') });
    const choice = make('select', { onchange: () => show(choice.value), ariaLabel: 'Command' }, ...known.map(
      (each) => make('option', { value: each.name, textContent: each.name, selected: each === command })));
    const run = async () => {
      try {
        /** @type {Record<string, any>} */
        const params = {};
        command.fields.forEach((/** @type {any} */ field, /** @type {number} */ index) => {
          const value = valueOf(field, inputs[index]);
          if (value !== undefined) {
            params[field.name] = value;
          }
        });
        await bridge.call('inspector.call', [command.name, Object.keys(params).length ? [params] : [], command.streams]);
        note.textContent = 'called: see the timeline';
      } catch (error) {
        note.textContent = String(error.message);
      }
    };
    const form = make('form', { id: 'fields', onsubmit: (/** @type {Event} */ event) => { event.preventDefault(); run(); } },
      ...(command.doc ? [make('p', { className: 'doc', textContent: command.doc })] : []),
      ...command.fields.map((/** @type {any} */ field, /** @type {number} */ index) => make('label', {},
        make('span', { textContent: field.name, title: field.kind }), inputs[index])),
      make('button', { type: 'submit', className: 'default', textContent: 'Call' }));
    box.textContent = '';
    box.append(make('div', { className: 'title' }, choice, note,
      make('button', { type: 'button', className: 'flat', textContent: '×', title: 'Close (Escape)', onclick: () => { box.hidden = true; } })), form);
    (inputs[0] || form.querySelector('button')).focus();
  }

  Object.assign(window, {
    async openForm() {
      box = document.getElementById('form');
      known = await bridge.call('inspector.commands');
      const detail = /** @type {HTMLElement} */ (document.getElementById('detail'));
      detail.hidden = true;
      box.hidden = false;
      if (known.length) {
        show(last);
      } else {
        box.textContent = 'This view has no commands.';
      }
    },
  });
})();
