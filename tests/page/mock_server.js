// SPDX-License-Identifier: Apache-2.0
// A stand-in for facet-server: serves the page's built files and answers as openapi.json says.
// Every answer is held to that file's schemas, so that it cannot drift from the real server.
// As a program, to look at the page: node mock_server.js [PORT [FACES]]
const fs = require('fs');
const http = require('http');
const path = require('path');
const { Contract } = require('./contract');
const { ATTRIBUTES, EVERYDAY, MockIndex, NAMES, QueryFault, portrait, probability } =
  require('./mock_index');

const SOURCE = path.join(__dirname, '../..');
const DIST = path.join(SOURCE, 'apps/facet-server/web/dist');
const TYPES = { '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.js': 'text/javascript',
  '.svg': 'image/svg+xml' };
// The real server's, so that what it forbids shows here too.
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; " +
  "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

class Refusal extends Error {
  constructor(status, code, message, more = {}, headers = {}) {
    super(message);
    Object.assign(this, { status, code, more, headers });
  }
}

function predicted(boxes, head, mode) {
  const faces = boxes.map((box, face) => ({
    box: { x: box.x * 900, y: box.y * 600, width: box.width * 900, height: box.height * 600 },
    box_normalized: box,
    score: 40 - face,
    attributes: NAMES.map((name, at) => ({
      name,
      probability: probability(face + 11, at),
      threshold: 0.5,
      present: probability(face + 11, at) >= 0.5,
    })),
  }));
  const values = [];
  for (let row = 0; row < 16; ++row) {
    for (let column = 0; column < 24; ++column) {
      const near = boxes.map((box) => Math.exp(-60 * (((column + 0.5) / 24 - box.x - box.width / 2) ** 2 +
        ((row + 0.5) / 16 - box.y - box.height / 2) ** 2)));
      values.push(12 * Math.max(0, ...near));
    }
  }
  return {
    schema: 1, model: 'mock 1', model_name: 'mock', model_version: '1', model_checksum: '0'.repeat(64),
    head, precision: 'auto', threshold_mode: mode,
    images: [{ path: 'photo', width: 900, height: 600, min_face: 40,
      status: faces.length > 0 ? 'ok' : 'no_face', faces,
      response_map: { width: 24, height: 16, threshold: 5, peak: 12, values } }],
  };
}

// Its parts sum to the score; the upper half of the square speaks for it, the lower one against it.
function explained(face, name) {
  const at = NAMES.indexOf(name);
  const { probability: chance, threshold, present } = face.attributes[at];
  const concepts = [[name, 2.5, 1.5], [`not ${NAMES[(at + 1) % 40]}`, 0.75, -0.5], [NAMES[(at + 2) % 40], -0.5, 0.5],
    [NAMES[(at + 3) % 40], 0.25, 1], [NAMES[(at + 4) % 40], 0.2, 1], [NAMES[(at + 5) % 40], 0.1, 1]]
    .map(([concept, contribution, response]) => ({ concept, neurons: 3, contribution: present ? contribution : -contribution,
      response, leading_neuron: 1 }));
  const sum = concepts.reduce((total, { contribution }) => total + contribution, 0);
  return { name, probability: chance, threshold, present, unsure: false, score: sum - 1 + 0.05,
    threshold_score: 0.25, average_score: -1, concepts, rest: 0.05,
    region: { side: 4, values: Array.from({ length: 16 }, (_, cell) => (cell < 8 ? 0.5 : -0.25)),
      place: 'mouth', place_share: 0.6 } };
}

// `options`: faces (of the index; 0: there is no index), token, writable, explains, loading. `next` says what
// the next prediction or explanation does: { status, code, message, headers } or { boxes, warning }.
class MockServer {
  constructor(options = {}) {
    this.options = { faces: 2000, token: '', writable: true, explains: true, ...options };
    this.index = new MockIndex(this.options.faces);
    this.contract = new Contract(path.join(SOURCE, 'apps/facet-server/openapi.json'));
    this.next = {};
    this.gone = new Set(); // places that the index has lost since it ranked them
    this.understood = new Map(); // queries as people speak → in the index's words
    this.requests = [];
    this.server = http.createServer((request, response) => void this.answer(request, response));
  }

  async start(port = 0) {
    await new Promise((ready) => this.server.listen(port, '127.0.0.1', ready));
    return `http://127.0.0.1:${this.server.address().port}`;
  }

  stop() {
    this.server.closeAllConnections();
    this.server.close();
  }

