import { custom, flag, oneOf, text, wholeNumber, type Variable } from './variable.js';

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;

/** A key shorter than the hash that it is used with weakens it (RFC 7518, section 3.2). */
const MIN_SECRET_BYTES = 32;

/** `fetch` of Node gives up by itself when nothing was received for 300 s; more cannot be promised. */
const MAX_IDLE_SECONDS = 300;

/**
 * Every variable that the server reads; the table in README.md holds the same, and a test compares
 * the two.
 */
export const VARIABLES = {
  HOST: text({
    fallback: '127.0.0.1',
    meaning: 'The address to listen on; `0.0.0.0` for all of them.',
  }),
  PORT: wholeNumber(0, 65_535, {
    fallback: 8000,
    meaning: 'The port to listen on; `0` picks a free one.',
  }),
  DATA_DIR: text({
    fallback: './data',
    meaning: 'Where the embedded database and generated secrets are kept.',
  }),
  MONGODB_URI: custom<string | undefined>({
    fallback: undefined,
    shownDefault: 'the embedded database',
    meaning:
      'The connection string of a MongoDB deployment to use instead of the embedded database.',
    allowed: 'a connection string that starts with mongodb:// or mongodb+srv://',
    secret: true,
    read: (value) => (/^mongodb(\+srv)?:\/\/./.test(value) ? value : undefined),
  }),
  JWT_SECRET: custom<string | undefined>({
    fallback: undefined,
    shownDefault: 'generated into `DATA_DIR`',
    meaning:
      'The key that signs access tokens. Required in production with `MONGODB_URI`; the same for every process of one deployment.',
    allowed: `at least ${MIN_SECRET_BYTES} bytes long, for example the output of "openssl rand -hex 32"`,
    secret: true,
    read: (value) => (Buffer.byteLength(value) >= MIN_SECRET_BYTES ? value : undefined),
  }),
  NODE_ENV: oneOf(['development', 'production', 'test'], {
    fallback: 'development',
    meaning: '`production` makes demo users an opt-in and logs JSON.',
  }),
  REGISTRATION: oneOf(['open', 'closed'], {
    fallback: 'open',
    meaning: 'Whether strangers may create an account.',
  }),
  DEMO_USERS: flag({
    fallback: undefined,
    shownDefault: '`true`, in production `false`',
    meaning: 'Create `alice` and `testuser` where there is no user yet.',
  }),
  ACCESS_TOKEN_TTL: wholeNumber(1, 86_400, {
    fallback: 900,
    unit: 'seconds',
    meaning: 'Seconds until an access token expires.',
  }),
  REFRESH_TOKEN_TTL: wholeNumber(1, 31_536_000, {
    fallback: 2_592_000,
    unit: 'seconds',
    meaning: 'Seconds that a login lasts without being used.',
  }),
  LOGIN_ATTEMPTS: wholeNumber(1, 1_000_000, {
    fallback: 10,
    meaning: 'Failed logins for one name from one address before it has to wait.',
  }),
  LOGIN_WINDOW: wholeNumber(1, 86_400, {
    fallback: 300,
    unit: 'seconds',
    meaning: 'Seconds in which failed logins are counted.',
  }),
  // The longest message fits, also where a client escapes each character as a surrogate pair.
  BODY_LIMIT: wholeNumber(1024, 64 * MIB, {
    fallback: 2 * MIB,
    unit: 'bytes',
    meaning: 'The largest request body in bytes.',
  }),
  IMPORT_MAX_BYTES: wholeNumber(1024, 1024 * GIB, {
    fallback: 4 * GIB,
    unit: 'bytes',
    meaning: 'The largest file that can be imported in bytes; `DATA_DIR` needs room for it.',
  }),
  TRUST_PROXY: custom<boolean | number | string>({
    fallback: false,
    shownDefault: '`false`',
    meaning:
      'Believe `X-Forwarded-*` headers: the number of proxies in front, or their addresses, separated by commas.',
    allowed: 'false, true, a number of proxies, or addresses separated by commas',
    read: readTrustProxy,
  }),
  OPENAI_API_KEY: apiKey('OpenAI'),
  OPENAI_BASE_URL: baseUrl('OpenAI', 'https://api.openai.com/v1'),
  OPENAI_MODELS: models('OpenAI', ['gpt-5.5', 'gpt-5.4-mini', 'gpt-4.1']),
  ANTHROPIC_API_KEY: apiKey('Anthropic'),
  ANTHROPIC_BASE_URL: baseUrl('Anthropic', 'https://api.anthropic.com/v1'),
  ANTHROPIC_MODELS: models('Anthropic', [
    'claude-sonnet-5-5',
    'claude-opus-5-5',
    'claude-haiku-4-5',
  ]),
  ASSISTANTS_FILE: custom<string | undefined>({
    fallback: undefined,
    shownDefault: 'none',
    meaning:
      'A JSON file of OpenAI-compatible endpoints: Ollama, llama.cpp, vLLM, LM Studio and others.',
    allowed: 'the path of a file',
    read: (value) => (value.trim() === '' ? undefined : value.trim()),
  }),
  DEFAULT_MODEL: custom<string | undefined>({
    fallback: undefined,
    shownDefault: 'the first configured model, else `builtin/guide`',
    meaning: 'The model that answers where nobody chose one.',
    allowed: 'the id of a configured model: provider/name',
    read: (value) => (/^[^\s/]+\/\S+$/.test(value.trim()) ? value.trim() : undefined),
  }),
  MAX_RUNNING_REPLIES: wholeNumber(1, 1000, {
    fallback: 5,
    meaning: 'Replies that may be written for one user at the same time.',
  }),
  REPLY_TIMEOUT: wholeNumber(1, 86_400, {
    fallback: 600,
    unit: 'seconds',
    meaning: 'Seconds after which a reply that is still being written is ended.',
  }),
  REPLY_IDLE_TIMEOUT: wholeNumber(1, MAX_IDLE_SECONDS, {
    fallback: 60,
    unit: 'seconds',
    meaning: 'Seconds that a model may say nothing before its reply is ended.',
  }),
  TRASH_RETENTION_DAYS: wholeNumber(1, 3650, {
    fallback: 30,
    unit: 'days',
    meaning: 'Days after which what is in the trash is removed for good.',
  }),
  SEARCH_INDEX: oneOf(['on', 'off'], {
    fallback: 'on',
    meaning:
      'Whether messages can be searched. Turned on again, the index is built anew in the background.',
  }),
  SHUTDOWN_GRACE_MS: wholeNumber(0, 600_000, {
    fallback: 10_000,
    unit: 'milliseconds',
    meaning: 'Milliseconds that running requests get to finish after SIGTERM or SIGINT.',
  }),
  LOG_LEVEL: oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
    fallback: 'info',
    meaning: 'The least important messages that are logged.',
  }),
} as const;

