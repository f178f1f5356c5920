// SPDX-License-Identifier: Apache-2.0
// The square that a user draws on a photo: by pointer, keys or numbers. Calls `changed` with it.
const LEAST = 8; // pixels
const HANDLE = 14; // pixels on the screen

export class SquareEditor {
  constructor(canvas, fields, changed) {
    this.canvas = canvas;
    this.fields = fields; // { left, top, side }: inputs
    this.changed = changed;
    canvas.addEventListener('pointerdown', (event) => this.#press(event));
    canvas.addEventListener('pointermove', (event) => this.#drag(event));
    for (const name of ['pointerup', 'pointercancel']) {
      canvas.addEventListener(name, () => (this.grip = null));
    }
    canvas.addEventListener('keydown', (event) => this.#key(event));
    for (const input of Object.values(fields)) input.addEventListener('input', () => this.#typed());
  }

  // A new photo, drawn into the canvas; the square begins in its middle.
  show(bitmap) {
    this.bitmap = bitmap;
    this.canvas.width = bitmap.width;
    this.canvas.height = bitmap.height;
    const side = Math.round(Math.min(bitmap.width, bitmap.height) / 3);
    this.set({
      left: Math.round((bitmap.width - side) / 2),
      top: Math.round((bitmap.height - side) / 2),
      side,
    });
  }

  set(square, typed = false) {
    this.square = square;
    if (!typed) {
      for (const [name, input] of Object.entries(this.fields)) {
        input.value = Math.round(square[name] * 10) / 10;
      }
    }
    this.#paint();
    this.changed(square);
  }

  get #scale() {
    return this.canvas.width / this.canvas.getBoundingClientRect().width; // photo pixels a pixel
  }

  #paint() {
    const context = this.canvas.getContext('2d');
    context.drawImage(this.bitmap, 0, 0);
    const { left, top, side } = this.square;
    const unit = this.#scale || 1;
    for (const [colour, width] of [
      ['#000', 4],
      ['#fff', 2],
    ]) {
      context.strokeStyle = colour;
      context.lineWidth = width * unit;
      context.strokeRect(left, top, side, side);
    }
    const handle = HANDLE * unit;
    context.fillStyle = '#fff';
    context.fillRect(left + side - handle / 2, top + side - handle / 2, handle, handle);
    context.strokeStyle = '#000';
    context.strokeRect(left + side - handle / 2, top + side - handle / 2, handle, handle);
  }

  #place(event) {
    const bounds = this.canvas.getBoundingClientRect();
    return [(event.clientX - bounds.left) * this.#scale, (event.clientY - bounds.top) * this.#scale];
  }

  #press(event) {
    const [x, y] = this.#place(event);
    const { left, top, side } = this.square;
    const near = HANDLE * this.#scale;
    if (Math.abs(x - left - side) < near && Math.abs(y - top - side) < near) {
      this.grip = { left, top }; // pulls the corner
    } else if (x >= left && x <= left + side && y >= top && y <= top + side) {
      this.grip = { x: x - left, y: y - top }; // moves
    } else {
      this.grip = { left: x, top: y }; // draws a new one
    }
    this.canvas.setPointerCapture(event.pointerId);
  }

  #drag(event) {
    if (!this.grip) return;
    const [x, y] = this.#place(event);
    if ('x' in this.grip) {
      this.set({ ...this.square, left: x - this.grip.x, top: y - this.grip.y });
      return;
    }
    const { left, top } = this.grip;
    const side = Math.max(LEAST, Math.abs(x - left), Math.abs(y - top));
    this.set({ left: x < left ? left - side : left, top: y < top ? top - side : top, side });
  }

  #key(event) {
    const step = event.shiftKey ? 10 : 1;
    const { left, top, side } = this.square;
    const grown = (by) => ({ left: left - by / 2, top: top - by / 2, side: side + by });
    const moves = {
      ArrowLeft: { left: left - step, top, side },
      ArrowRight: { left: left + step, top, side },
      ArrowUp: { left, top: top - step, side },
      ArrowDown: { left, top: top + step, side },
      '+': grown(2),
      '-': grown(side - 2 >= LEAST ? -2 : 0),
    };
    const next = moves[event.key];
    if (!next) return;
    event.preventDefault();
    this.set(next);
  }

  #typed() {
    const square = {};
    for (const [name, input] of Object.entries(this.fields)) square[name] = input.valueAsNumber;
    if (Object.values(square).every(Number.isFinite) && square.side >= LEAST) this.set(square, true);
  }
}
