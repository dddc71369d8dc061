/** The timeline strip: shows Python's current frame, and asks Python for another frame. */

import { latestWins, oncePerFrame, setIcon } from './dom.js';

const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000, 100000];

/**
 * @typedef {object} Transport
 * @property {(params: object) => Promise<any>} seek
 * @property {() => Promise<any>} play
 * @property {() => Promise<any>} pause
 */

export class Timeline {
  /**
   * @param {Document} page
   * @param {Transport} transport
   * @param {(error: Error) => void} failed
   */
  constructor(page, transport, failed) {
    const find = (id) => /** @type {any} */ (page.getElementById(id));
    this.scrub = find('scrub');
    this.ticks = find('ticks');
    this.playhead = find('playhead');
    this.field = find('frame');
    this.playButton = find('play');
    this.buttons = [find('first'), this.playButton, find('last')];
    this.rangeText = find('range');
    this.start = this.end = this.frame = 0;
    this.fps = 60;
    this.playing = false;
    this.dragging = false;
    this.painted = 0;
    this.transport = transport;
    this.failed = failed;
    this.seeks = latestWins((params) => transport.seek(params), undefined, failed);
    this.paintSoon = oncePerFrame(() => this.paint());
    this.listen();
    new ResizeObserver(() => this.resize()).observe(this.scrub);
    window.addEventListener('hostthemechange', () => this.resize());
    this.setRange(null);
  }

