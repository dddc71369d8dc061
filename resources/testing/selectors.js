/**
 * Finds the elements of a selector: CSS, `text=`, `role=button[name=Publish]` and others, as in Playwright.
 *
 * Runs in a separate world beside the page's scripts, which can neither see nor patch it. Open shadow roots are searched,
 * too; frames are not.
 */
function auroraviewSelectors() {
  'use strict';

  const { isArray } = Array;
  const UNSEEN = new Set(['SCRIPT', 'STYLE', 'NOSCRIPT', 'TEMPLATE', 'HEAD', 'TITLE']);
  const ATTRIBUTES = new Set(['id', 'data-testid', 'data-test-id', 'data-test']);
  const PROPERTIES = new Set(['name', 'checked', 'disabled', 'expanded', 'pressed', 'selected', 'level', 'include-hidden']);
  const INPUT_ROLES = /** @type {Record<string, string>} */ ({
    button: 'button', submit: 'button', reset: 'button', image: 'button', checkbox: 'checkbox', radio: 'radio', range: 'slider',
    number: 'spinbutton', search: 'searchbox', text: 'textbox', email: 'textbox', tel: 'textbox', url: 'textbox',
  });
  const TAG_ROLES = /** @type {Record<string, string>} */ ({
    ARTICLE: 'article', ASIDE: 'complementary', BUTTON: 'button', DIALOG: 'dialog', FIELDSET: 'group', FORM: 'form',
    H1: 'heading', H2: 'heading', H3: 'heading', H4: 'heading', H5: 'heading', H6: 'heading', HR: 'separator', IMG: 'img',
    LI: 'listitem', MAIN: 'main', MENU: 'list', METER: 'meter', NAV: 'navigation', OL: 'list', OPTION: 'option',
    OUTPUT: 'status', PROGRESS: 'progressbar', SUMMARY: 'button', TABLE: 'table', TD: 'cell', TEXTAREA: 'textbox',
    TH: 'columnheader', TR: 'row', UL: 'list',
  });

  /** @param {unknown} text */
  const plain = (text) => String(text === null || text === undefined ? '' : text).replace(/\s+/g, ' ').trim();

  /** @param {any} root a document, an element or a shadow root @returns {any[]} its elements, those in open shadow roots, too */
  function elementsOf(root) {
    const found = [];
    for (const element of root.querySelectorAll('*')) {
      found.push(element);
      if (element.shadowRoot) {
        found.push(...elementsOf(element.shadowRoot));
      }
    }
    return root.shadowRoot ? elementsOf(root.shadowRoot).concat(found) : found;
  }

  /** Return the text of an element as a single line. @param {any} element @returns {string} */
  function textOf(element) {
    return plain(rawText(element));
  }

  /** @param {any} node @returns {string} */
  function rawText(node) {
    if (node.nodeType === 3) {
      return node.data;
    }
    if (UNSEEN.has(node.nodeName)) {
      return '';
    }
    if (node.nodeName === 'INPUT' && ['button', 'submit', 'reset'].includes(node.type)) {
      return node.value;
    }
    let text = '';
    for (const child of (node.shadowRoot || node).childNodes) {
      text += rawText(child);
    }
    return text;
  }

  // ---------------------------------------------------------------------------------------------- text and names

  /** A rule for texts: `"exact"`, `/regular/i`, or a part in any case. @param {string} rule @returns {(text: string) => boolean} */
  function textRule(rule) {
    const regex = /^\/(.*)\/([a-z]*)$/.exec(rule);
    if (regex) {
      const pattern = new RegExp(regex[1], regex[2].replace('g', ''));
      return (text) => pattern.test(text);
    }
    const quoted = /^(["'])(.*)\1(i?)$/.exec(rule);
    if (quoted) {
      const wanted = plain(quoted[2]);
      return quoted[3] ? (text) => text.toLowerCase() === wanted.toLowerCase() : (text) => text === wanted;
    }
    const part = plain(rule).toLowerCase();
    return (text) => text.toLowerCase().includes(part);
  }

  /** Return the innermost elements whose text matches. @param {any[]} elements @param {string} rule */
  function byText(elements, rule) {
    const fits = textRule(rule);
    const matching = new Set(elements.filter((element) => !UNSEEN.has(element.nodeName) && fits(textOf(element))));
    for (const element of Array.from(matching)) {
      for (let outer = parentOf(element); outer; outer = parentOf(outer)) {
        matching.delete(outer);
      }
    }
    return elements.filter((element) => matching.has(element));
  }

  /** @param {any} node @returns {any} the element around it, the host for the root of a shadow */
  function parentOf(node) {
    return node.parentElement || (node.getRootNode() instanceof ShadowRoot ? node.getRootNode().host : null);
  }

  /** Return the role of an element for assistive technology. @param {any} element @returns {string} */
  function roleOf(element) {
    const named = plain(element.getAttribute('role')).split(' ')[0];
    if (named) {
      return named;
    }
    switch (element.nodeName) {
      case 'A': case 'AREA': return element.hasAttribute('href') ? 'link' : '';
      case 'INPUT': return INPUT_ROLES[element.type] || '';
      case 'SELECT': return element.multiple || element.size > 1 ? 'listbox' : 'combobox';
      case 'SECTION': return element.hasAttribute('aria-label') || element.hasAttribute('aria-labelledby') ? 'region' : '';
      default: return TAG_ROLES[element.nodeName] || '';
    }
  }

  /** Return the name of an element for assistive technology. @param {any} element @returns {string} */
  function nameOf(element) {
    const ids = plain(element.getAttribute('aria-labelledby'));
    if (ids) {
      const root = element.getRootNode();
      return plain(ids.split(' ').map((id) => root.getElementById(id)).filter(Boolean).map(textOf).join(' '));
    }
    const labels = element.labels ? Array.from(element.labels).map(textOf).join(' ') : '';
    const isButton = element.nodeName === 'INPUT' && INPUT_ROLES[element.type] === 'button';
    const own = /^(INPUT|SELECT|TEXTAREA|FIELDSET|TABLE|IMG|PROGRESS|METER)$/.test(element.nodeName) ? '' : textOf(element);
    return plain(element.getAttribute('aria-label')) || labels || plain(element.getAttribute('alt')) ||
      (isButton ? plain(element.value) : own) || plain(element.getAttribute('title')) || plain(element.getAttribute('placeholder'));
  }

  // ---------------------------------------------------------------------------------------------- role=

  /** @param {string} text of `role=` @returns {{role: string, rules: [string, string][]}} */
  function parseRole(text) {
    const head = /^\s*([\w-]+)\s*/.exec(text);
    if (!head) {
      throw new SyntaxError('role= needs a role, such as role=button');
    }
    /** @type {[string, string][]} */
    const rules = [];
    let rest = text.slice(head[0].length);
    while (rest) {
      const rule = /^\[\s*([\w-]+)\s*(?:=\s*("[^"]*"\s*i?|'[^']*'\s*i?|\/(?:\\.|[^/])*\/[a-z]*|[^\]]*?)\s*)?\]\s*/.exec(rest);
      if (!rule) {
        throw new SyntaxError('"' + rest + '" is none of [name=…], [checked], [disabled], [expanded], [pressed], [selected], [level=…]');
      }
      if (!PROPERTIES.has(rule[1])) {
        throw new SyntaxError('role= knows no [' + rule[1] + ']');
      }
      rules.push([rule[1], rule[2] === undefined ? 'true' : rule[2]]);
      rest = rest.slice(rule[0].length);
    }
    return { role: head[1], rules };
  }

  /** @param {any} element @param {string} property @param {string} rule */
  function fitsRole(element, property, rule) {
    switch (property) {
      case 'name': return (/^["'/]/.test(rule) ? textRule(rule.replace(/\s+i$/, 'i')) : (/** @type {string} */ name) => name === plain(rule))(nameOf(element));
      case 'checked': return String(isChecked(element)) === rule;
      case 'disabled': return String(isDisabled(element)) === rule;
      case 'level': return levelOf(element) === Number(rule);
      case 'selected': return String(element.selected === true || element.getAttribute('aria-selected') === 'true') === rule;
      case 'expanded': case 'pressed': return (element.getAttribute('aria-' + property) || 'false') === rule;
      default: return true; // include-hidden
    }
  }

  /** @param {any} element */
  function levelOf(element) {
    return Number(element.getAttribute('aria-level')) || Number((/^H([1-6])$/.exec(element.nodeName) || [])[1]);
  }

  /** @param {any} element */
  function isChecked(element) {
    return element.nodeName === 'INPUT' ? element.checked : element.getAttribute('aria-checked') === 'true';
  }

  /** @param {any} element */
  function isDisabled(element) {
    return element.matches(':disabled') || Boolean(element.closest('[aria-disabled=true]'));
  }

  // ---------------------------------------------------------------------------------------------- how it shows

  /** Return the reason why an element is invisible; empty if it is visible. @param {any} element @returns {string} */
  function hiddenBy(element) {
    const style = getComputedStyle(element);
    if (!element.getClientRects().length || style.display === 'none') {
      for (let outer = element; outer; outer = parentOf(outer)) {
        if (getComputedStyle(outer).display === 'none') {
          return 'display: none' + (outer === element ? '' : ' of ' + describe(outer));
        }
      }
      return 'it has no box';
    }
    if (style.visibility !== 'visible') {
      return 'visibility: ' + style.visibility;
    }
    const { width, height } = element.getBoundingClientRect();
    return width > 0 && height > 0 ? '' : 'its box is ' + Math.round(width) + ' x ' + Math.round(height) + ' pixels';
  }

  /** Return an element in the form of the page's source. @param {any} element @returns {string} */
  function describe(element) {
    const name = element.nodeName.toLowerCase();
    let head = '<' + name;
    for (const key of ['id', 'class', 'name', 'type', 'role', 'aria-label', 'data-testid']) {
      const value = element.getAttribute(key);
      head += value ? ' ' + key + '="' + plain(value).slice(0, 40) + '"' : '';
    }
    const text = textOf(element);
    return head + '>' + (text.length > 40 ? text.slice(0, 39) + '…' : text);
  }

  // ---------------------------------------------------------------------------------------------- the search

  /** Cut a selector at `>>` outside of quotes. @param {string} selector @returns {string[]} */
  function partsOf(selector) {
    const parts = [''];
    let quote = '';
    for (let i = 0; i < selector.length; i += 1) {
      const char = selector[i];
      if (!quote && selector.startsWith('>>', i)) {
        parts.push('');
        i += 1;
        continue;
      }
      quote = quote ? (char === quote ? '' : quote) : (char === '"' || char === "'" ? char : '');
      parts[parts.length - 1] += char;
    }
    return parts.map((part) => part.trim());
  }

  /** @param {any[]} roots @param {string} part @returns {any[]} */
  function step(roots, part) {
    const found = /^([\w-]+)=([\s\S]*)$/.exec(part);
    const [, engine, body] = found || ['', '', part];
    if (engine === 'nth') {
      const index = Number(body);
      return roots.slice(index < 0 ? roots.length + index : index).slice(0, 1);
    }
    if (engine === 'visible') {
      return roots.filter((element) => !hiddenBy(element) === (body === 'true'));
    }
    const all = roots.flatMap((root) => within(root, engine, body, part));
    return Array.from(new Set(all));
  }

  /** @param {any} root @param {string} engine @param {string} body @param {string} part @returns {any[]} */
  function within(root, engine, body, part) {
    if (engine === 'text') {
      return byText(elementsOf(root), body);
    }
    if (!engine && /^(["']).*\1$/.test(part)) {
      return byText(elementsOf(root), part);
    }
    if (engine === 'role') {
      const { role, rules } = parseRole(body);
      const hidden = rules.some(([property, rule]) => property === 'include-hidden' && rule === 'true');
      return elementsOf(root).filter((element) => roleOf(element) === role && (hidden || !hiddenBy(element)) &&
        rules.every(([property, rule]) => fitsRole(element, property, rule)));
    }
    if (ATTRIBUTES.has(engine)) {
      const value = body.replace(/^(["'])(.*)\1$/, '$2');
      return elementsOf(root).filter((element) => element.getAttribute(engine) === value);
    }
    if (engine === 'xpath' || /^(\/\/|\.\.)/.test(part)) {
      const result = document.evaluate(engine === 'xpath' ? body : part, root, null, XPathResult.ORDERED_NODE_SNAPSHOT_TYPE, null);
      return Array.from({ length: result.snapshotLength }, (_, index) => result.snapshotItem(index)).filter((node) => node && node.nodeType === 1);
    }
    return byCss(root, engine === 'css' ? body : part);
  }

  /** @param {any} root @param {string} css @returns {any[]} */
  function byCss(root, css) {
    const found = Array.from(root.querySelectorAll(css));
    for (const element of elementsOf(root)) {
      if (element.shadowRoot) {
        found.push(...element.shadowRoot.querySelectorAll(css));
      }
    }
    if (root.shadowRoot) {
      found.push(...root.shadowRoot.querySelectorAll(css));
    }
    return found;
  }

  /** @param {string} selector @returns {any[]} */
  function query(selector) {
    /** @type {any[]} */
    let found = [document];
    for (const part of partsOf(selector)) {
      found = step(found, part);
    }
    return isArray(found) ? found.filter((node) => node !== document) : [];
  }

  return { query, textOf, nameOf, roleOf, hiddenBy, describe, isChecked, isDisabled, elementsOf, parentOf, plain };
}
