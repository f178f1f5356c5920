// SPDX-License-Identifier: Apache-2.0
import * as ort from './ort.wasm.min.mjs';
import { Describer } from './face.js';
import { SquareEditor } from './square.js';

const MOST_PIXELS = 36e6; // a larger photo is shrunk: canvases have limits
const element = (id) => document.getElementById(id);
const say = (text) => (element('status').textContent = text);

ort.env.wasm.numThreads = 1; // more need headers that a static server does not send
const loading = Describer.load(ort, '.');
let photo = null; // its pixels
let wanted = 0; // counts changes: only the latest is shown
let answers = [];

async function readPhoto(file) {
  // As facet reads it: upright, its colours as they are in the file.
  const bitmap = await createImageBitmap(file, {
    imageOrientation: 'from-image',
    colorSpaceConversion: 'none',
    premultiplyAlpha: 'none',
  });
  const shrink = Math.min(1, Math.sqrt(MOST_PIXELS / (bitmap.width * bitmap.height)));
  const canvas = new OffscreenCanvas(
    Math.round(bitmap.width * shrink),
    Math.round(bitmap.height * shrink),
  );
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.fillStyle = '#fff'; // behind what is transparent
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return { canvas, pixels: context.getImageData(0, 0, canvas.width, canvas.height) };
}

function showAnswers() {
  const list = [...answers];
  if (element('ordered').checked) list.sort((a, b) => b.probability - a.probability);
  const items = list.map(({ name, probability, present }) => {
    const item = document.createElement('li');
    item.className = present ? 'present' : '';
    item.dataset.name = name;
    item.dataset.probability = probability;
    for (const [part, text] of [
      ['name', name.replaceAll('_', ' ')],
      ['track', ''],
      ['number', `${Math.round(probability * 100)} %`],
    ]) {
      const span = document.createElement('div');
      span.className = part;
      span.textContent = text;
      item.append(span);
    }
    const bar = document.createElement('div');
    bar.className = 'bar';
    bar.style.width = `${probability * 100}%`;
    item.children[1].append(bar);
    return item;
  });
  element('answers').replaceChildren(...items);
}

async function describe({ left, top, side }) {
  const mine = ++wanted;
  element('status').dataset.done = 'no';
  try {
    const describer = await loading;
    await new Promise((done) => setTimeout(done, 60)); // while it is dragged, only where it rests
    if (mine !== wanted) return;
    const box = { x: left, y: top, width: side, height: side };
    const found = await describer.describe(photo, box, element('head').value);
    if (mine !== wanted) return;
    answers = found;
    showAnswers();
    const count = found.filter((one) => one.present).length;
    say(`${count} of ${found.length} labels hold for this face.`);
    element('status').dataset.done = 'yes';
  } catch (error) {
    say(`This square cannot be described: ${error.message}`);
  }
}

const editor = new SquareEditor(
  element('canvas'),
  { left: element('left'), top: element('top'), side: element('side') },
  describe,
);

async function open(file) {
  if (!file) return;
  try {
    const { canvas, pixels } = await readPhoto(file);
    photo = pixels;
    element('canvas').hidden = false;
    element('square').disabled = false;
    editor.show(canvas);
  } catch {
    say(`${file.name} cannot be read as a photo.`);
  }
}

element('photo').addEventListener('change', (event) => open(event.target.files[0]));
element('ordered').addEventListener('change', showAnswers);
element('head').addEventListener('change', () => photo && describe(editor.square));
for (const name of ['dragover', 'dragleave', 'drop']) {
  document.addEventListener(name, (event) => {
    event.preventDefault();
    element('drop').classList.toggle('over', name === 'dragover');
    if (name === 'drop') open(event.dataTransfer.files[0]);
  });
}

loading.then(
  (describer) => {
    for (const head of Object.keys(describer.labels)) element('head').add(new Option(head, head));
    element('licence').textContent = `Model ${describer.name}. ${describer.licence}`;
    if (!photo) say('Choose a photo.');
  },
  (error) => say(`The networks cannot be loaded: ${error.message}`),
);
