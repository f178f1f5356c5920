// SPDX-License-Identifier: Apache-2.0
// Describes a face in a photo by the networks that `facet model export --onnx` wrote. docs/onnx.md
// says what their metadata means.
import { cutSquare, toPlanes } from './cut.js';
import { readMetadata } from './onnx_metadata.js';

const f = Math.fround; // facet's precision
const clamp = (value, least, most) => Math.min(Math.max(value, least), most);

class Network {
  static async load(ort, url) {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${url} cannot be loaded: ${response.status}`);
    const bytes = new Uint8Array(await response.arrayBuffer());
    const network = new Network();
    network.ort = ort;
    network.metadata = readMetadata(bytes);
    network.crop = JSON.parse(network.metadata.crop);
    network.session = await ort.InferenceSession.create(bytes, { executionProviders: ['wasm'] });
    return network;
  }

  // Its outputs for the square that it wants around a face { x, y, height, angle }.
  async look(photo, face) {
    const { heights, centre_down: down, side } = this.crop;
    const square = cutSquare(
      photo,
      {
        x: f(face.x - f(f(Math.sin(face.angle)) * f(f(down) * face.height))),
        y: f(face.y + f(f(Math.cos(face.angle)) * f(f(down) * face.height))),
        side: f(f(heights) * face.height),
        angle: face.angle,
      },
      side,
    );
    const input = new this.ort.Tensor('float32', toPlanes(square), [1, 3, side, side]);
    return this.session.run({ input });
  }
}

export class Describer {
  // `ort` is onnxruntime-web; anet.onnx and, for models that have one, aligner.onnx lie in `folder`.
  static async load(ort, folder) {
    const describer = new Describer();
    describer.anet = await Network.load(ort, `${folder}/anet.onnx`);
    const { metadata } = describer.anet;
    if (metadata.aligned === 'true') {
      describer.aligner = await Network.load(ort, `${folder}/aligner.onnx`);
      describer.alignment = JSON.parse(describer.aligner.metadata.alignment);
    }
    describer.labels = JSON.parse(metadata.labels);
    describer.thresholds = JSON.parse(metadata.thresholds);
    describer.licence = metadata.licence;
    describer.name = `${metadata.model} ${metadata.version}`;
    return describer;
  }

  // [{ name, probability, present }] of the head ("celeba", "lfwa"), for a box { x, y, width,
  // height } around a face.
  async describe(photo, box, head) {
    const face = await this.#align(photo, box);
    const probabilities = (await this.anet.look(photo, face))[head].data;
    return this.labels[head].map((name, i) => ({
      name,
      probability: probabilities[i],
      present: probabilities[i] >= this.thresholds[head].accuracy[i],
    }));
  }

  // Where exactly the face stands, and how it is turned.
  async #align(photo, box) {
    const start = {
      x: f(f(box.x) + f(box.width) / 2),
      y: f(f(box.y) + f(box.height) / 2),
      height: f(box.height),
    };
    let face = { ...start, angle: 0 };
    if (!this.aligner) return face;
    const reach = this.alignment;
    for (let look = 0; look < reach.looks; look++) {
      const answer = Object.values(await this.aligner.look(photo, face))[0].data;
      const [dx, dy] = answer;
      const growth = f(Math.exp(clamp(answer[2], -reach.most_log_height, reach.most_log_height)));
      const cosine = f(Math.cos(face.angle));
      const sine = f(Math.sin(face.angle));
      const x = f(face.x + f(f(f(cosine * dx) - f(sine * dy)) * face.height));
      const y = f(face.y + f(f(f(sine * dx) + f(cosine * dy)) * face.height));
      const far = reach.farthest * start.height;
      face = {
        x: clamp(x, start.x - far, start.x + far),
        y: clamp(y, start.y - far, start.y + far),
        height: clamp(
          f(face.height * growth),
          start.height / reach.most_growth,
          start.height * reach.most_growth,
        ),
        angle: f(face.angle + clamp(answer[3], -reach.most_turn, reach.most_turn)),
      };
    }
    return face;
  }
}
