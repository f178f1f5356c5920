// SPDX-License-Identifier: Apache-2.0
// How sure an answer is, and the order in which answers are read.

export interface Answer {
  readonly name: string;
  readonly probability: number;
  readonly threshold: number;
  readonly present: boolean;
}

export interface SortedAnswers<A extends Answer = Answer> {
  readonly present: readonly A[];
  readonly unsure: readonly A[];
  readonly absent: readonly A[];
}

// Less than this part of the way from the threshold to 0 or 1: it may well be the other way.
const UNSURE_BELOW = 0.5;

// 0 at the threshold, 1 at a probability of 0 or 1.
export function certainty(answer: Answer): number {
  const { probability: p, threshold: t } = answer;
  const way = p >= t ? (p - t) / (1 - t) : (t - p) / t;
  return Number.isFinite(way) ? Math.min(1, Math.max(0, way)) : 1;
}

// Each part with the surest first.
export function sortAnswers<A extends Answer>(answers: readonly A[]): SortedAnswers<A> {
  const sorted = [...answers].sort((a, b) => certainty(b) - certainty(a));
  const sure = (answer: A): boolean => certainty(answer) >= UNSURE_BELOW;
  return {
    present: sorted.filter((answer) => answer.present && sure(answer)),
    unsure: sorted.filter((answer) => !sure(answer)),
    absent: sorted.filter((answer) => !answer.present && sure(answer)),
  };
}

export function percent(probability: number): string {
  const hundredths = probability * 100;
  if (hundredths > 99 && hundredths < 100) return '>99 %';
  if (hundredths > 0 && hundredths < 1) return '<1 %';
  return `${Math.round(hundredths)} %`;
}
