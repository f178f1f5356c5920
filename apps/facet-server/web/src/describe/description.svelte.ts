// SPDX-License-Identifier: Apache-2.0
// The photo that is looked at and what the server said of it. It outlives the screen, so that a
// look at another one loses nothing.
import { describePhoto, type PhotoResult, type PredictAsked, type Report } from '../api/client';
import { asFailure, isAbort, type Failure } from '../api/failure';
import { Reasons } from './reasons.svelte';

export type Thresholds = NonNullable<PredictAsked['threshold_mode']>;

class Description {
  photo = $state.raw<Blob | null>(null);
  name = $state('');
  url = $state('');
  state = $state<'empty' | 'working' | 'done' | 'failed'>('empty');
  report = $state.raw<Report | null>(null);
  failure = $state.raw<Failure | null>(null);
  selected = $state(0);
  head = $state(''); // '': the server's own choice
  thresholds = $state<Thresholds>('accuracy');
  readonly reasons = new Reasons();
  #running: AbortController | null = null;

  get result(): PhotoResult | null {
    return this.report?.images[0] ?? null;
  }

  take(photo: Blob, name: string): void {
    this.clear();
    this.photo = photo;
    this.name = name;
    this.url = URL.createObjectURL(photo);
    void this.describe();
  }

  // Also again, with another head or after a failure.
  async describe(): Promise<void> {
    if (this.photo === null) return;
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    this.state = 'working';
    this.failure = null;
    this.reasons.forget();
    const asked: PredictAsked = { maps: true, ...this.#choices() };
    try {
      const report = await describePhoto(this.photo, asked, running.signal);
      if (this.#running !== running) return;
      this.report = report;
      this.selected = Math.max(0, Math.min(this.selected, (this.result?.faces.length ?? 0) - 1));
      this.state = 'done';
    } catch (error) {
      if (this.#running !== running || isAbort(error)) return;
      this.report = null;
      this.failure = asFailure(error);
      this.state = 'failed';
    }
  }

  // Opens why this attribute was answered so, of the selected face and of the others; or closes it.
  why(name: string): void {
    if (this.photo !== null) void this.reasons.toggle(name, this.photo, this.#choices());
  }

  #choices(): Pick<PredictAsked, 'head' | 'threshold_mode'> {
    return { threshold_mode: this.thresholds, ...(this.head === '' ? {} : { head: this.head }) };
  }

  clear(): void {
    this.reasons.forget();
    this.#running?.abort();
    this.#running = null;
    if (this.url !== '') URL.revokeObjectURL(this.url);
    this.photo = null;
    this.name = '';
    this.url = '';
    this.report = null;
    this.failure = null;
    this.selected = 0;
    this.state = 'empty';
  }
}

export const description = new Description();
