/** The few lines every part of the page needs to make elements, and to talk to Python. */

const SVG = 'http://www.w3.org/2000/svg';

/**
 * @param {string} tag
 * @param {string} [className]
 * @param {string} [text]
 */
export function el(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

/**
 * An icon of the page's sprite; it takes the colour of the text around it.
 * @param {string} name
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(SVG, 'use');
  svg.appendChild(use);
  setIcon(svg, name);
  return svg;
}

/**
 * @param {Element} svg
 * @param {string} name
 */
export function setIcon(svg, name) {
  if (svg.getAttribute('data-icon') === name) return;
  svg.setAttribute('data-icon', name);
  /** @type {Element} */ (svg.firstElementChild).setAttribute('href', '#i-' + name);
}

/**
 * Run `paint` once before the next frame, even after several requests.
 * @param {() => void} paint
 */
export function oncePerFrame(paint) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      paint();
    });
  };
}

/**
 * A call of which only the newest matters: while one is under way, later ones replace each other, and the last is sent.
 * @param {(params: object) => Promise<any>} send
 * @param {(result: any) => void} [settled] called with the last result, when nothing more is under way
 * @param {(error: Error) => void} [failed]
 */
export function latestWins(send, settled, failed) {
  let busy = false;
  /** @type {object | null} */
  let next = null;
  const run = (params) => {
    busy = true;
    const done = (tell, value) => {
      busy = false;
      if (next) {
        const params = next;
        next = null;
        run(params);
      } else if (tell) {
        tell(value);
      }
    };
    send(params).then((value) => done(settled, value), (error) => done(failed, error));
  };
  return {
    /** @param {object} params */
    request(params) {
      if (busy) next = params;
      else run(params);
    },
    get busy() {
      return busy;
    },
  };
}
