// SPDX-License-Identifier: Apache-2.0
// Photos to RGB, without any native library.
const fs = require('fs');
const jpeg = require('jpeg-js');
const { PNG } = require('pngjs');

// A PNG or JPEG file as {width, height, rgb}.
exports.readPhoto = (file) => {
  const bytes = fs.readFileSync(file);
  const decoded =
    bytes[0] === 0x89
      ? PNG.sync.read(bytes)
      : jpeg.decode(bytes, { useTArray: true, maxMemoryUsageInMB: 4096 });
  const pixels = decoded.width * decoded.height;
  const rgb = new Uint8Array(pixels * 3);
  for (let i = 0; i < pixels; i++) rgb.set(decoded.data.subarray(4 * i, 4 * i + 3), 3 * i);
  return { width: decoded.width, height: decoded.height, rgb };
};
