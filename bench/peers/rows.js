// SPDX-License-Identifier: Apache-2.0
// Rows for scripts/bench: bench/speed_row.hpp says what they hold.
const spread = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return { minimum: sorted[0], median, maximum: sorted[sorted.length - 1] };
};

exports.printRow = ({ what, implementation, model, threads, version, values, unit, remark }) => {
  const { minimum, median, maximum } = spread(values);
  const numbers = [minimum, median, maximum].map((value) => Number(value.toPrecision(5)));
  const fields = [what, implementation, model, threads, 'fp32', version, ...numbers, unit, remark];
  console.log(['row', ...fields].join('\t'));
};

// Options --name value, or --name alone for true; the rest are words.
exports.readArguments = (defaults) => {
  const options = { ...defaults };
  const words = [];
  const given = process.argv.slice(2);
  while (given.length > 0) {
    const word = given.shift();
    if (!word.startsWith('--')) {
      words.push(word);
      continue;
    }
    const name = word.slice(2);
    if (!(name in defaults)) throw new Error(`unknown option ${word}`);
    if (typeof defaults[name] === 'boolean') options[name] = true;
    else options[name] = typeof defaults[name] === 'number' ? Number(given.shift()) : given.shift();
  }
  return { options, words };
};
