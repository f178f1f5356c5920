// SPDX-License-Identifier: Apache-2.0
// Times a face detector over photos, in one process or in several that share the photos.
//
// node DETECTOR.js [--processes N] [--passes N] [--boxes FILE] [--compare-only] [--list FILE] PHOTO…
//   --boxes FILE     writes what was found: `photo x y w h score …`, a line a photo
//   --list FILE      further photos, a path a line
//   --what TEXT      what the rate is called where it is not `photos a second`; nothing else is told
//   --compare-only   looks at each photo once and times nothing
// Photos are decoded before anything is timed. The processes are warm and start each pass together.
const { fork } = require('child_process');
const fs = require('fs');
const { readPhoto } = require('./photo.js');
const { printRow, readArguments } = require('./rows.js');

const portion = (all, part, parts) => all.filter((_, i) => i % parts === part);

// In a child: loads the detector, looks at its photos whenever it is told to.
async function serve(create) {
  const { photos, options } = await new Promise((resolve) => process.once('message', resolve));
  const decoded = photos.map(readPhoto);
  const started = performance.now();
  const detector = await create(options);
  const loaded = performance.now();
  await detector.find(decoded[0]);
  process.send({
    ready: true,
    about: detector.about,
    loadMs: loaded - started,
    firstMs: performance.now() - loaded,
  });
  process.on('message', async ({ keep }) => {
    const found = [];
    for (let i = 0; i < decoded.length; i++) {
      const boxes = await detector.find(decoded[i]);
      if (keep) found.push({ photo: photos[i], boxes });
    }
    process.send({ found, peakMiB: process.resourceUsage().maxRSS / 1024 });
  });
}

const answer = (child) =>
  new Promise((resolve, reject) => {
    const ended = (code) => reject(new Error(`a detector's process ended with ${code}`));
    child.once('exit', ended);
    child.once('message', (message) => {
      child.removeListener('exit', ended);
      resolve(message);
    });
  });

async function lead(file) {
  const { options, words } = readArguments({
    processes: 1,
    passes: 3,
    boxes: '',
    list: '',
    variant: '',
    what: 'photos a second',
    'compare-only': false,
  });
  const listed = options.list ? fs.readFileSync(options.list, 'utf8').split('\n') : [];
  const photos = [...words, ...listed.filter((line) => line !== '')];
  if (photos.length === 0) throw new Error('no photos');
  const processes = Math.min(options.processes, photos.length);
  const children = Array.from({ length: processes }, () => fork(file));
  const ready = children.map(answer);
  children.forEach((child, i) => child.send({ photos: portion(photos, i, processes), options }));
  const [first] = await Promise.all(ready);

  const pass = async (keep) => {
    const started = performance.now();
    const answers = children.map(answer);
    children.forEach((child) => child.send({ keep }));
    const told = await Promise.all(answers);
    return { seconds: (performance.now() - started) / 1000, told };
  };
  const looked = await pass(true);
  const found = looked.told.flatMap((one) => one.found);
  if (options.boxes) {
    const line = ({ photo, boxes }) => [photo, ...boxes.flatMap((b) => [...b.box, b.score])].join(' ');
    fs.writeFileSync(options.boxes, found.map(line).join('\n') + '\n');
  }
  if (!options['compare-only']) {
    const rates = [];
    let peakMiB = 0;
    for (let i = 0; i < options.passes; i++) {
      const { seconds, told } = await pass(false);
      rates.push(photos.length / seconds);
      peakMiB = told.reduce((sum, one) => sum + one.peakMiB, 0);
    }
    const about = { ...first.about, threads: processes };
    const in_processes = `${processes} ${processes === 1 ? 'process' : 'processes'} of one thread`;
    const remark = `${photos.length} photos; ${in_processes}; decoding and start-up not counted`;
    printRow({ ...about, what: options.what, values: rates, unit: 'photos/s',
      remark: `${remark}; ${first.about.answers}` });
    const alone = options.what !== 'photos a second';
    if (processes === 1 && !alone) {
      printRow({ ...about, what: 'loading and first photo', values: [first.loadMs + first.firstMs],
        unit: 'ms', remark: 'after the program has started and the photo is decoded' });
    }
    if (!alone) printRow({ ...about, what: 'peak memory', values: [peakMiB], unit: 'MiB', remark });
  }
  children.forEach((child) => child.kill());
}

// `create` makes a detector: {about, find(photo) → [{box: [x, y, width, height], score}]}.
exports.run = (file, create) => {
  const failed = (error) => {
    console.error(`${require('path').basename(file)}: ${error.message}`);
    process.exit(2);
  };
  (process.send ? serve(create) : lead(file)).catch(failed);
};
