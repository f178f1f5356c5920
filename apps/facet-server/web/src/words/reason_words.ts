// SPDX-License-Identifier: Apache-2.0
// Why an answer was given, in a sentence and as parts that sum to the score.
import type { AttributeExplanation, ConceptTerm } from '../api/client';
import { label } from './attribute_words';
import { percent } from './certainty';

// "Bangs" → bangs, "not Male" → not male, "not No_Beard" → beard.
function conceptWords(concept: string): string {
  if (concept.startsWith('not No_')) return label(concept.slice(7)).toLowerCase();
  return concept.startsWith('not ') ? `not ${label(concept.slice(4)).toLowerCase()}` : label(concept).toLowerCase();
}

// More or less of it than on the average face.
function termWords(term: ConceptTerm): string {
  return `${term.response < 0 ? 'less' : 'more'} “${conceptWords(term.concept)}”`;
}

export interface ScorePart {
  readonly words: string;
  readonly amount: number;
  readonly from: number; // what the parts before sum to
}

// The average face, what changes its score most, all others together: they sum to the score.
export function scoreParts(explanation: AttributeExplanation, most = 5): readonly ScorePart[] {
  const { average_score: average, score, concepts } = explanation;
  const largest = [...concepts].sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution)).slice(0, most);
  const parts: ScorePart[] = [{ words: 'the average face', amount: average, from: 0 }];
  let sum = average;
  for (const term of largest) {
    parts.push({ words: termWords(term), amount: term.contribution, from: sum });
    sum += term.contribution;
  }
  parts.push({ words: 'all else', amount: score - sum, from: sum });
  return parts;
}

function listed(terms: readonly ConceptTerm[]): string {
  return terms.map(termWords).join(', ');
}

export function reasonSentence(explanation: AttributeExplanation): string {
  const { name, present, probability, concepts, region } = explanation;
  // Against the answer's direction a contribution is negative.
  const pull = (term: ConceptTerm): number => (present ? term.contribution : -term.contribution);
  const sorted = [...concepts].sort((a, b) => pull(b) - pull(a));
  const pro = sorted.slice(0, 3).filter((term) => pull(term) > 0);
  const contra = sorted.slice(-1).filter((term) => pull(term) < 0);
  const answer = `${label(name)}: ${present ? 'yes' : 'no'}, at ${percent(probability)}`;
  const because = pro.length > 0 ? `, mostly because of ${listed(pro)} than on the average face` : '';
  const though = contra.length > 0 ? ` ${present ? 'Against' : 'For'} it speaks most: ${listed(contra)}.` : '';
  const where =
    region?.place !== undefined && region.place !== '' && region.place_share !== undefined
      ? ` ${percent(region.place_share)} of what speaks for this answer lies at: ${region.place}.`
      : '';
  return `${answer}${because}.${though}${where}`;
}

export function signed(amount: number): string {
  const text = Math.abs(amount).toFixed(2);
  return Number(text) === 0 ? '0.00' : `${amount < 0 ? '−' : '+'}${text}`;
}