  async answer(request, response) {
    const url = new URL(request.url, 'http://localhost');
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    this.requests.push({ method: request.method, path: url.pathname, query: url.searchParams, body,
      type: request.headers['content-type'] });
    response.setHeader('Content-Security-Policy', POLICY);
    response.setHeader('X-Request-Id', 'mock-1');
    try {
      if (!url.pathname.startsWith('/v1/')) return this.file(url.pathname, response);
      if (this.options.token !== '' && !['/v1/health', '/v1/session'].includes(url.pathname) &&
          request.headers.cookie !== 'facet_session=open') {
        throw new Refusal(401, 'unauthorized', 'a token is needed');
      }
      const answer = await this.route(request.method, url, body);
      if (answer.picture !== undefined) {
        response.writeHead(200, { 'Content-Type': 'image/svg+xml', 'Cache-Control': 'private' });
        return response.end(answer.picture);
      }
      const status = answer.status ?? 200;
      if (status !== 204) this.contract.check(request.method, url.pathname, status, answer.json);
      response.writeHead(status, { 'Content-Type': 'application/json', ...answer.headers });
      return response.end(status === 204 ? undefined : JSON.stringify(answer.json));
    } catch (error) {
      const refusal = error instanceof QueryFault
        ? new Refusal(400, 'bad_query', error.message, { span: error.span })
        : error instanceof Refusal ? error : new Refusal(500, 'internal', error.message);
      if (refusal.status === 500) console.error(error);
      const json = { error: { code: refusal.code, message: refusal.message, ...refusal.more },
        request_id: 'mock-1' };
      response.writeHead(refusal.status, { 'Content-Type': 'application/json', ...refusal.headers });
      return response.end(JSON.stringify(json));
    }
  }

  file(name, response) {
    const file = path.join(DIST, name === '/' ? 'index.html' : path.normalize(name));
    if (!file.startsWith(DIST) || !fs.existsSync(file)) return response.writeHead(404).end();
    response.writeHead(200, { 'Content-Type': TYPES[path.extname(file)] ?? 'text/plain' });
    return response.end(fs.readFileSync(file));
  }

  async route(method, url, body) {
    const [, , what, id, part] = url.pathname.split('/');
    const query = url.searchParams;
    switch (what) {
      case 'health': return { status: this.options.loading ? 503 : 200, json: this.health() };
      case 'model': return { json: this.model() };
      case 'predict': return this.predict(query);
      case 'explain': return this.explain(query);
      case 'session': return this.session(JSON.parse(body.toString()));
      case 'attributes': return { json: this.attributes() };
      case 'search': return { json: id === 'suggest' ? this.suggest(query) : this.search(query) };
      case 'faces': {
        const face = this.index.number(decodeURIComponent(id));
        if (face === null) throw new Refusal(404, 'not_found', 'there is no such face');
        if (part === 'thumbnail') return { picture: portrait(face) };
        if (part === 'labels') this.say(face, JSON.parse(body.toString()).labels);
        return { json: this.index.indexedFace(face) };
      }
      case 'photos': {
        const face = this.index.number(id);
        if (face === null) throw new Refusal(404, 'not_found', 'there is no such photo');
        if (part === 'image') return { picture: portrait(face).replace('100 100"', '100 67"') };
        return { json: { ...this.index.reference(face), status: 'ok',
          faces: [face, face + 1].map((one) => this.index.indexedFace(one)),
          alt: 'a photo of two faces' } };
      }
      default: throw new Refusal(404, 'not_found', 'there is no such route');
    }
  }

  predict(query) {
    const { next } = this;
    this.next = {};
    if (next.status !== undefined) {
      throw new Refusal(next.status, next.code, next.message, {}, next.headers);
    }
    const boxes = next.boxes ?? [{ x: 0.1, y: 0.2, width: 0.2, height: 0.4 },
      { x: 0.55, y: 0.15, width: 0.25, height: 0.5 }];
    const json = predicted(boxes, query.get('head') ?? 'celeba', query.get('threshold_mode') ?? 'accuracy');
    Object.assign(json.images[0], next.image ?? {});
    return { json };
  }

  explain(query) {
    const { json } = this.predict(query);
    for (const face of json.images[0].faces) {
      const { x, y, width, height } = face.box;
      face.sentence = 'labelled as: drawn';
      face.square = { centre_x: x + width / 2, centre_y: y + height / 2, side: height, angle: 0 };
      face.explanations = query.get('attributes').split(',').map((name) => explained(face, name));
    }
    delete json.images[0].response_map;
    return { json };
  }

