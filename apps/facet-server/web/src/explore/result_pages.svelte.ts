// SPDX-License-Identifier: Apache-2.0
// What a search found, fetched page by page as it is looked at, however long the list is. Pages
// that are far from where one looks are forgotten again.
import { search, type FaceHit, type PhotoHit, type SearchResult } from '../api/client';
import { asFailure, isAbort, type Failure } from '../api/failure';

export type Show = SearchResult['show'];
export type Hit = FaceHit | PhotoHit;

export function isPhoto(hit: Hit): hit is PhotoHit {
  return 'faces' in hit;
}

// null: it was found, and the index has lost it since.
export type Place = Hit | null;

const PAGE = 120;
const KEPT = 24;

function placed(page: SearchResult): readonly Place[] {
  const places: Place[] = Array.from({ length: page.items.length + page.gone }, () => null);
  for (const hit of page.items) {
    if (hit.place !== undefined) places[hit.place - page.offset] = hit;
  }
  return places;
}

export class ResultPages {
  // Grows with every page that came: what draws from at() depends on it.
  version = $state(0);
  failure = $state.raw<Failure | null>(null);
  #pages = new Map<number, readonly Place[]>();
  #running = new Map<number, AbortController>();

  private constructor(
    readonly first: SearchResult,
    private readonly query: string,
    private readonly onlySure: boolean,
  ) {
    this.#pages.set(0, placed(first));
  }

  static async ask(query: string, show: Show, onlySure: boolean, signal: AbortSignal): Promise<ResultPages> {
    const first = await search({ q: query, show, limit: PAGE, certain: onlySure }, signal);
    return new ResultPages(first, query, onlySure);
  }

  get total(): number {
    return this.first.total;
  }

  // undefined: it has not come yet.
  at(index: number): Place | undefined {
    void this.version;
    return this.#pages.get(Math.floor(index / PAGE))?.[index % PAGE];
  }

  // Sees to it that these come; requests for others are given up.
  want(first: number, end: number): void {
    const from = Math.max(0, Math.floor(first / PAGE));
    const to = Math.floor(Math.max(first, Math.min(end, this.total) - 1) / PAGE);
    for (const [page, running] of this.#running) {
      if (page < from || page > to) {
        running.abort();
        this.#running.delete(page);
      }
    }
    for (let page = from; page <= to; page += 1) {
      if (!this.#pages.has(page) && !this.#running.has(page)) void this.#fetch(page);
    }
    this.#forgetFarFrom((from + to) / 2);
  }

  stop(): void {
    for (const running of this.#running.values()) running.abort();
    this.#running.clear();
  }

  async #fetch(page: number): Promise<void> {
    const running = new AbortController();
    this.#running.set(page, running);
    try {
      const result = await search(
        {
          q: this.query,
          show: this.first.show,
          limit: PAGE,
          offset: page * PAGE,
          certain: this.onlySure,
          ...(this.first.next_cursor === undefined ? {} : { cursor: this.first.next_cursor }),
        },
        running.signal,
      );
      this.#pages.set(page, placed(result));
      this.failure = null;
      this.version += 1;
    } catch (error) {
      if (!isAbort(error)) this.failure = asFailure(error);
    } finally {
      if (this.#running.get(page) === running) this.#running.delete(page);
    }
  }

  #forgetFarFrom(page: number): void {
    if (this.#pages.size <= KEPT) return;
    const byDistance = [...this.#pages.keys()].sort((a, b) => Math.abs(b - page) - Math.abs(a - page));
    for (const far of byDistance.slice(0, this.#pages.size - KEPT)) this.#pages.delete(far);
  }
}