  listen() {
    this.buttons[0].addEventListener('click', () => this.seek(this.start));
    this.buttons[2].addEventListener('click', () => this.seek(this.end));
    this.playButton.addEventListener('click', () => this.toggle());
    this.scrub.addEventListener('pointerdown', (event) => {
      if (event.button !== 0 || this.disabled) return;
      this.scrub.setPointerCapture(event.pointerId);
      this.dragging = true;
      this.seek(this.frameAt(event));
    });
    this.scrub.addEventListener('pointermove', (event) => {
      if (this.dragging) this.seek(this.frameAt(event));
    });
    for (const name of ['pointerup', 'pointercancel', 'lostpointercapture']) {
      this.scrub.addEventListener(name, () => {
        this.dragging = false;
      });
    }
    this.scrub.addEventListener('keydown', (event) => {
      const steps = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 };
      if (event.key === 'Home') this.seek(this.start);
      else if (event.key === 'End') this.seek(this.end);
      else if (event.key === ' ') this.toggle();
      else if (steps[event.key]) this.seek(this.frame + steps[event.key]);
      else return;
      event.preventDefault();
    });
    this.field.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') this.typed();
      else if (event.key === 'Escape') this.paint(true);
      else return;
      this.field.select();
      event.preventDefault();
      event.stopPropagation();
    });
    this.field.addEventListener('focus', () => this.field.select());
    this.field.addEventListener('blur', () => this.paint(true));
  }

  /** @param {{start: number, end: number, fps: number, name: string} | null} range null: there is nothing to play */
  setRange(range) {
    this.disabled = !range;
    this.start = range ? range.start : 0;
    this.end = range ? range.end : 0;
    this.fps = range ? range.fps : 60;
    for (const control of [...this.buttons, this.field]) control.disabled = this.disabled;
    this.scrub.setAttribute('aria-disabled', String(this.disabled));
    this.scrub.setAttribute('aria-valuemin', String(this.start));
    this.scrub.setAttribute('aria-valuemax', String(this.end));
    this.rangeText.textContent = range ? `of ${this.end} · ${this.fps} fps` + (range.name ? ` · ${range.name}` : '') : '';
    this.rangeText.title = this.rangeText.textContent;
    this.frame = Math.min(this.end, Math.max(this.start, this.frame));
    this.resize();
  }

  /** @param {{frame: number, playing: boolean}} now what Python says */
  follow(now) {
    this.playing = now.playing;
    if (!this.dragging && !this.seeks.busy) this.frame = now.frame;
    this.paintSoon();
  }

  toggle() {
    if (this.disabled) return;
    (this.playing ? this.transport.pause() : this.transport.play()).catch(this.failed);
  }

  /** @param {number} frame */
  seek(frame) {
    const wanted = Math.min(this.end, Math.max(this.start, Math.round(frame)));
    if (this.disabled || wanted === this.frame) return;
    this.frame = wanted;
    this.seeks.request({ frame: wanted });
    this.paintSoon();
  }

  typed() {
    const frame = Number(this.field.value.trim());
    if (this.field.value.trim() !== '' && Number.isFinite(frame)) this.seek(frame);
    this.paint(true);
  }

  /** @param {PointerEvent} event */
  frameAt(event) {
    const box = this.scrub.getBoundingClientRect();
    return this.start + ((event.clientX - box.left - PAD) / Math.max(1, box.width - 2 * PAD)) * (this.end - this.start);
  }

  /** @param {number} frame in pixels from the left */
  placeOf(frame) {
    return PAD + ((frame - this.start) / Math.max(1, this.end - this.start)) * (this.width - 2 * PAD);
  }

  /** @param {boolean} [everything] the frame field too, although somebody types there */
  paint(everything = false) {
    this.painted++;
    this.playhead.style.transform = `translateX(${Math.round(this.placeOf(this.frame))}px)`;
    const text = String(this.frame);
    if ((everything || document.activeElement !== this.field) && this.field.value !== text) this.field.value = text;
    if (this.playButton.getAttribute('aria-pressed') !== String(this.playing)) {
      this.playButton.setAttribute('aria-pressed', String(this.playing));
      const label = this.playing ? 'Pause' : 'Play';
      this.playButton.setAttribute('aria-label', label);
      this.playButton.title = label;
      setIcon(this.playButton.firstElementChild, this.playing ? 'pause' : 'play');
    }
    // Sixty values a second would be too many for a screen reader.
    if (!this.playing) this.scrub.setAttribute('aria-valuenow', text);
  }

  resize() {
    const box = this.scrub.getBoundingClientRect();
    this.width = this.scrub.clientWidth;
    const ratio = window.devicePixelRatio || 1;
    this.ticks.width = Math.round(this.width * ratio);
    this.ticks.height = Math.round(this.scrub.clientHeight * ratio);
    if (!box.width) return;
    const style = getComputedStyle(this.scrub);
    const paint = this.ticks.getContext('2d');
    paint.scale(ratio, ratio);
    this.drawTicks(paint, style, this.scrub.clientHeight);
    this.paint();
  }

  /**
   * @param {CanvasRenderingContext2D} paint
   * @param {CSSStyleDeclaration} style
   * @param {number} height
   */
  drawTicks(paint, style, height) {
    if (this.disabled) return;
    const length = Math.max(1, this.end - this.start);
    const step = STEPS.find((s) => (this.width * s) / length >= 44) || length;
    const small = STEPS.find((s) => (this.width * s) / length >= 6 && step % s === 0) || step;
    paint.font = `${style.fontWeight} 10px ${style.fontFamily}`;
    paint.textBaseline = 'top';
    for (let frame = Math.ceil(this.start / small) * small; frame <= this.end; frame += small) {
      const x = Math.round(this.placeOf(frame)) + 0.5;
      const large = frame % step === 0;
      paint.strokeStyle = style.getPropertyValue(large ? '--host-faint' : '--host-mark').trim();
      paint.beginPath();
      paint.moveTo(x, height);
      paint.lineTo(x, height - (large ? 10 : 5));
      paint.stroke();
      if (!large) continue;
      paint.fillStyle = style.getPropertyValue('--host-quiet').trim();
      const text = String(frame);
      const wide = paint.measureText(text).width;
      paint.fillText(text, Math.max(2, Math.min(this.width - wide - 2, x - wide / 2)), 4);
    }
  }
}

const PAD = 8;
