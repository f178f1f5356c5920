// SPDX-License-Identifier: Apache-2.0
// The query field's text as chips see it: whether a word is wanted, unwanted or not spoken of, and
// the text with that changed. Only words outside brackets and quotes are looked at.

export type Wish = 'wanted' | 'unwanted' | 'open';

interface Word {
  readonly text: string; // folded, without its minus
  readonly minus: boolean;
  readonly first: number;
  readonly end: number;
}

// As the server folds words.
export function folded(word: string): string {
  return word.toLowerCase().replaceAll('-', '_');
}

function outerWords(query: string): { words: Word[]; choice: boolean } {
  const words: Word[] = [];
  let choice = false;
  let depth = 0;
  let at = 0;
  while (at < query.length) {
    const sign = query.charAt(at);
    if (sign === '"') {
      const close = query.indexOf('"', at + 1);
      at = close < 0 ? query.length : close + 1;
    } else if (sign === '(' || sign === ')') {
      depth += sign === '(' ? 1 : -1;
      at += 1;
    } else if (sign === '|') {
      choice ||= depth === 0;
      at += 1;
    } else if (/\s/.test(sign)) {
      at += 1;
    } else {
      const rest = /^[^\s()|"]+/.exec(query.slice(at))?.[0] ?? sign;
      const end = at + rest.length;
      const minus = rest.startsWith('-');
      // What goes on with a bracket or a quote is no plain word: all(…), person:"…".
      const plain = query.charAt(end) !== '(' && query.charAt(end) !== '"';
      if (depth === 0 && plain) {
        if (/^or$/i.test(rest)) choice = true;
        else words.push({ text: folded(minus ? rest.slice(1) : rest), minus, first: at, end });
      }
      at = end;
    }
  }
  return { words, choice };
}

export function wishFor(query: string, word: string): Wish {
  const { words, choice } = outerWords(query);
  if (choice) return 'open';
  const found = words.find((one) => one.text === folded(word));
  if (found === undefined) return 'open';
  return found.minus ? 'unwanted' : 'wanted';
}

export function withWish(query: string, word: string, wish: Wish): string {
  const { words, choice } = outerWords(query);
  let rest = query.trim();
  if (choice) {
    rest = `(${rest})`;
  } else {
    rest = query;
    for (const one of [...words].reverse()) {
      if (one.text === folded(word)) rest = rest.slice(0, one.first) + rest.slice(one.end);
    }
    rest = rest.replace(/\s+/g, ' ').trim();
  }
  if (wish === 'open') return rest;
  const term = wish === 'wanted' ? word : `-${word}`;
  return rest === '' ? term : `${rest} ${term}`;
}

export function nextWish(wish: Wish): Wish {
  return wish === 'open' ? 'wanted' : wish === 'wanted' ? 'unwanted' : 'open';
}

// Places of the server's texts are counted in bytes of UTF-8.
export function bytesBefore(text: string, at: number): number {
  return new TextEncoder().encode(text.slice(0, at)).length;
}

export function placeOfByte(text: string, byte: number): number {
  let bytes = 0;
  let at = 0;
  for (const character of text) {
    if (bytes >= byte) break;
    bytes += new TextEncoder().encode(character).length;
    at += character.length;
  }
  return at;
}
