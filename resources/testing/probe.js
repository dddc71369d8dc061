/**
 * Questions of the test kit about the elements of a page, and actions that neither mouse nor keys can do.
 *
 * Each answer is JSON. Runs in a separate world beside the page's scripts, which can neither see nor patch it.
 */
function auroraviewProbe() {
  'use strict';

  const { query, textOf, nameOf, roleOf, hiddenBy, describe, isChecked, isDisabled, elementsOf, parentOf, plain } = auroraviewSelectors();
  const MAX_SHOWN = 12;
  const SET_TYPES = ['date', 'time', 'datetime-local', 'month', 'week', 'color', 'range'];
  const UNTYPED = ['checkbox', 'radio', 'file', 'button', 'submit', 'reset', 'image', 'hidden'];

  /** @type {any} */
  let target = null; // of the action under way
  /** @type {string | null} */
  let heard = null; // the element that its event has hit: empty for the target itself

  /** Return the single element of a selector, or the problem. @param {string} selector @returns {{element?: any, problem?: string}} */
  function only(selector) {
    const found = query(selector);
    if (found.length === 1) {
      return { element: found[0] };
    }
    if (!found.length) {
      return { problem: 'no element matches' };
    }
    const some = found.slice(0, 3).map(describe).join(', ');
    return { problem: found.length + ' elements match: ' + some + (found.length > 3 ? ' …' : '') + '; say which: ">> nth=0" takes the first' };
  }

  /** Whether an element is another element or inside it. @param {any} inner @param {any} outer */
  function isInside(inner, outer) {
    for (let node = inner; node; node = parentOf(node)) {
      if (node === outer) {
        return true;
      }
    }
    return false;
  }

  /** Whether the hit element counts as the element: inside it, or its label. @param {any} hit @param {any} element */
  function counts(hit, element) {
    if (isInside(hit, element)) {
      return true;
    }
    const labels = element.labels ? Array.from(element.labels) : [];
    return labels.some((label) => isInside(hit, label) && isInside(element, label));
  }

  /** @param {number} x @param {number} y @returns {any} the innermost element there */
  function elementAt(x, y) {
    let hit = document.elementFromPoint(x, y);
    while (hit && hit.shadowRoot) {
      const inner = /** @type {Element | null} */ (hit.shadowRoot.elementFromPoint(x, y));
      if (!inner || inner === hit) {
        break;
      }
      hit = inner;
    }
    return hit;
  }

  /** @param {any} element @param {string[]} needs @returns {string} */
  function missing(element, needs) {
    const hidden = needs.includes('visible') ? hiddenBy(element) : '';
    if (hidden) {
      return describe(element) + ' is hidden: ' + hidden;
    }
    if (needs.includes('enabled') && isDisabled(element)) {
      return describe(element) + ' is disabled';
    }
    if (needs.includes('editable')) {
      const typed = /^(INPUT|TEXTAREA)$/.test(element.nodeName) && !UNTYPED.includes(element.type);
      if (!typed && !element.isContentEditable) {
        return describe(element) + ' is no field a text can be typed into';
      }
      if (element.readOnly) {
        return describe(element) + ' is read-only';
      }
    }
    return '';
  }

  /**
   * Return the place for the mouse to reach an element, and the element's box; or the obstacle.
   * @param {string} selector @param {string[]} needs @param {[number, number] | null} at inside the element, its middle for null
   */
  function aim(selector, needs, at) {
    const { element, problem } = only(selector);
    if (problem) {
      return { problem };
    }
    const lacks = missing(element, needs);
    if (lacks) {
      return { problem: lacks };
    }
    if (needs.includes('inView')) {
      bringIntoView(element);
    }
    const box = element.getClientRects()[0] || element.getBoundingClientRect();
    const x = at ? box.left + at[0] : box.left + box.width / 2;
    const y = at ? box.top + at[1] : box.top + box.height / 2;
    target = element;
    if (x < 0 || y < 0 || x >= window.innerWidth || y >= window.innerHeight) {
      return { problem: describe(element) + ' is outside of the view, and cannot be scrolled into it' };
    }
    const hit = elementAt(x, y);
    if (needs.includes('hit') && (!hit || !counts(hit, element))) {
      return { problem: describe(element) + ' is covered by ' + (hit ? describe(hit) : 'nothing of the page') };
    }
    return { x, y, box: [box.left, box.top, box.width, box.height], draggable: isDraggable(element) };
  }

  /** @param {any} element */
  function isDraggable(element) {
    for (let node = element; node; node = parentOf(node)) {
      if (node.draggable) {
        return true;
      }
    }
    return false;
  }

  /** @param {any} element */
  function bringIntoView(element) {
    const box = element.getBoundingClientRect();
    const inside = box.top >= 0 && box.left >= 0 && box.bottom <= window.innerHeight && box.right <= window.innerWidth;
    const x = box.left + box.width / 2;
    const y = box.top + box.height / 2;
    const hit = inside ? elementAt(x, y) : null;
    if (!inside || !hit || !counts(hit, element)) {
      element.scrollIntoView({ block: 'center', inline: 'center', behavior: 'auto' });
    }
  }

  /** Listen for the event an action is about to bring about. @param {string} type @param {boolean} aimed at the target */
  function listen(type, aimed) {
    heard = null;
    const element = aimed ? target : null;
    window.addEventListener(type, (event) => {
      const hit = /** @type {any} */ (event.composedPath()[0]);
      const isFine = !element || hit === window || hit.nodeType !== 1 || counts(hit, element) || isInside(element, hit);
      heard = isFine ? '' : describe(hit);
    }, { capture: true, once: true, passive: true });
    return true;
  }

  /** How the elements a selector means are. @param {string} selector */
  function look(selector) {
    const focused = innermost(document.activeElement);
    return query(selector).slice(0, 1000).map((element) => ({
      shown: describe(element),
      text: textOf(element).slice(0, 20000),
      value: 'value' in element ? String(element.value) : null,
      hidden: hiddenBy(element),
      disabled: isDisabled(element),
      checked: isChecked(element),
      focused: element === focused,
      attributes: Object.fromEntries(Array.from(element.attributes, (/** @type {Attr} */ one) => [one.name, one.value])),
    }));
  }

  /** @param {any} element @returns {any} */
  function innermost(element) {
    return element && element.shadowRoot && element.shadowRoot.activeElement ? innermost(element.shadowRoot.activeElement) : element;
  }

  /** Describe the page's elements, for the message that an element was not found. */
  function inventory() {
    const all = document.body ? elementsOf(document.body) : [];
    const offered = all.filter((element) => (element.id || /^(button|link|textbox|checkbox|combobox|tab|option)$/.test(roleOf(element))) && !hiddenBy(element));
    return { ids: all.map((element) => element.id).filter(Boolean), shown: offered.slice(0, MAX_SHOWN).map(describe), more: offered.length > MAX_SHOWN,
      names: offered.map((element) => nameOf(element)).filter(Boolean).slice(0, 200) };
  }

  /** Give a page the events of a drag that would belong to the system. @param {string} source @param {string} destination */
  function dragOnto(source, destination) {
    const from = only(source);
    const to = only(destination);
    const problem = from.problem || to.problem || missing(to.element, ['visible']);
    if (problem) {
      return { problem };
    }
    const dataTransfer = new DataTransfer();
    /** @param {any} element @param {string} type */
    const send = (element, type) => {
      const { left, top, width, height } = element.getBoundingClientRect();
      const place = { clientX: left + width / 2, clientY: top + height / 2 };
      return element.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, composed: true, dataTransfer, ...place }));
    };
    if (send(from.element, 'dragstart')) {
      send(from.element, 'drag');
      send(to.element, 'dragenter');
      if (!send(to.element, 'dragover')) { // a target that takes a drop cancels this
        send(to.element, 'drop');
      } else {
        send(to.element, 'dragleave');
      }
      send(from.element, 'dragend');
    }
    return {};
  }

  // ---------------------------------------------------------------------------------------------- fields

  /** Focus a field and select all of it; return whether to type into it, or to set it. @param {string} selector */
  function enter(selector) {
    const { element, problem } = only(selector);
    const lacks = problem || missing(element, ['visible', 'enabled', 'editable']);
    if (lacks) {
      return { problem: lacks };
    }
    target = element;
    if (SET_TYPES.includes(element.type)) {
      return { how: 'set' };
    }
    element.focus();
    if (element.isContentEditable) {
      const range = document.createRange();
      range.selectNodeContents(element);
      const selection = /** @type {Selection} */ (window.getSelection());
      selection.removeAllRanges();
      selection.addRange(range);
    } else {
      element.select();
    }
    return { how: 'type', isEmpty: element.isContentEditable ? !textOf(element) : !element.value };
  }

  /** Set a field that is not typed into. @param {string} text */
  function set(text) {
    target.focus();
    target.value = text;
    if (target.value !== text) {
      return { problem: describe(target) + ' does not take ' + JSON.stringify(text) + ': it has become ' + JSON.stringify(target.value) };
    }
    return change();
  }

  function change() {
    target.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
    target.dispatchEvent(new Event('change', { bubbles: true }));
    return {};
  }

  /** Choose options of a <select> by value or text. @param {string} selector @param {string[]} wanted */
  function choose(selector, wanted) {
    const { element, problem } = only(selector);
    const lacks = problem || missing(element, ['visible', 'enabled']) || (element.nodeName === 'SELECT' ? '' : describe(element) + ' is no <select>');
    if (lacks) {
      return { problem: lacks };
    }
    const options = Array.from(element.options);
    const chosen = wanted.map((one) => options.find((option) => option.value === one || plain(option.label || option.text) === plain(one)));
    if (chosen.includes(undefined)) {
      const known = options.map((option) => JSON.stringify(plain(option.label || option.text))).join(', ');
      return { problem: describe(element) + ' has no option ' + JSON.stringify(wanted[chosen.indexOf(undefined)]) + '; it has ' + known };
    }
    target = element;
    element.focus();
    for (const option of options) {
      option.selected = chosen.includes(option);
    }
    return change();
  }

  /** Give an element the keyboard. @param {string} selector */
  function focus(selector) {
    const { element, problem } = only(selector);
    const lacks = problem || missing(element, ['visible', 'enabled']);
    if (lacks) {
      return { problem: lacks };
    }
    element.focus();
    target = null;
    return {};
  }

  return {
    aim,
    listen,
    /** Return the element that the awaited event has hit; null until the event comes. */
    heard: () => heard,
    look,
    inventory,
    dragOnto,
    enter,
    set,
    choose,
    focus,
  };
}
