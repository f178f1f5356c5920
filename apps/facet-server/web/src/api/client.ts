// SPDX-License-Identifier: Apache-2.0
// The server's routes as functions. Every failure is a Failure with words for people; who aborts a
// request gets fetch's own AbortError.
import { Failure, plainWords } from './failure';
import type { components, operations } from './built/schema';

type Schemas = components['schemas'];
export type Box = Schemas['Box'];
export type Attribute = Schemas['Attribute'];
export type Face = Schemas['Face'];
export type PhotoResult = Schemas['PhotoResult'];
export type Report = Schemas['Report'];
export type ResponseMap = Schemas['ResponseMap'];
export type Explanation = Schemas['Explanation'];
export type ExplainedFace = Schemas['ExplainedFace'];
export type AttributeExplanation = Schemas['AttributeExplanation'];
export type ConceptTerm = Schemas['ConceptTerm'];
export type FaceSquare = Schemas['FaceSquare'];
export type RegionMap = Schemas['RegionMap'];
export type IndexedAttribute = Schemas['IndexedAttribute'];
export type IndexedFace = Schemas['IndexedFace'];
export type IndexedPhoto = Schemas['IndexedPhoto'];
export type FaceHit = Schemas['SearchHitFace'];
export type PhotoHit = Schemas['SearchHitPhoto'];
export type SearchResult = Schemas['SearchResult'];
export type Suggestions = Schemas['Suggestions'];
export type Suggestion = Schemas['Suggestion'];
export type Attributes = Schemas['Attributes'];
export type AttributeInfo = Schemas['AttributeInfo'];
export type Model = Schemas['Model'];
export type Health = Schemas['Health'];
export type SearchAsked = NonNullable<operations['search']['parameters']['query']>;
export type PredictAsked = NonNullable<operations['predict']['parameters']['query']>;
export type ExplainAsked = NonNullable<operations['explain']['parameters']['query']>;

// Told of every 401, so that the page can ask for the token.
let onUnauthorized: () => void = () => undefined;
export function whenUnauthorized(tell: () => void): void {
  onUnauthorized = tell;
}

function pathOf(route: string, asked: object = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(asked)) {
    if (value !== undefined && value !== '') parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return text === '' ? route : `${route}?${text}`;
}

function isErrorBody(value: unknown): value is Schemas['Error'] {
  if (typeof value !== 'object' || value === null || !('error' in value)) return false;
  const { error } = value;
  return typeof error === 'object' && error !== null && 'message' in error;
}

async function failureOf(response: Response): Promise<Failure> {
  let body: unknown = null;
  try {
    body = await response.json();
  } catch {
    // A proxy's page, perhaps; its status is all there is to say.
  }
  const said = isErrorBody(body) ? body : null;
  const after = Number(response.headers.get('Retry-After') ?? NaN);
  const retryAfter = Number.isFinite(after) ? after : null;
  return new Failure(
    plainWords(response.status, said?.error.message ?? '', retryAfter),
    response.status,
    said?.error.code ?? 'unknown',
    said?.request_id ?? response.headers.get('X-Request-Id'),
    retryAfter,
    said?.error.span ?? null,
  );
}

async function send(path: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(path, { credentials: 'same-origin', ...init });
  if (response.ok) return response;
  if (response.status === 401) onUnauthorized();
  throw await failureOf(response);
}

// What the routes answer is held to the OpenAPI file by the server's tests.
async function json<T>(path: string, init: RequestInit = {}): Promise<T> {
  return (await (await send(path, init)).json()) as T;
}

function withSignal(signal: AbortSignal | undefined): RequestInit {
  return signal === undefined ? {} : { signal };
}

function withPhoto(photo: Blob): RequestInit {
  // Its kind is told by its contents; browsers do not know the type of every photo.
  const type = photo.type.startsWith('image/') ? photo.type : 'application/octet-stream';
  return { method: 'POST', headers: { 'Content-Type': type }, body: photo };
}

export async function describePhoto(
  photo: Blob,
  asked: PredictAsked,
  signal?: AbortSignal,
): Promise<Report> {
  return json<Report>(pathOf('/v1/predict', asked), { ...withPhoto(photo), ...withSignal(signal) });
}

export async function explainPhoto(
  photo: Blob,
  asked: ExplainAsked,
  signal?: AbortSignal,
): Promise<Explanation> {
  return json<Explanation>(pathOf('/v1/explain', asked), { ...withPhoto(photo), ...withSignal(signal) });
}

export async function search(asked: SearchAsked, signal?: AbortSignal): Promise<SearchResult> {
  return json<SearchResult>(pathOf('/v1/search', asked), withSignal(signal));
}

export async function suggest(q: string, at: number, signal?: AbortSignal): Promise<Suggestions> {
  return json<Suggestions>(pathOf('/v1/search/suggest', { q, at, limit: 8 }), withSignal(signal));
}

export async function attributes(): Promise<Attributes> {
  return json<Attributes>('/v1/attributes');
}

export async function model(): Promise<Model> {
  return json<Model>('/v1/model');
}

// Also what it says while it is not ready.
export async function health(): Promise<Health> {
  const response = await fetch('/v1/health', { credentials: 'same-origin' });
  if (response.ok || response.status === 503) {
    const body: unknown = await response.clone().json().catch(() => null);
    if (typeof body === 'object' && body !== null && 'status' in body) return body as Health;
  }
  throw await failureOf(response);
}

export async function indexedFace(id: string, signal?: AbortSignal): Promise<IndexedFace> {
  return json<IndexedFace>(`/v1/faces/${encodeURIComponent(id)}`, withSignal(signal));
}

export async function indexedPhoto(id: string, signal?: AbortSignal): Promise<IndexedPhoto> {
  return json<IndexedPhoto>(`/v1/photos/${encodeURIComponent(id)}`, withSignal(signal));
}

// true: it is there, false: it is not, null: takes back what was said.
export async function say(id: string, name: string, value: boolean | null): Promise<IndexedFace> {
  return json<IndexedFace>(`/v1/faces/${encodeURIComponent(id)}/labels`, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ labels: { [name]: value } }),
  });
}

// A cookie for the token: pictures cannot send it otherwise.
export async function openSession(token: string): Promise<void> {
  const response = await fetch('/v1/session', {
    method: 'POST',
    credentials: 'same-origin',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ token }),
  });
  if (!response.ok) throw await failureOf(response);
}

export function faceImage(id: string, size: number): string {
  return pathOf(`/v1/faces/${encodeURIComponent(id)}/thumbnail`, { size });
}

export function photoImage(id: string, size: number): string {
  return pathOf(`/v1/photos/${encodeURIComponent(id)}/image`, { size });
}