  session({ token }) {
    if (token !== this.options.token) throw new Refusal(401, 'unauthorized', 'this token is wrong');
    return { status: 204, headers: { 'Set-Cookie': 'facet_session=open; HttpOnly; SameSite=Strict' } };
  }

  health() {
    const { faces, writable } = this.options;
    return { status: this.options.loading ? 'loading' : 'ok', version: '0.0.0', model: 'mock 1', token_required: this.options.token !== '',
      index: faces === 0 ? { open: false, reason: 'no index' }
        : { open: true, faces, photos: Math.ceil(faces / 2), writable } };
  }

  model() {
    if (this.options.loading) throw new Refusal(503, 'loading', 'the model is being loaded');
    return { name: 'mock', version: '1', checksum: '0'.repeat(64), precision: 'auto',
      licence: 'non-commercial research only', explains: this.options.explains,
      heads: [{ name: 'celeba', attributes: NAMES }, { name: 'lfwa', attributes: NAMES }],
      limits: { max_body_bytes: 50_000_000, max_pixels: 250_000_000, max_photos: 32 } };
  }

  attributes() {
    return { head: 'celeba', model: 'mock 1', faces: this.options.faces,
      photos: Math.ceil(this.options.faces / 2),
      attributes: ATTRIBUTES.map(([name, group]) => ({ name, word: name.toLowerCase(),
        label: name.toLowerCase().replaceAll('_', ' '), group,
        threshold: 0.5, faces: this.index.count(name) })),
      everyday: EVERYDAY };
  }

  suggest(query) {
    const q = query.get('q') ?? '';
    const word = /[^\s()|-]*$/.exec(q)[0].toLowerCase();
    const words = [...NAMES.map((name) => ({ text: name.toLowerCase(), kind: 'attribute',
      faces: this.index.count(name) })),
    ...EVERYDAY.map((one) => ({ text: one.word, kind: 'everyday', meaning: one.meaning })),
    { text: 'faces:', kind: 'field', meaning: 'how many faces' }];
    return { word, first: Buffer.byteLength(q) - Buffer.byteLength(word), count: Buffer.byteLength(word),
      suggestions: words.filter(({ text }) => text.startsWith(word))
        .slice(0, Number(query.get('limit') ?? 10)) };
  }

  search(query) {
    if (this.options.faces === 0) throw new Refusal(404, 'no_index', 'this server has no index');
    const asked = query.get('q') ?? '';
    const q = this.understood.get(asked) ?? asked;
    const show = query.get('show') ?? 'faces';
    const { terms, found } = this.index.rank(q);
    const photos = new Set();
    const items = show === 'faces' ? found
      : found.filter(({ face }) => !photos.has(face >> 1) && photos.add(face >> 1));
    const certain = items.filter(({ chance }) => chance >= 0.5).length;
    const offset = Number(query.get('offset') ?? 0);
    const limit = Number(query.get('limit') ?? 60);
    return {
      query: q, show, total: items.length, certain, uncertain: items.length - certain,
      faces_searched: this.options.faces, offset, took_ms: 4,
      gone: [...this.gone].filter((place) => place >= offset && place < Math.min(offset + limit, items.length)).length,
      ...(offset + limit < items.length ? { next_cursor: `mock.${offset + limit}` } : {}),
      items: items.slice(offset, offset + limit).map((item, at) => {
        const face = this.index.hit(item, terms);
        const place = offset + at;
        if (show === 'faces') return { ...face, place };
        const { path: name, width, height } = this.index.reference(item.face);
        return { photo_id: face.photo_id, path: name, probability: item.chance,
          certain: item.chance >= 0.5, width, height, faces: [face], alt: 'a photo of two faces', place };
      }).filter(({ place }) => !this.gone.has(place)),
    };
  }

  say(face, labels) {
    if (!this.options.writable) throw new Refusal(403, 'forbidden', 'this server only reads');
    const said = this.index.said.get(face) ?? new Map();
    for (const [name, value] of Object.entries(labels)) {
      if (value === null) said.delete(name);
      else said.set(name, value);
    }
    this.index.said.set(face, said);
  }
}

module.exports = { MockServer };

if (require.main === module) {
  const [port = '8090', faces = '100000'] = process.argv.slice(2);
  void new MockServer({ faces: Number(faces) }).start(Number(port)).then((home) => console.log(home));
}
