// SPDX-License-Identifier: Apache-2.0
// What went wrong, in words for a person who does not know HTTP.

export class Failure extends Error {
  constructor(
    message: string,
    readonly status: number,
    readonly code: string,
    // What a server's log knows the request by.
    readonly requestId: string | null = null,
    // Seconds after which it is worth another try.
    readonly retryAfter: number | null = null,
    // Where in a query the fault lies, in bytes of UTF-8.
    readonly span: { readonly first: number; readonly count: number } | null = null,
  ) {
    super(message);
    this.name = 'Failure';
  }
}

function wait(seconds: number | null): string {
  if (seconds === null) return 'Try again in a moment.';
  return `Try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`;
}

function sentenceOf(message: string): string {
  const text = message.trim();
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}

// `message` is the server's own line, where it sent one.
export function plainWords(status: number, message: string, retryAfter: number | null): string {
  switch (status) {
    case 0:
      return 'The server does not answer. Is facet-server still running?';
    case 401:
      return 'This server asks for a token.';
    case 413:
      return `This photo is too large for the server. ${sentenceOf(message)}`;
    case 415:
      return `This is no photo that facet can read. ${sentenceOf(message)}`;
    case 429:
      return `There were too many requests at once. ${wait(retryAfter)}`;
    case 503:
      return `The server is busy. ${wait(retryAfter)}`;
    case 504:
      return 'The server took too long. A smaller photo may help.';
    default:
      if (message !== '') return sentenceOf(message);
      return status >= 500 ? 'The server met a fault.' : 'The server refused the request.';
  }
}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}

export function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof TypeError) return new Failure(plainWords(0, '', null), 0, 'unreachable');
  const message = error instanceof Error ? error.message : String(error);
  return new Failure(`The page met a fault: ${message}`, -1, 'page');
}
