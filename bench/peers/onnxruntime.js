// SPDX-License-Identifier: Apache-2.0
// facet's exported networks by onnxruntime, on the workload that engine_benchmark wrote. Compares
// answers first (exit code 1 where they differ), then times the networks' own work.
//
// node onnxruntime.js --onnx FOLDER --workload FOLDER --model NAME [--passes N] [--compare-only]
const fs = require('fs');
const path = require('path');
const ort = require('onnxruntime-node');
const { printRow, readArguments } = require('./rows.js');

const LARGEST_DIFFERENCE = 1e-4; // of the largest value of an answer

const { options } = readArguments({
  onnx: '',
  workload: '',
  model: '',
  passes: 10,
  'compare-only': false,
});

const version = require('onnxruntime-node/package.json').version;

class Workload {
  constructor(folder) {
    this.batches = JSON.parse(fs.readFileSync(path.join(folder, 'workload.json'), 'utf8'));
    this.images = fs.openSync(path.join(folder, 'images.bin'));
    this.answers = fs.openSync(path.join(folder, 'answers.bin'));
    this.photos = new Set(this.batches.map((batch) => batch.photo)).size;
  }

  // Bytes R G B, image after image, become N×3×H×W.
  input({ count, height, width, offset }) {
    const pixels = height * width;
    const bytes = new Uint8Array(count * pixels * 3);
    fs.readSync(this.images, bytes, 0, bytes.length, offset);
    const values = new Float32Array(bytes.length);
    for (let n = 0; n < count; n++) {
      const first = n * pixels * 3;
      for (let c = 0; c < 3; c++) {
        for (let i = 0; i < pixels; i++) values[first + c * pixels + i] = bytes[first + 3 * i + c];
      }
    }
    return new ort.Tensor('float32', values, [count, 3, height, width]);
  }

  // N×H×W×C.
  answer({ count, answer }) {
    const values = new Float32Array(count * answer.height * answer.width * answer.channels);
    fs.readSync(this.answers, values, 0, values.byteLength, 4 * answer.offset);
    return values;
  }
}

const openSessions = async (threads) => {
  const sessions = {};
  for (const network of ['lnet_o', 'lnet_s', 'aligner', 'anet']) {
    const file = path.join(options.onnx, `${network}.onnx`);
    if (!fs.existsSync(file)) continue;
    sessions[network] = await ort.InferenceSession.create(file, {
      executionProviders: ['cpu'],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      graphOptimizationLevel: 'all',
    });
  }
  return sessions;
};

const answerOf = async (session, input) => {
  const results = await session.run({ [session.inputNames[0]]: input });
  return results[session.outputNames[0]];
};

// In parts of the largest value expected.
function difference(expected, { count, answer }, { data, dims }) {
  const { channels, height, width } = answer;
  if (dims.join() !== [count, channels, height, width].join()) return Infinity;
  let apart = 0;
  let largest = 0;
  let i = 0;
  for (let n = 0; n < count; n++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        for (let c = 0; c < channels; c++, i++) {
          const theirs = data[((n * channels + c) * height + y) * width + x];
          apart = Math.max(apart, Math.abs(expected[i] - theirs));
          largest = Math.max(largest, Math.abs(expected[i]));
        }
      }
    }
  }
  return largest > 0 ? apart / largest : Infinity;
}

async function compare(workload) {
  const sessions = await openSessions(1);
  let apart = 0;
  for (const batch of workload.batches.filter((one) => one.answer)) {
    const theirs = await answerOf(sessions[batch.network], workload.input(batch));
    apart = Math.max(apart, difference(workload.answer(batch), batch, theirs));
  }
  console.log(
    `${options.model}: onnxruntime ${version} differs from facet's networks by ` +
      `${apart.toExponential(1)} of the largest value`,
  );
  if (!(apart <= LARGEST_DIFFERENCE)) throw new Error(`that is more than ${LARGEST_DIFFERENCE}`);
}

// Milliseconds a photo of each network and of all.
async function timePass(sessions, workload) {
  const times = {};
  for (const batch of workload.batches) {
    const input = workload.input(batch);
    const started = performance.now();
    await answerOf(sessions[batch.network], input);
    const taken = (performance.now() - started) / workload.photos;
    times[batch.network] = (times[batch.network] ?? 0) + taken;
    times.all = (times.all ?? 0) + taken;
  }
  return times;
}

async function main() {
  const workload = new Workload(options.workload);
  await compare(workload);
  if (options['compare-only']) return;
  for (const threads of [1, 2]) {
    const sessions = await openSessions(threads);
    await timePass(sessions, workload);
    const passes = [];
    for (let i = 0; i < options.passes; i++) passes.push(await timePass(sessions, workload));
    for (const network of Object.keys(passes[0])) {
      printRow({
        what: `${network === 'all' ? 'networks' : network} of a 300x300 photo`,
        implementation: 'onnxruntime-node',
        model: options.model,
        threads,
        version,
        values: passes.map((pass) => pass[network]),
        unit: 'ms a photo',
        remark: `${workload.photos} photos; its input is ready as floats`,
      });
    }
  }
}

main().catch((error) => {
  console.error(`onnxruntime.js: ${error.message}`);
  process.exit(1);
});
