// SPDX-License-Identifier: Apache-2.0
// An index of faces that nobody has, made from their numbers: the same in every run.
const ATTRIBUTES = [
  ['5_o_Clock_Shadow', 'beard'], ['Arched_Eyebrows', 'face'], ['Attractive', 'other'],
  ['Bags_Under_Eyes', 'face'], ['Bald', 'hair'], ['Bangs', 'hair'], ['Big_Lips', 'face'],
  ['Big_Nose', 'face'], ['Black_Hair', 'hair'], ['Blond_Hair', 'hair'], ['Blurry', 'photo'],
  ['Brown_Hair', 'hair'], ['Bushy_Eyebrows', 'face'], ['Chubby', 'face'],
  ['Double_Chin', 'face'], ['Eyeglasses', 'wears'], ['Goatee', 'beard'], ['Gray_Hair', 'hair'],
  ['Heavy_Makeup', 'wears'], ['High_Cheekbones', 'face'], ['Male', 'people'],
  ['Mouth_Slightly_Open', 'expression'], ['Mustache', 'beard'], ['Narrow_Eyes', 'face'],
  ['No_Beard', 'beard'], ['Oval_Face', 'face'], ['Pale_Skin', 'face'], ['Pointy_Nose', 'face'],
  ['Receding_Hairline', 'hair'], ['Rosy_Cheeks', 'face'], ['Sideburns', 'beard'],
  ['Smiling', 'expression'], ['Straight_Hair', 'hair'], ['Wavy_Hair', 'hair'],
  ['Wearing_Earrings', 'wears'], ['Wearing_Hat', 'wears'], ['Wearing_Lipstick', 'wears'],
  ['Wearing_Necklace', 'wears'], ['Wearing_Necktie', 'wears'], ['Young', 'people'],
];
const NAMES = ATTRIBUTES.map(([name]) => name);
const EVERYDAY = [
  { word: 'woman', group: 'people', meaning: '-male' },
  { word: 'glasses', group: 'wears', meaning: 'eyeglasses' },
];
const WORDS = new Map([
  ...NAMES.map((name) => [name.toLowerCase(), { name, not: false }]),
  ['woman', { name: 'Male', not: true }],
  ['glasses', { name: 'Eyeglasses', not: false }],
]);

// A number from 0 to 1 that looks as drawn, from two others.
function drawn(face, what) {
  let x = Math.imul(face + 1, 0x9e3779b1) ^ Math.imul(what + 7, 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d);
  x = Math.imul(x ^ (x >>> 12), 0x297a2d39);
  return ((x ^ (x >>> 15)) >>> 0) / 2 ** 32;
}

// Mostly sure, sometimes not, as calibrated answers are.
function probability(face, attribute) {
  const at = drawn(face, attribute);
  return Math.round(1000 / (1 + Math.exp(-14 * (at - 0.55)))) / 1000;
}

class QueryFault extends Error {
  constructor(message, first, count) {
    super(message);
    this.span = { first, count };
  }
}

// Words and -words: the part of the language that the page itself writes.
function parse(text) {
  const terms = [];
  for (const found of text.matchAll(/\S+/g)) {
    const not = found[0].startsWith('-');
    const word = WORDS.get(found[0].slice(not ? 1 : 0).toLowerCase());
    if (word === undefined) {
      const first = Buffer.byteLength(text.slice(0, found.index));
      throw new QueryFault(`“${found[0]}” is no word that this index knows`, first,
        Buffer.byteLength(found[0]));
    }
    terms.push({ name: word.name, not: word.not !== not });
  }
  return terms;
}

class MockIndex {
  constructor(faces) {
    this.faces = faces;
    this.said = new Map(); // face number → Map of name → boolean
  }

  chance(face, name) {
    const said = this.said.get(face)?.get(name);
    if (said !== undefined) return said ? 1 : 0;
    return probability(face, NAMES.indexOf(name));
  }

