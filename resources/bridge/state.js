/**
 * The shared state in the page: auroraview.state, a proxy over a frozen snapshot.
 *
 * There are three values: `base` is the last state from Python, `pending` has the page's unconfirmed writes, and `shown`
 * is `base` with `pending` on top. Patches from Python contain numbers in place of the page's own writes. They change `base`
 * only, so a write never comes back to the page that made it.
 *
 * @param {RuntimeConfig} config
 * @param {ReturnType<typeof auroraviewValues>} values
 * @param {(message: string) => void} post  sends a message of the wire, its closing bracket left out
 * @param {(...data: unknown[]) => void} complain
 */
function auroraviewState(config, values, post, complain) {
  'use strict';

  const { stringify } = JSON;
  const { keys } = Object;
  const patching = auroraviewPatches();
  const { DELETE, SPLICE, hasOwn, frozen, apply, shared } = patching;
  const [version, start] = values.read(config.state);

  let base = frozen(start);
  let shown = base;
  /** @type {{number: number, patch: Patch}[]} */
  let pending = [];
  let count = 0;
  /** @type {Function[]} */
  let listeners = [];

  // ---------------------------------------------------------------------------------------------- from Python

  /**
   * @param {number} applied the page's last write that is in
   * @param {(Patch | number)[]} patches
   * @param {any} [whole] the state, where its patches would not do
   */
  function receive(applied, patches, whole) {
    let isNew = whole !== undefined;
    if (isNew) {
      base = frozen(whole);
    }
    for (const patch of patches) {
      if (typeof patch === 'number') {
        const mine = pending[patch - (count - pending.length + 1)];
        base = mine ? apply(base, mine.patch) : base;
      } else {
        base = apply(base, /** @type {Patch} */ (frozen(patch)));
        isNew = true;
      }
    }
    pending = pending.filter((write) => write.number > applied);
    const before = shown;
    if (isNew) {
      shown = shared(before, pending.reduce((root, write) => apply(root, write.patch), base));
    }
    if (!pending.length) {
      base = shown;
    }
    announce(before, 'python');
  }

  /** @param {any} before @param {string} source */
  function announce(before, source) {
    if (before === shown || !listeners.length) {
      return;
    }
    const after = shown;
    for (const key of keys(after)) {
      if (!hasOwn(before, key) || before[key] !== after[key]) {
        tell(key, after[key], source);
      }
    }
    for (const key of keys(before)) {
      if (!hasOwn(after, key)) {
        tell(key, undefined, source);
      }
    }
  }

  /** @param {string} key @param {any} value @param {string} source */
  function tell(key, value, source) {
    for (const fn of listeners.slice()) {
      try {
        if (listeners.includes(fn)) { // an earlier one may have taken it out
          fn(key, value, source);
        }
      } catch (error) {
        complain('auroraview: a handler of state "' + key + '" failed:', error);
      }
    }
  }

  // ---------------------------------------------------------------------------------------------- writes of the page

  /**
   * Apply a write at once, and send it to Python; for an invalid write, complain and go on.
   * @param {(string | number)[]} path @param {number} kind @param {any} [value] what is set, or the items put in
   * @param {number} [first] @param {number} [removed] of a splice
   * @returns {boolean}
   */
  function write(path, kind, value, first, removed) {
    const name = path.join('.');
    try {
      if (path.length === 1 && hasOwn(methods, path[0])) {
        throw new TypeError('state "' + values.textOf(name, 100) + '": this name is taken by a method');
      }
      const place = stringify(path);
      const json = kind === DELETE ? '' : values.jsonOf(value, 'state', name);
      values.check(json, path.length - 1, 'state', name);
      if (place.length + json.length > config.limits.messageChars) {
        values.tooLarge('state', name, 'its path and value are over the limit of ' + config.limits.messageChars + ' characters');
      }
      const copy = kind === DELETE ? undefined : frozen(values.read(json));
      const patch = /** @type {Patch} */ (kind === SPLICE ? [kind, path, first, removed, copy] : [kind, path, copy]);
      const next = apply(shown, patch);
      if (next === shown) {
        throw new TypeError('state "' + values.textOf(name, 100) + '": there is no such place any more');
      }
      const head = auroraviewPageMessage.STATE + (count + 1) + ',' + kind + ',' + place;
      post(head + (kind === SPLICE ? ',' + first + ',' + removed : '') + (kind === DELETE ? '' : ',' + json));
      count += 1;
      pending.push({ number: count, patch });
      const before = shown;
      shown = next;
      announce(before, 'javascript');
      return true;
    } catch (error) {
      complain('auroraview: ' + values.messageOf(error));
      return false;
    }
  }

  // ---------------------------------------------------------------------------------------------- the public object

  /** @param {Function} fn */
  function offChange(fn) {
    listeners = listeners.filter((other) => other !== fn);
  }

  /** @type {Record<string, Function>} */
  const methods = {
    /** @param {Function} fn @returns {() => void} */
    onChange(fn) {
      if (typeof fn !== 'function') {
        complain('auroraview: state.onChange() needs a function');
        return () => undefined;
      }
      if (!listeners.includes(fn)) {
        listeners = listeners.concat(fn);
      }
      return () => offChange(fn);
    },
    offChange,
    toJSON: () => shown,
    snapshot: () => shown,
    keys: () => keys(shown),
  };

  return { version, receive, proxy: auroraviewStateProxy(patching, methods, () => shown, write, complain) };
}
