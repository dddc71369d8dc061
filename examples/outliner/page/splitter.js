/** The bar between tree and details: drag it, or use the arrow keys. A wide panel has it upright. */

const LEAST = 88;
const STEP = 22;

export class Splitter {
  /**
   * @param {HTMLElement} bar
   * @param {HTMLElement} pane what comes after the bar
   */
  constructor(bar, pane) {
    this.bar = bar;
    this.pane = pane;
    this.wide = window.matchMedia('(min-width: 520px)');
    this.turned();
    this.wide.addListener(() => this.turned());
    let from = 0;
    let size = 0;
    bar.addEventListener('pointerdown', (event) => {
      bar.setPointerCapture(event.pointerId);
      bar.classList.add('dragging');
      from = this.wide.matches ? event.clientX : event.clientY;
      size = this.size();
      event.preventDefault();
    });
    bar.addEventListener('pointermove', (event) => {
      if (bar.classList.contains('dragging')) this.resize(size + from - (this.wide.matches ? event.clientX : event.clientY));
    });
    bar.addEventListener('lostpointercapture', () => bar.classList.remove('dragging'));
    bar.addEventListener('keydown', (event) => {
      const grow = this.wide.matches ? 'ArrowLeft' : 'ArrowUp';
      const shrink = this.wide.matches ? 'ArrowRight' : 'ArrowDown';
      if (event.key !== grow && event.key !== shrink) return;
      this.resize(this.size() + (event.key === grow ? STEP : -STEP));
      event.preventDefault();
    });
  }

  /** The panel became wide or narrow: the other side's size means nothing here. */
  turned() {
    this.pane.style.width = this.pane.style.height = '';
    this.bar.setAttribute('aria-orientation', this.wide.matches ? 'vertical' : 'horizontal');
    this.bar.setAttribute('aria-label', this.wide.matches ? 'Width of the details' : 'Height of the details');
  }

  size() {
    return this.wide.matches ? this.pane.offsetWidth : this.pane.offsetHeight;
  }

  /** @param {number} size in pixels */
  resize(size) {
    const room = /** @type {HTMLElement} */ (this.pane.parentElement);
    const most = (this.wide.matches ? room.clientWidth : room.clientHeight) - LEAST;
    const kept = Math.round(Math.max(LEAST, Math.min(most, size)));
    this.pane.style[this.wide.matches ? 'width' : 'height'] = kept + 'px';
  }
}
