import type { Problem } from '@chat/shared-types';
import { HEADERS } from '@chat/shared-types';
import { ApiError, UnreachableError } from './api-error.js';

/** Longer than the server ever needs, short enough that a hanging send becomes "Not sent". */
const TIMEOUT_MS = 30_000;

/** Who holds the access token; installed once by the feature that signs people in. */
export interface TokenSource {
  /** A token that is not about to expire, or null where nobody is signed in. */
  current(): Promise<string | null>;
  /** A token newer than the refused one, or null where the login has ended. */
  renew(refused: string): Promise<string | null>;
}

export interface ApiRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path and query, e.g. `/chat/sessions?limit=50`. */
  path: string;
  /** Sent as JSON. */
  json?: unknown;
  /** Sent form-encoded. */
  form?: Record<string, string>;
  headers?: Record<string, string>;
  /** `none` for the calls that need no token; a token is sent otherwise. */
  access?: 'token' | 'none';
  /** Lets the request outlive the page: for calls whose answer sets a cookie. */
  keepalive?: boolean;
  /** Ends the request; without it, a time-out does. */
  signal?: AbortSignal;
}

export interface ApiAnswer<T> {
  body: T;
  headers: Headers;
}

let tokens: TokenSource = {
  current: () => Promise.resolve(null),
  renew: () => Promise.resolve(null),
};

export function installTokenSource(source: TokenSource): void {
  tokens = source;
}

/**
 * Sends one request. A 401 is answered by one renewal of the token and one more try.
 *
 * @throws {ApiError} the API answered with an error.
 * @throws {UnreachableError} no answer came.
 */
export async function sendRequest<T>(request: ApiRequest): Promise<ApiAnswer<T>> {
  if (request.access === 'none') return readAnswer<T>(await fetchAnswer(request, null));
  return readAnswer<T>(await fetchWithToken(request));
}

/**
 * Opens a stream of server-sent events; the answer's body is the stream.
 *
 * @param lastEventId where an earlier reader left off; from the beginning when absent.
 * @param signal ends the request and the stream.
 * @throws {ApiError} the API answered with an error.
 * @throws {UnreachableError} no answer came, or the signal ended the request.
 */
export async function openStream(
  path: string,
  lastEventId: string | undefined,
  signal: AbortSignal,
): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'text/event-stream' };
  if (lastEventId !== undefined) headers[HEADERS.lastEventId] = lastEventId;
  const answer = await fetchWithToken({ method: 'GET', path, headers, signal });
  if (!answer.ok) await readAnswer(answer);
  return answer;
}

/**
 * Opens a download; the answer's body is the file.
 *
 * @param signal ends the request and the download.
 * @throws {ApiError} the API answered with an error.
 * @throws {UnreachableError} no answer came, or the signal ended the request.
 */
export async function openDownload(path: string, signal: AbortSignal): Promise<Response> {
  const headers = { Accept: '*/*' };
  const answer = await fetchWithToken({ method: 'GET', path, headers, signal });
  if (!answer.ok) await readAnswer(answer);
  return answer;
}

/** Asks with a token, and once more with a new one where it is refused. */
export async function withToken(
  ask: (token: string | null) => Promise<Response>,
): Promise<Response> {
  const token = await tokens.current();
  const answer = await ask(token);
  if (answer.status !== 401 || token === null) return answer;
  const renewed = await tokens.renew(token);
  return renewed === null ? answer : ask(renewed);
}

function fetchWithToken(request: ApiRequest): Promise<Response> {
  return withToken((token) => fetchAnswer(request, token));
}

async function fetchAnswer(request: ApiRequest, token: string | null): Promise<Response> {
  const headers = new Headers(request.headers);
  if (!headers.has('Accept')) headers.set('Accept', 'application/json');
  if (token !== null) headers.set('Authorization', `Bearer ${token}`);
  let body: BodyInit | undefined;
  if (request.form) body = new URLSearchParams(request.form);
  if (request.json !== undefined) {
    headers.set('Content-Type', 'application/json');
    body = JSON.stringify(request.json);
  }
  try {
    return await fetch(request.path, {
      method: request.method,
      headers,
      body,
      cache: 'no-store',
      credentials: 'same-origin',
      keepalive: request.keepalive ?? false,
      signal: request.signal ?? AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (cause) {
    throw new UnreachableError(cause);
  }
}

/**
 * Reads an answer to its end.
 *
 * @throws {ApiError} it is an error.
 * @throws {UnreachableError} it ended too early.
 */
export async function readAnswer<T>(answer: Response): Promise<ApiAnswer<T>> {
  const text = await answer.text().catch((cause: unknown) => {
    throw new UnreachableError(cause);
  });
  if (!answer.ok) throw toApiError(answer, text);
  return { body: (text === '' ? undefined : parseJson(text)) as T, headers: answer.headers };
}

function toApiError(answer: Response, text: string): ApiError {
  const retryAfter = Number(answer.headers.get('Retry-After') ?? Number.NaN);
  const problem = parseJson(text) as Partial<Problem> | undefined;
  return new ApiError(answer.status, problem, Number.isFinite(retryAfter) ? retryAfter : undefined);
}

/** A proxy in between may answer with a page of its own; that is no reason to break. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Path and query of the next page (`Link: <…>; rel="next"`, RFC 8288), or null on the last one. */
export function nextPage(headers: Headers): string | null {
  return linkedPage(headers, 'next');
}

/** The same for the page that lies on the other side, where the API names one. */
export function previousPage(headers: Headers): string | null {
  return linkedPage(headers, 'prev');
}

function linkedPage(headers: Headers, relation: 'next' | 'prev'): string | null {
  const link = new RegExp(`<([^>]+)>\\s*;[^,]*\\brel="?${relation}"?`);
  const target = link.exec(headers.get(HEADERS.link) ?? '')?.[1];
  if (target === undefined) return null;
  // Only path and query are followed: a token is never sent to another host.
  const { pathname, search } = new URL(target, location.origin);
  return pathname + search;
}
