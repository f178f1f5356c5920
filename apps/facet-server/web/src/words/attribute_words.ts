// SPDX-License-Identifier: Apache-2.0
// How attributes read in a sentence and on a button. Names that are not known here (of taught
// heads) are shown as they are, with blanks.

const LABELS: Record<string, string> = {
  '5_o_Clock_Shadow': 'Five o’clock shadow',
};

export function label(name: string): string {
  const known = LABELS[name];
  if (known !== undefined) return known;
  const words = name.replaceAll('_', ' ').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

// "labelled as smiling, young": what a screen reader says of a face. Only what is likely, the
// surest first; "labelled", because it is no truth about a person.
export function sentence(names: readonly string[], most = 5): string {
  if (names.length === 0) return 'a face; none of its labels is sure';
  return `labelled as ${names.slice(0, most).map((name) => label(name).toLowerCase()).join(', ')}`;
}
