// SPDX-License-Identifier: Apache-2.0
// A response as colours: from deep blue over green to yellow, which also those tell apart who do
// not tell red from green; weak response lets more of the photo through.
import type { RegionMap, ResponseMap } from '../api/client';

type Rgb = readonly [number, number, number];

// Five stops of the viridis ramp.
const STOPS: readonly Rgb[] = [
  [68, 1, 84],
  [59, 82, 139],
  [33, 145, 140],
  [94, 201, 98],
  [253, 231, 37],
];

// `value` from 0 to 1.
export function colourOf(value: number): Rgb {
  const place = Math.min(1, Math.max(0, value)) * (STOPS.length - 1);
  const below = Math.min(STOPS.length - 2, Math.floor(place));
  const from = STOPS[below] ?? STOPS[0]!;
  const to = STOPS[below + 1] ?? from;
  const share = place - below;
  const mix = (channel: 0 | 1 | 2): number =>
    Math.round(from[channel] + (to[channel] - from[channel]) * share);
  return [mix(0), mix(1), mix(2)];
}

// Full brightness is what a sure face gives: twice the threshold, or the photo's own peak.
export function paintMap(canvas: HTMLCanvasElement, map: ResponseMap): void {
  canvas.width = map.width;
  canvas.height = map.height;
  const pen = canvas.getContext('2d');
  if (pen === null) return;
  const most = Math.max(map.peak, 2 * map.threshold, Number.EPSILON);
  const pixels = pen.createImageData(map.width, map.height);
  map.values.slice(0, map.width * map.height).forEach((value, index) => {
    // The root shows weak response too.
    const share = Math.sqrt(Math.min(1, Math.max(0, value / most)));
    const [red, green, blue] = colourOf(share);
    pixels.data.set([red, green, blue, Math.round(255 * (0.45 + 0.3 * share))], index * 4);
  });
  pen.putImageData(pixels, 0, 0);
}

const FOR: Rgb = [42, 212, 194];
const AGAINST: Rgb = [255, 140, 42];

// What speaks for the attribute in one colour, what speaks against it in another; the stronger, the
// less of the photo shows through.
export function paintRegion(canvas: HTMLCanvasElement, region: RegionMap): void {
  canvas.width = region.side;
  canvas.height = region.side;
  const pen = canvas.getContext('2d');
  if (pen === null) return;
  const most = Math.max(Number.EPSILON, ...region.values.map(Math.abs));
  const pixels = pen.createImageData(region.side, region.side);
  region.values.slice(0, region.side ** 2).forEach((value, index) => {
    const colour = value < 0 ? AGAINST : FOR;
    pixels.data.set([...colour, Math.round((190 * Math.abs(value)) / most)], index * 4);
  });
  pen.putImageData(pixels, 0, 0);
}
