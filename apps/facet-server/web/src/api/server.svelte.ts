// SPDX-License-Identifier: Apache-2.0
// What the page knows of its server: whether it is ready, its model and limits, its index.
import { health, model, openSession, whenUnauthorized, type Health, type Model } from './client';
import { asFailure, type Failure } from './failure';

const AGAIN = 1000; // ms

class Server {
  health = $state.raw<Health | null>(null);
  model = $state.raw<Model | null>(null);
  failure = $state.raw<Failure | null>(null);
  tokenWanted = $state(false);
  // Grows when a token was taken, so that screens ask again.
  sessions = $state(0);

  constructor() {
    whenUnauthorized(() => (this.tokenWanted = true));
  }

  // Again while the server loads its model: until then it cannot tell what it is.
  async load(): Promise<void> {
    try {
      this.health = await health();
      this.failure = null;
      if (this.health.status === 'loading') window.setTimeout(() => void this.load(), AGAIN);
      else this.model = await model();
    } catch (error) {
      this.failure = asFailure(error);
    }
  }

  async enter(token: string): Promise<void> {
    await openSession(token);
    this.tokenWanted = false;
    this.sessions += 1;
    await this.load();
  }
}

export const server = new Server();
