// SPDX-License-Identifier: Apache-2.0
// @vladmandic/human with the models of its package: detector, age, gender and emotion.
const fs = require('fs');
const path = require('path');
const tf = require('@tensorflow/tfjs-core');
const { wasmFolder } = require('./wasm_backend.js');
const { run } = require('./detector_process.js');

const folder = path.join(__dirname, 'node_modules/@vladmandic/human/');

// tfjs reads file:// models only where it is told how.
function readModelFile(url) {
  const file = String(url);
  if (!file.startsWith('file://')) return null;
  const load = async () => {
    const name = file.slice('file://'.length);
    const model = JSON.parse(fs.readFileSync(name, 'utf8'));
    const parts = model.weightsManifest.flatMap((group) => group.paths);
    const weights = Buffer.concat(
      parts.map((part) => fs.readFileSync(path.join(path.dirname(name), part))),
    );
    return {
      modelTopology: model.modelTopology,
      format: model.format,
      signature: model.signature,
      userDefinedMetadata: model.userDefinedMetadata,
      weightSpecs: model.weightsManifest.flatMap((group) => group.weights),
      weightData: weights.buffer.slice(weights.byteOffset, weights.byteOffset + weights.length),
    };
  };
  return { load };
}

run(__filename, async () => {
  tf.io.registerLoadRouter(readModelFile);
  const { Human } = require(folder + 'dist/human.node-wasm.js');
  const off = { enabled: false };
  const human = new Human({
    backend: 'wasm',
    wasmPath: wasmFolder,
    modelBasePath: `file://${folder}models/`,
    debug: false,
    cacheSensitivity: 0, // else it answers for the photo before
    warmup: 'none',
    async: false,
    filter: off,
    gesture: off,
    body: off,
    hand: off,
    object: off,
    segmentation: off,
    face: {
      enabled: true,
      detector: { maxDetected: 100, minConfidence: 0.2, rotation: false },
      mesh: off,
      iris: off,
      emotion: { enabled: true },
      description: { enabled: true },
      antispoof: off,
      liveness: off,
    },
  });
  await human.load();
  return {
    about: {
      implementation: 'human',
      model: 'its own',
      version: human.version,
      answers: 'age, gender and emotion a face',
    },
    find: async ({ width, height, rgb }) => {
      const input = tf.tensor(rgb, [1, height, width, 3], 'int32');
      const result = await human.detect(input);
      tf.dispose(input);
      if (result.error) throw new Error(result.error);
      return result.face.map(({ box, score }) => ({ box, score }));
    },
  };
});