  attribute(face, name) {
    const said = this.said.get(face)?.get(name);
    const p = probability(face, NAMES.indexOf(name));
    return { name, probability: p, present: said ?? p >= 0.5,
      ...(said === undefined ? {} : { said }) };
  }

  count(name) {
    let count = 0;
    // A hundredth is enough for a count that only has to look right.
    const step = this.faces > 10000 ? 100 : 1;
    for (let face = 0; face < this.faces; face += step) {
      if (this.chance(face, name) >= 0.5) count += step;
    }
    return Math.min(count, this.faces);
  }

  // The last ranking is kept: pages of one list follow each other.
  rank(text) {
    const key = `${text}|${JSON.stringify([...this.said].map(([face, said]) => [face, ...said]))}`;
    if (this.ranked?.key !== key) this.ranked = { key, ...this.rankAnew(parse(text)) };
    return this.ranked;
  }

  rankAnew(terms) {
    const found = [];
    for (let face = 0; face < this.faces; ++face) {
      let chance = 1;
      for (const { name, not } of terms) {
        const p = this.chance(face, name);
        chance *= not ? 1 - p : p;
      }
      if (chance >= 0.2) found.push({ face, chance });
    }
    if (terms.length > 0) found.sort((a, b) => b.chance - a.chance || a.face - b.face);
    return { terms, found };
  }

  id(face) {
    return `${this.photo(face)}.${(face % 2) + 1}`;
  }

  photo(face) {
    return Math.floor(face / 2).toString(16).padStart(12, '0');
  }

  number(id) {
    const [photo, place = '1'] = id.split('.');
    const face = parseInt(photo, 16) * 2 + Number(place) - 1;
    return Number.isInteger(face) && face < this.faces ? face : null;
  }

  box(face) {
    return { x: face % 2 === 0 ? 0.15 : 0.6, y: 0.25, width: 0.25, height: 0.4 };
  }

  alt(face) {
    const names = NAMES.filter((name) => this.attribute(face, name).present);
    return `labelled as ${names.slice(0, 4).map((name) => name.toLowerCase().replaceAll('_', ' '))
      .join(', ')}`;
  }

  reference(face) {
    return { id: this.photo(face), path: `/photos/2019/${this.photo(face)}.jpg`, width: 900,
      height: 600, taken: '2019-07-14T12:30:00' };
  }

  indexedFace(face) {
    const box = this.box(face);
    return {
      id: this.id(face),
      photo: this.reference(face),
      box: { x: box.x * 900, y: box.y * 600, width: box.width * 900, height: box.height * 600 },
      box_normalized: box,
      score: 20,
      attributes: NAMES.map((name) => this.attribute(face, name)),
      alt: this.alt(face),
    };
  }

  hit({ face, chance }, terms) {
    return {
      id: this.id(face),
      photo_id: this.photo(face),
      probability: chance,
      certain: chance >= 0.5,
      box_normalized: this.box(face),
      alt: this.alt(face),
      attributes: terms.map(({ name }) => this.attribute(face, name)),
    };
  }
}

// A drawn face, so that tiles differ.
function portrait(face) {
  const hue = Math.floor(drawn(face, 99) * 360);
  const mouth = probability(face, NAMES.indexOf('Smiling')) >= 0.5 ? 'Q50 84 64 68' : 'Q50 66 64 72';
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" width="200" height="200">
<rect width="100" height="100" fill="hsl(${hue} 30% 78%)"/><circle cx="50" cy="54" r="32"
fill="hsl(${hue} 35% 55%)"/><circle cx="39" cy="48" r="4"/><circle cx="61" cy="48" r="4"/><path
d="M36 70 ${mouth}" fill="none" stroke="#000" stroke-width="3"/></svg>`;
}

module.exports = { ATTRIBUTES, EVERYDAY, MockIndex, NAMES, QueryFault, portrait, probability };
