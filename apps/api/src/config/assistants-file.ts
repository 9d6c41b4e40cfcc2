import { readFileSync } from 'node:fs';
import { LIMITS } from '@chat/shared-types';
import type { ModelSettings, ProviderSettings } from './assistants-settings.js';
import { ConfigError } from './config-error.js';
import { UNKNOWN_CONTEXT_WINDOW } from './known-models.js';
import { readBaseUrl } from './variables.js';

/** Ids that are taken by what is configured without the file. */
const RESERVED_IDS = ['builtin', 'openai', 'anthropic'];
const MAX_NAME = 80;
const MIN_CONTEXT_WINDOW = 256;
const MAX_CONTEXT_WINDOW = 100_000_000;

type Environment = Readonly<Record<string, string | undefined>>;
/** Ends the start with one line that says where the fault is and what is allowed there. */
type Refuse = (where: string, allowed: string) => never;

/**
 * Reads the file of OpenAI-compatible endpoints: `[{"id", "name", "base_url", "api_key_env"?,
 * "models": [{"id", "name", "context_window"?}]}]`, and nothing else in it.
 *
 * @throws ConfigError with one line that names the file, the entry and what is allowed.
 */
export function readAssistantsFile(path: string, env: Environment): ProviderSettings[] {
  const refuse: Refuse = (where, allowed) => {
    throw new ConfigError(`ASSISTANTS_FILE "${path}" cannot be used: ${where} must be ${allowed}.`);
  };
  const list = parse(path, refuse);
  if (!Array.isArray(list) || list.length === 0) {
    return refuse('its content', 'a JSON array of at least one endpoint');
  }
  const endpoints = list.map((entry: unknown, index) =>
    readEndpoint(entry, `entry ${index + 1}`, env, refuse),
  );
  endpoints.forEach(({ id }, index) => {
    if (endpoints.findIndex((other) => other.id === id) !== index) {
      refuse(`"id" of entry ${index + 1}`, `another than "${id}", which an earlier entry has`);
    }
  });
  return endpoints;
}

function parse(path: string, refuse: Refuse): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    return refuse('it', `the path of a file that this user may read (${code})`);
  }
  try {
    return JSON.parse(text);
  } catch {
    return refuse('its content', 'JSON without comments or commas at the end of a list');
  }
}

function readEndpoint(
  entry: unknown,
  entryName: string,
  env: Environment,
  refuse: Refuse,
): ProviderSettings {
  const known = ['id', 'name', 'base_url', 'api_key_env', 'models'];
  const fields = readObject(entry, entryName, known, refuse);
  const { id } = fields;
  if (typeof id !== 'string' || !/^[a-z0-9][a-z0-9._-]{0,39}$/.test(id)) {
    return refuse(`"id" of ${entryName}`, '1 to 40 of a-z, 0-9, ".", "_" and "-"');
  }
  if (RESERVED_IDS.includes(id)) {
    return refuse(`"id" of ${entryName}`, `another than ${RESERVED_IDS.join(', ')}`);
  }
  const where = `${entryName} ("${id}")`;
  const baseUrl = typeof fields.base_url === 'string' ? readBaseUrl(fields.base_url) : undefined;
  if (baseUrl === undefined) {
    return refuse(`"base_url" of ${where}`, 'an http or https address without a user or a query');
  }
  if (!Array.isArray(fields.models) || fields.models.length === 0) {
    return refuse(`"models" of ${where}`, 'an array of at least one model');
  }
  const models = fields.models.map((model: unknown, index) =>
    readModel(model, id, `model ${index + 1} of ${where}`, refuse),
  );
  if (new Set(models.map((model) => model.id)).size < models.length) {
    return refuse(`"models" of ${where}`, 'models with an "id" of their own each');
  }
  return {
    id,
    name: readName(fields.name, where, refuse),
    protocol: 'openai-compatible',
    baseUrl,
    apiKey: readKey(fields.api_key_env, where, env, refuse),
    models,
  };
}

function readModel(model: unknown, provider: string, where: string, refuse: Refuse): ModelSettings {
  const fields = readObject(model, where, ['id', 'name', 'context_window'], refuse);
  const { id, context_window: window = UNKNOWN_CONTEXT_WINDOW } = fields;
  const longest = LIMITS.modelId.max - provider.length - 1;
  if (typeof id !== 'string' || !/^[\x21-\x7e]+$/.test(id) || id.length > longest) {
    return refuse(
      `"id" of ${where}`,
      `what the endpoint calls it: 1 to ${longest} visible ASCII characters`,
    );
  }
  if (
    typeof window !== 'number' ||
    !Number.isInteger(window) ||
    window < MIN_CONTEXT_WINDOW ||
    window > MAX_CONTEXT_WINDOW
  ) {
    return refuse(
      `"context_window" of ${where}`,
      `a whole number of tokens from ${MIN_CONTEXT_WINDOW} to ${MAX_CONTEXT_WINDOW}`,
    );
  }
  return { id, name: readName(fields.name, where, refuse), contextWindow: window };
}

/** The value of the variable that an entry names; the value itself is never repeated. */
function readKey(
  variable: unknown,
  where: string,
  env: Environment,
  refuse: Refuse,
): string | undefined {
  if (variable === undefined) return undefined;
  if (typeof variable !== 'string' || !/^[A-Za-z_]\w*$/.test(variable)) {
    return refuse(`"api_key_env" of ${where}`, 'the name of an environment variable');
  }
  const key = env[variable]?.trim() ?? '';
  if (!/^[\x21-\x7e]+$/.test(key)) {
    return refuse(
      `"api_key_env" of ${where}`,
      `the name of a variable that is set to a key (${variable} is not)`,
    );
  }
  return key;
}

function readName(value: unknown, where: string, refuse: Refuse): string {
  const text = typeof value === 'string' ? value.trim() : '';
  return text === '' || text.length > MAX_NAME
    ? refuse(`"name" of ${where}`, `a text of 1 to ${MAX_NAME} characters`)
    : text;
}

function readObject(
  value: unknown,
  where: string,
  known: readonly string[],
  refuse: Refuse,
): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refuse(where, `an object with ${known.join(', ')}`);
  }
  const stranger = Object.keys(value).find((key) => !known.includes(key));
  if (stranger !== undefined) {
    return refuse(`${where}, which has "${stranger}",`, `an object with only ${known.join(', ')}`);
  }
  return value as Record<string, unknown>;
}
