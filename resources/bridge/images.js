/**
 * Draws live images of Python, `view.image_source(name)`, on canvases: `auroraview.image(name).draw(canvas)`, and
 * `<canvas data-aurora-image="name">`.
 *
 * A canvas asks for the picture after the last one, and for nothing while it cannot be seen.
 *
 * @param {string} origin  of the view
 * @param {(...args: unknown[]) => void} complain
 */
function auroraviewImages(origin, complain) {
  'use strict';

  const HEAD_BYTES = 16;
  const RETRY_MS = 500;
  const ATTRIBUTE = 'data-aurora-image';
  /** @type {Map<HTMLCanvasElement, {name: string, stop: () => void}>} */
  const drawn = new Map();

  /**
   * @param {HTMLCanvasElement} canvas @param {string} name
   * @returns {() => void} that stops
   */
  function start(canvas, name) {
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
    const follows = !canvas.hasAttribute('width');
    let [since, exact, styled, fitted, inside, stopped] = [0, 0, false, false, true, false];
    /** @type {XMLHttpRequest | null} */
    let request = null;
    let drawing = Promise.resolve();

    function update() {
      const visible = inside && !stopped && document.visibilityState === 'visible';
      if (!visible && request) {
        request.abort();
        request = null;
      } else if (visible && !request) {
        ask();
      }
    }

    function ask() {
      const scale = window.devicePixelRatio;
      styled = styled || (follows && since > 0 && Math.abs(canvas.clientWidth - canvas.width) > 1);
      const [width, height] = !follows ? [canvas.width, canvas.height]
        : styled ? [Math.round(canvas.clientWidth * scale), Math.round(canvas.clientHeight * scale)] : [0, 0];
      const asked = new XMLHttpRequest();
      request = asked;
      asked.open('GET', origin + '/__auroraview_image__/' + encodeURIComponent(name) +
        '?since=' + since + '&exact=' + exact + '&width=' + width + '&height=' + height);
      asked.responseType = 'arraybuffer';
      asked.onload = () => {
        if (request !== asked || !asked.response || asked.response.byteLength < HEAD_BYTES) {
          return;
        }
        const head = new Uint32Array(asked.response, 0, HEAD_BYTES / 4);
        [since, exact] = [head[0], head[3]];
        const last = drawing;
        drawing = last.then(() => show(head, asked.response)).catch((error) => complain('auroraview.image:', error));
        last.then(() => { // the next picture comes while this one is drawn
          if (request === asked) {
            request = null;
            update();
          }
        });
      };
      asked.onerror = () => {
        window.setTimeout(() => {
          if (request === asked) {
            request = null;
            update();
          }
        }, RETRY_MS);
      };
      asked.send();
    }

    /** @param {Uint32Array} head @param {ArrayBuffer} buffer */
    async function show(head, buffer) {
      const [, width, height, whole] = head;
      if (!width || !height) {
        return;
      }
      if (follows && (whole || !fitted) && (canvas.width !== width || canvas.height !== height)) {
        fitted = true;
        canvas.width = width;
        canvas.height = height;
      }
      const pixels = new ImageData(new Uint8ClampedArray(buffer, HEAD_BYTES), width, height);
      if (canvas.width === width && canvas.height === height) {
        context.putImageData(pixels, 0, 0);
      } else {
        const bitmap = await createImageBitmap(pixels);
        context.clearRect(0, 0, canvas.width, canvas.height);
        context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
        bitmap.close();
      }
      canvas.dispatchEvent(new CustomEvent('aurora-image', { detail: { width, height } }));
    }

    const observer = new IntersectionObserver((entries) => {
      inside = entries[entries.length - 1].isIntersecting;
      update();
    });
    observer.observe(canvas);
    document.addEventListener('visibilitychange', update);
    update();
    return () => {
      stopped = true;
      observer.disconnect();
      document.removeEventListener('visibilitychange', update);
      update();
    };
  }

  /** @param {HTMLCanvasElement} canvas @param {string} [name] */
  function draw(canvas, name) {
    const last = drawn.get(canvas);
    if (last && last.name === name) {
      return;
    }
    if (last) {
      last.stop();
      drawn.delete(canvas);
    }
    if (name) {
      drawn.set(canvas, { name, stop: start(canvas, name) });
    }
  }

  /** Draw on all canvases with the attribute, and stop on those that are gone. */
  function scan() {
    for (const canvas of Array.from(document.querySelectorAll('canvas[' + ATTRIBUTE + ']'))) {
      draw(/** @type {HTMLCanvasElement} */ (canvas), canvas.getAttribute(ATTRIBUTE) || '');
    }
    for (const canvas of drawn.keys()) {
      if (!canvas.isConnected) {
        draw(canvas);
      }
    }
  }

  return {
    /** Look at the canvases of the document, now and once in each frame with a change. */
    watch() {
      let due = false;
      const later = () => {
        if (!due) {
          due = true;
          window.requestAnimationFrame(() => {
            due = false;
            scan();
          });
        }
      };
      scan();
      new MutationObserver(later).observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: [ATTRIBUTE] });
    },
    /** @param {string} name */
    image: (name) => ({
      name,
      /** @param {HTMLCanvasElement} canvas @returns {() => void} that stops */
      draw(canvas) {
        if (!(canvas instanceof HTMLCanvasElement)) {
          throw new TypeError('auroraview.image(' + name + ').draw takes a canvas');
        }
        draw(canvas, String(name));
        return () => drawn.has(canvas) && /** @type {any} */ (drawn.get(canvas)).name === String(name) && draw(canvas);
      },
    }),
  };
}
