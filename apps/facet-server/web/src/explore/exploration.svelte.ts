// SPDX-License-Identifier: Apache-2.0
// What is looked for and what was found. It outlives the screen.
import { attributes, type Attributes } from '../api/client';
import { asFailure, isAbort, type Failure } from '../api/failure';
import { remember, route } from '../route.svelte';
import { ResultPages, type Show } from './result_pages.svelte';

class Exploration {
  text = $state('');
  show = $state<Show>('faces');
  onlySure = $state(false);
  pages = $state.raw<ResultPages | null>(null);
  asked = $state(''); // the query that `pages` answer
  failure = $state.raw<Failure | null>(null);
  working = $state(false);
  vocabulary = $state.raw<Attributes | null>(null);
  active = $state(0); // the tile that the keys move
  open = $state(false); // whether its details are shown
  changed = $state(false); // whether a correction was made since
  #running: AbortController | null = null;

  readRoute(): void {
    this.text = route.parameters.get('q') ?? this.text;
    this.show = route.parameters.get('show') === 'photos' ? 'photos' : 'faces';
  }

  async loadVocabulary(): Promise<void> {
    try {
      this.vocabulary = await attributes();
    } catch {
      // The search says what is wrong; without a vocabulary there are no chips.
    }
  }

  // While one types, a query that is not whole is no fault: `quiet`.
  async search(quiet = false): Promise<void> {
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    this.working = true;
    const typed = this.text;
    const query = typed.trim();
    try {
      const pages = await ResultPages.ask(query, this.show, this.onlySure, running.signal);
      if (this.#running !== running) return;
      this.pages?.stop();
      this.pages = pages;
      // Once it is meant, who typed it sees how the server understood it; so do the chips.
      this.asked = quiet ? query : pages.first.query;
      if (!quiet && this.text === typed) this.text = this.asked;
      this.failure = null;
      this.active = 0;
      this.open = false;
      this.changed = false;
      remember('explore', {
        ...(this.asked === '' ? {} : { q: this.asked }),
        ...(this.show === 'faces' ? {} : { show: this.show }),
      });
    } catch (error) {
      if (this.#running !== running || isAbort(error)) return;
      const failure = asFailure(error);
      if (!quiet || failure.code !== 'bad_query') this.failure = failure;
    } finally {
      if (this.#running === running) this.working = false;
    }
  }
}

export const exploration = new Exploration();
