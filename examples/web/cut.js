// SPDX-License-Identifier: Apache-2.0
// Squares cut from a photo as facet cuts them: averaged over area where they shrink, interpolated
// where they grow, the photo's border repeated outside. Photos are { data, width, height }, four
// bytes a pixel; squares are three bytes a pixel. facet computes in single precision, and so does
// this: a pixel that is rounded the other way can move an answer by a thousandth.
const f = Math.fround;
const FINENESS = 1.5; // of the upright cut from which a turned one is sampled
const UPRIGHT = 1e-3; // radians that nobody sees

const clamp = (value, least, most) => Math.min(Math.max(value, least), most);

// Which source pixels each output pixel averages, and how much of each.
function axisOf(origin, extent, sourceSize, outputSize) {
  const scale = extent / outputSize;
  const width = Math.max(scale, 1);
  return Array.from({ length: outputSize }, (_, i) => {
    const low = origin + (i + 0.5) * scale - width / 2;
    const high = low + width;
    const first = clamp(Math.floor(low), 0, sourceSize - 1);
    const last = Math.max(first, clamp(Math.ceil(high) - 1, 0, sourceSize - 1));
    const weights = [];
    for (let p = first; p <= last; p++) {
      const left = p === 0 ? -Infinity : p; // border pixels go on without end
      const right = p === sourceSize - 1 ? Infinity : p + 1;
      weights.push(Math.max(0, Math.min(high, right) - Math.max(low, left)));
    }
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return { first, weights: weights.map((one) => f(total > 0 ? one / total : 1 / weights.length)) };
  });
}

// The vertical pass, from column `begin` on; four rows at a time, as facet adds them.
function averageRows(photo, { first, weights }, begin, row) {
  const stride = photo.width * 4;
  const { data } = photo;
  row.fill(0);
  let t = 0;
  for (; t + 4 <= weights.length; t += 4) {
    const [wa, wb, wc, wd] = weights.slice(t, t + 4);
    let at = (first + t) * stride + begin * 4;
    for (let i = 0; i < row.length; at += 4) {
      for (let a = at; a < at + 3; a++) {
        const upper = f(f(wa * data[a]) + f(wb * data[a + stride]));
        const lower = f(f(wc * data[a + 2 * stride]) + f(wd * data[a + 3 * stride]));
        row[i++] += f(upper + lower);
      }
    }
  }
  for (; t < weights.length; t++) {
    let at = (first + t) * stride + begin * 4;
    for (let i = 0; i < row.length; at += 4) {
      for (let a = at; a < at + 3; a++) row[i++] += f(weights[t] * data[a]);
    }
  }
}

function resample(photo, left, top, extent, pixels) {
  const columns = axisOf(left, extent, photo.width, pixels);
  const rows = axisOf(top, extent, photo.height, pixels);
  const begin = columns[0].first;
  const end = columns[pixels - 1].first + columns[pixels - 1].weights.length;
  const result = new Uint8Array(pixels * pixels * 3);
  const row = new Float32Array((end - begin) * 3);
  for (let y = 0; y < pixels; y++) {
    averageRows(photo, rows[y], begin, row);
    for (let x = 0; x < pixels; x++) {
      for (let c = 0; c < 3; c++) {
        let sum = 0.5; // rounds
        columns[x].weights.forEach((weight, t) => {
          sum = f(sum + f(weight * row[(columns[x].first - begin + t) * 3 + c]));
        });
        result[(y * pixels + x) * 3 + c] = Math.floor(sum);
      }
    }
  }
  return result;
}

// The square of `side` around (x, y), turned clockwise by `angle`, as pixels × pixels upright.
export function cutSquare(photo, { x, y, side, angle }, pixels) {
  if (Math.abs(angle) < UPRIGHT) return resample(photo, f(x - side / 2), f(y - side / 2), side, pixels);
  const cosine = f(Math.cos(angle));
  const sine = f(Math.sin(angle));
  const unit = f((FINENESS * pixels) / side);
  const reach = f(f((side / 2) * f(Math.abs(cosine) + Math.abs(sine))) + f(2 / unit));
  const fine = Math.max(2, Math.ceil(f(2 * reach * unit)));
  const extent = f(fine / unit);
  const upright = resample(photo, f(x - extent / 2), f(y - extent / 2), extent, fine);
  const most = f(fine - f(1.001));
  const turned = new Uint8Array(pixels * pixels * 3);
  const middle = fine / 2 - 0.5;
  let out = 0;
  for (let row = 0; row < pixels; row++) {
    const v = (row + 0.5 - pixels / 2) * FINENESS;
    for (let column = 0; column < pixels; column++) {
      const u = (column + 0.5 - pixels / 2) * FINENESS;
      const atX = clamp(f(f(middle + f(cosine * u)) - f(sine * v)), 0, most);
      const atY = clamp(f(f(middle + f(sine * u)) + f(cosine * v)), 0, most);
      const left = Math.floor(atX);
      const top = Math.floor(atY);
      const above = (top * fine + left) * 3;
      const below = above + fine * 3;
      const fx = f(atX - left);
      const fy = f(atY - top);
      const across = (at) => f(f(upright[at] * f(1 - fx)) + f(upright[at + 3] * fx));
      for (let c = 0; c < 3; c++) {
        const value = f(f(across(above + c) * f(1 - fy)) + f(across(below + c) * fy));
        turned[out++] = Math.floor(f(value + 0.5));
      }
    }
  }
  return turned;
}

// R, G and B after one another, as networks want them.
export function toPlanes(square) {
  const count = square.length / 3;
  const planes = new Float32Array(square.length);
  for (let c = 0; c < 3; c++) {
    for (let i = 0; i < count; i++) planes[c * count + i] = square[i * 3 + c];
  }
  return planes;
}
