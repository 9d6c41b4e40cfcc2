import { AssistantError, type AssistantErrorCode } from './assistant.port.js';

/** What is known of an attempt that failed. */
export interface ProviderFailure {
  readonly error: AssistantError;
  /** The HTTP status, or what an event of the stream gave for one. */
  readonly status: number | undefined;
  /** Whether asking again in a moment may help. */
  readonly isTransient: boolean;
  /** How long the provider asks to be left alone, in milliseconds. */
  readonly retryAfterMs: number | undefined;
}

/** Of whom a failure is told, and what must never be told. */
export interface FailureContext {
  /** The provider's id. */
  readonly provider: string;
  readonly apiKey: string | undefined;
  /** Whether a piece of the answer had arrived. */
  readonly begun: boolean;
}

interface Cause {
  readonly code: AssistantErrorCode;
  readonly isTransient?: boolean;
}

/** What errors of the SDK, of `fetch` and of a stream may have; none of it is certain. */
interface RawError {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly type?: unknown;
  readonly statusCode?: unknown;
  readonly responseHeaders?: unknown;
  readonly cause?: unknown;
}

/** Enough for a sentence or two of a provider. */
const MAX_QUOTE = 300;
/** How deep errors are nested in each other at most; a ring would have no end. */
const MAX_DEPTH = 8;

/** Kinds of errors inside a stream, by a part of their type. */
const STREAM_ERROR_STATUS: readonly (readonly [part: string, status: number])[] = [
  ['rate_limit', 429],
  ['insufficient_quota', 429],
  ['authentication', 401],
  ['permission', 403],
  ['not_found', 404],
  ['overloaded', 529],
  ['invalid_request', 400],
  ['BadRequest', 400],
];

/** Says what an error of the SDK, of the network or of the stream means. */
export function providerFailure(thrown: unknown, context: FailureContext): ProviderFailure {
  if (thrown instanceof AssistantError) {
    return { error: thrown, status: undefined, isTransient: false, retryAfterMs: undefined };
  }
  const raw: RawError = typeof thrown === 'object' && thrown !== null ? thrown : {};
  const status = statusOf(raw);
  const { code, isTransient = false } =
    status === undefined ? causeOf(raw, context) : meaningOf(status);
  const retryAfterMs = retryAfter(raw.responseHeaders);
  const quote = code === 'provider-key-refused' ? '' : quoteOf(raw, context);
  const what = [status === undefined ? '' : `status ${status}`, quote].filter((one) => one !== '');
  const error = new AssistantError(code, `${context.provider}: ${code}: ${what.join(', ')}`, {
    detail: detailFor(code, quote, retryAfterMs),
  });
  return { error, status, isTransient, retryAfterMs };
}

/** The status of a refusal; undefined where the answer had begun well. */
function statusOf({ statusCode, code, type }: RawError): number | undefined {
  if (typeof statusCode === 'number') return statusCode >= 400 ? statusCode : undefined;
  if (typeof code === 'number' && code >= 400 && code < 600) return code;
  if (typeof type !== 'string') return undefined;
  return STREAM_ERROR_STATUS.find(([part]) => type.includes(part))?.[1];
}

function meaningOf(status: number): Cause {
  if (status === 401 || status === 403) return { code: 'provider-key-refused' };
  if (status === 404) return { code: 'provider-model-missing' };
  if (status === 408) return { code: 'provider-timeout' };
  if (status === 429) return { code: 'provider-rate-limited', isTransient: true };
  if (status >= 500) return { code: 'provider-failed', isTransient: true };
  return { code: 'provider-request-refused' };
}

/** What a failure without a status means, from the codes of Node.js and undici. */
function causeOf(raw: RawError, { begun }: FailureContext): Cause {
  if (isTimeout(raw)) return { code: 'provider-timeout' };
  const codes = errorChain(raw).map(({ code }) => code);
  if (typeof raw.statusCode === 'number') return { code: 'provider-stream-broken' };
  // A connection that was kept alive may be closed by the other end just when it is used again.
  const wasCut = ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'].some((code) => codes.includes(code));
  if (wasCut) {
    return begun
      ? { code: 'provider-stream-broken' }
      : { code: 'provider-unreachable', isTransient: true };
  }
  if (codes.some((code) => typeof code === 'string')) return { code: 'provider-unreachable' };
  return { code: 'provider-failed' };
}

/** Whether an error says that nothing was received for longer than `fetch` waits by itself. */
export function isTimeout(error: object): boolean {
  const codes = errorChain(error).map(({ code }) => code);
  return codes.includes('UND_ERR_HEADERS_TIMEOUT') || codes.includes('UND_ERR_BODY_TIMEOUT');
}

/** An error and those that it was caused by. */
function errorChain(raw: RawError): RawError[] {
  const chain: RawError[] = [];
  let current: unknown = raw;
  while (typeof current === 'object' && current !== null && chain.length < MAX_DEPTH) {
    chain.push(current);
    ({ cause: current } = current as RawError);
  }
  return chain;
}

/** What the provider said, in one line, without its address and the key. */
function quoteOf({ message }: RawError, { apiKey }: FailureContext): string {
  if (typeof message !== 'string') return '';
  const plain = apiKey === undefined ? message : message.replaceAll(apiKey, '[key]');
  return plain
    .replaceAll(/https?:\/\/\S+/g, '[address]')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, MAX_QUOTE);
}

function detailFor(
  code: AssistantErrorCode,
  quote: string,
  retryAfterMs: number | undefined,
): string | undefined {
  if (code === 'provider-rate-limited' && retryAfterMs !== undefined) {
    const seconds = Math.max(1, Math.ceil(retryAfterMs / 1000));
    return `Too much was asked of this model. Wait ${seconds} s, then retry.`;
  }
  // Only here does the provider know better than we what the reader can change.
  if (code === 'provider-request-refused' && quote !== '') {
    return `The provider did not accept this conversation. It says: "${quote}" Shorten it or choose another model.`;
  }
  return undefined;
}

/** `Retry-After` in seconds or as a date (RFC 9110, section 10.2.3), in milliseconds. */
function retryAfter(headers: unknown): number | undefined {
  const value = (headers as Readonly<Record<string, string>> | undefined)?.['retry-after']?.trim();
  if (value === undefined || value === '') return undefined;
  if (/^\d{1,9}(\.\d+)?$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}
