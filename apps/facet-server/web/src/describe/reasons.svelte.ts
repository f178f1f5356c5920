// SPDX-License-Identifier: Apache-2.0
// Why attributes of one photo's faces were answered so: asked for one by one, when somebody wants
// to know, and kept until the photo is described anew.
import { explainPhoto, type AttributeExplanation, type ExplainAsked, type ExplainedFace, type FaceSquare } from '../api/client';
import { asFailure, isAbort, type Failure } from '../api/failure';

export interface Reason {
  readonly explanation: AttributeExplanation;
  readonly square: FaceSquare;
}

export class Reasons {
  open = $state(''); // the attribute whose reason is shown; '': none
  failure = $state.raw<Failure | null>(null);
  #known = $state.raw<ReadonlyMap<string, readonly ExplainedFace[]>>(new Map());
  #running: AbortController | null = null;

  // Of the open attribute; null while it is asked for, and where there is none.
  of(face: number): Reason | null {
    const explained = this.#known.get(this.open)?.[face];
    const explanation = explained?.explanations.find((one) => one.name === this.open);
    return explained === undefined || explanation === undefined ? null : { explanation, square: explained.square };
  }

  async toggle(name: string, photo: Blob, asked: ExplainAsked): Promise<void> {
    this.#running?.abort();
    this.failure = null;
    this.open = this.open === name ? '' : name;
    if (this.open === '' || this.#known.has(name)) return;
    const running = new AbortController();
    this.#running = running;
    try {
      const answer = await explainPhoto(photo, { ...asked, attributes: name }, running.signal);
      if (this.#running !== running) return;
      this.#known = new Map([...this.#known, [name, answer.images[0]?.faces ?? []]]);
    } catch (error) {
      if (this.#running === running && !isAbort(error)) this.failure = asFailure(error);
    }
  }

  forget(): void {
    this.#running?.abort();
    this.#running = null;
    this.open = '';
    this.failure = null;
    this.#known = new Map();
  }
}
