// SPDX-License-Identifier: Apache-2.0
// Runs exported networks: node run_onnxruntime.js FOLDER reads cases.json there, and the floats
// of each input, and writes answers.json.
const fs = require('fs');
const path = require('path');
const ort = require('onnxruntime-node');

const folder = process.argv[2];

async function answer({ file, input, sides }) {
  const bytes = fs.readFileSync(path.join(folder, input));
  const values = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  const session = await ort.InferenceSession.create(path.join(folder, file), {
    intraOpNumThreads: 1,
  });
  const results = await session.run({ input: new ort.Tensor('float32', values, sides) });
  const answers = {};
  for (const name of session.outputNames) {
    answers[name] = { sides: results[name].dims, numbers: Array.from(results[name].data) };
  }
  return answers;
}

async function main() {
  const cases = JSON.parse(fs.readFileSync(path.join(folder, 'cases.json'), 'utf8'));
  const answers = [];
  for (const one of cases) answers.push(await answer(one));
  fs.writeFileSync(path.join(folder, 'answers.json'), JSON.stringify(answers));
}

main().catch((error) => {
  console.error(`run_onnxruntime.js: ${error.message}`);
  process.exit(1);
});
