/**
 * Reads nodes by the engine's own getters and methods, which no element of the page can hide.
 *
 * A form hides its properties behind fields of those names (<input name="parentNode">). A window hides inherited
 * properties behind elements with those ids, also from the scripts of other worlds. Chromium 83.
 */

/**
 * @param {object} prototype of the interface that declares the property
 * @param {string} name
 * @returns {(target: any) => any} undefined for a target of another kind, such as the `type` of a canvas
 */
function auroraviewGetter(prototype, name) {
  const { get } = /** @type {PropertyDescriptor} */ (Object.getOwnPropertyDescriptor(prototype, name));
  const { apply } = Reflect;
  return (target) => {
    try {
      return apply(/** @type {Function} */ (get), target, []);
    } catch (error) {
      return undefined;
    }
  };
}

/**
 * @param {any} prototype of the interface that declares the method
 * @param {string} name
 * @returns {(target: any, ...rest: any[]) => any}
 */
function auroraviewMethod(prototype, name) {
  const method = prototype[name];
  const { apply } = Reflect;
  return (target, ...rest) => apply(method, target, rest);
}
