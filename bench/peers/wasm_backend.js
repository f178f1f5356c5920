// SPDX-License-Identifier: Apache-2.0
// tfjs' WebAssembly backend; under node it has SIMD and one thread.
const path = require('path');

exports.wasm = require('@tensorflow/tfjs-backend-wasm');
exports.wasmFolder = path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm')) + '/';
