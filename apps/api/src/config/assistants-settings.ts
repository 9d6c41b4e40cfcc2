import { BUILTIN_MODEL_ID } from '@chat/shared-types';
import { readAssistantsFile } from './assistants-file.js';
import { ConfigError } from './config-error.js';
import { knownModel } from './known-models.js';

/** A model as its provider knows it. */
export interface ModelSettings {
  /** What the provider calls it; the part of its id behind the provider's. */
  readonly id: string;
  /** For people. */
  readonly name: string;
  /** Tokens that prompt and reply may have together. */
  readonly contextWindow: number;
}

/** How a provider is spoken to. */
export type ProviderProtocol = 'openai' | 'anthropic' | 'openai-compatible';

export interface ProviderSettings {
  /** The first part of the ids of its models. */
  readonly id: string;
  /** For people. */
  readonly name: string;
  readonly protocol: ProviderProtocol;
  readonly baseUrl: string;
  /** Undefined: none is sent. */
  readonly apiKey: string | undefined;
  readonly models: readonly ModelSettings[];
}

/** Whom the server can ask, and whom it asks where nobody chose. */
export interface AssistantsSettings {
  /** In the order in which they are listed. */
  readonly providers: readonly ProviderSettings[];
  /** `provider/name`; always that of a provider above, or the built-in one. */
  readonly defaultModel: string;
}

/** The values of the variables that assistants are configured with. */
export interface AssistantsVariables {
  readonly openAi: HostedProvider;
  readonly anthropic: HostedProvider;
  readonly file: string | undefined;
  readonly defaultModel: string | undefined;
}

interface HostedProvider {
  readonly apiKey: string | undefined;
  readonly baseUrl: string;
  readonly models: readonly string[];
}

/** How many models a refusal names; more are no help to who reads it. */
const MAX_NAMED = 12;

/**
 * Hosted providers that have a key, then the endpoints of the file.
 *
 * @param env is asked for the keys that the file names.
 * @throws ConfigError where the file or `DEFAULT_MODEL` cannot be used.
 */
export function assistantsSettings(
  { openAi, anthropic, file, defaultModel }: AssistantsVariables,
  env: Readonly<Record<string, string | undefined>>,
): AssistantsSettings {
  const providers = [
    ...hosted('openai', 'OpenAI', openAi),
    ...hosted('anthropic', 'Anthropic', anthropic),
    ...(file === undefined ? [] : readAssistantsFile(file, env)),
  ];
  const ids = providers.flatMap(({ id, models }) => models.map((model) => `${id}/${model.id}`));
  const all = [...ids, BUILTIN_MODEL_ID];
  if (defaultModel !== undefined && !all.includes(defaultModel)) {
    const more = all.length > MAX_NAMED ? `, and ${all.length - MAX_NAMED} more` : '';
    throw new ConfigError(
      `DEFAULT_MODEL "${defaultModel}" cannot be used: it must be one of the configured models (${all.slice(0, MAX_NAMED).join(', ')}${more}).`,
    );
  }
  return { providers, defaultModel: defaultModel ?? ids[0] ?? BUILTIN_MODEL_ID };
}

function hosted(
  id: 'openai' | 'anthropic',
  name: string,
  { apiKey, baseUrl, models }: HostedProvider,
): ProviderSettings[] {
  if (apiKey === undefined) return [];
  return [{ id, name, protocol: id, baseUrl, apiKey, models: models.map(knownModel) }];
}
