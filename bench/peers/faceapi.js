// SPDX-License-Identifier: Apache-2.0
// @vladmandic/face-api with the models of its package: detector, age, gender and expression.
// --variant tiny (default) or ssd.
const path = require('path');
const tf = require('@tensorflow/tfjs');
const { wasm, wasmFolder } = require('./wasm_backend.js');
const { run } = require('./detector_process.js');

const folder = path.join(__dirname, 'node_modules/@vladmandic/face-api/');

run(__filename, async ({ variant }) => {
  const faceapi = require(folder + 'dist/face-api.node-wasm.js');
  wasm.setWasmPaths(wasmFolder);
  await tf.setBackend('wasm');
  await tf.ready();
  const { ssdMobilenetv1, tinyFaceDetector, ageGenderNet, faceExpressionNet } = faceapi.nets;
  const ssd = variant === 'ssd';
  for (const net of [ssd ? ssdMobilenetv1 : tinyFaceDetector, ageGenderNet, faceExpressionNet]) {
    await net.loadFromDisk(folder + 'model');
  }
  const options = ssd
    ? new faceapi.SsdMobilenetv1Options({ minConfidence: 0.5, maxResults: 100 })
    : new faceapi.TinyFaceDetectorOptions({ inputSize: 416, scoreThreshold: 0.5 });
  return {
    about: {
      implementation: `face-api ${ssd ? 'SSD' : 'tiny'}`,
      model: 'its own',
      version: faceapi.version.faceapi ?? faceapi.version,
      answers: 'age, gender and expression a face',
    },
    find: async ({ width, height, rgb }) => {
      const input = tf.tensor(rgb, [height, width, 3], 'int32');
      const faces = await faceapi
        .detectAllFaces(input, options)
        .withFaceExpressions()
        .withAgeAndGender();
      tf.dispose(input);
      return faces.map(({ detection: { box, score } }) => ({
        box: [box.x, box.y, box.width, box.height],
        score,
      }));
    },
  };
});