export type VariableName = keyof typeof VARIABLES;

/** A key is sent in a header: no spaces and nothing beyond ASCII. */
function apiKey(provider: string): Variable<string | undefined> {
  return custom<string | undefined>({
    fallback: undefined,
    shownDefault: 'none',
    meaning: `The key that connects ${provider}; its models are listed once it is set.`,
    allowed: 'a key without spaces',
    secret: true,
    read: (value) => (/^[\x21-\x7e]+$/.test(value.trim()) ? value.trim() : undefined),
  });
}

function baseUrl(provider: string, fallback: string): Variable<string> {
  return custom({
    fallback,
    shownDefault: `\`${fallback}\``,
    meaning: `Where the API of ${provider} is, or of what stands in for it.`,
    allowed: 'an http or https address without a user or a query',
    // It may hold a password that should not be there.
    secret: true,
    read: readBaseUrl,
  });
}

function models(provider: string, fallback: readonly string[]): Variable<readonly string[]> {
  return custom({
    fallback,
    shownDefault: `\`${fallback.join(',')}\``,
    meaning: `Which models of ${provider} can be chosen.`,
    allowed: 'names of models, separated by commas',
    read: (value) => {
      const names = value.split(',').map((name) => name.trim());
      return names.every((name) => /^[\x21-\x7e]{1,150}$/.test(name))
        ? [...new Set(names)]
        : undefined;
    },
  });
}

/** An address that paths are added to, without a slash at the end; undefined where it is none. */
export function readBaseUrl(value: string): string | undefined {
  if (!URL.canParse(value.trim())) return undefined;
  const { protocol, username, password, search, hash, href } = new URL(value.trim());
  const plain = `${username}${password}${search}${hash}` === '' && /^https?:$/.test(protocol);
  return plain ? href.replace(/\/+$/, '') : undefined;
}

function readTrustProxy(value: string): boolean | number | string | undefined {
  if (value === 'true' || value === 'false') return value === 'true';
  if (/^\d{1,2}$/.test(value)) return Number(value);
  const address = String.raw`(?:[0-9a-fA-F.:]+(?:\/\d{1,3})?|loopback|linklocal|uniquelocal)`;
  return new RegExp(`^${address}(?:\\s*,\\s*${address})*$`).test(value) ? value : undefined;
}
