import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI, type OpenAIProvider } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import type { ProviderSettings } from '../config/assistants-settings.js';
import { patientFetch } from './patient-fetch.js';
import type { Continuation } from './prompt-messages.js';

/** A model of the SDK; all providers have the same. */
export type LanguageModel = ReturnType<OpenAIProvider['chat']>;

type Stream = Awaited<ReturnType<LanguageModel['doStream']>>['stream'];
/** What such a model streams. */
export type StreamPart = Stream extends ReadableStream<infer Part> ? Part : never;

/** How one provider is asked. */
export interface ProviderClient {
  /** The first part of the ids of its models. */
  readonly id: string;
  /** Known only to be taken out of what the provider says. */
  readonly apiKey: string | undefined;
  readonly continuation: Continuation;
  /** The client of a model, made once. */
  readonly model: (name: string) => LanguageModel;
}

/** The client of a provider. Nothing is asked of it yet. */
export function providerClient(settings: ProviderSettings): ProviderClient {
  const create = modelFactory(settings);
  const models = new Map(settings.models.map(({ id }) => [id, create(id)]));
  return {
    id: settings.id,
    apiKey: settings.apiKey,
    continuation: settings.protocol === 'openai-compatible' ? 'prefill' : 'instruction',
    model: (name) => models.get(name) ?? create(name),
  };
}

function modelFactory(settings: ProviderSettings): (name: string) => LanguageModel {
  const { id, baseUrl: baseURL, apiKey } = settings;
  switch (settings.protocol) {
    case 'openai': {
      // Chat completions, which everything that stands in for OpenAI speaks too.
      const provider = createOpenAI({ baseURL, apiKey, fetch: patientFetch });
      return (name) => provider.chat(name);
    }
    case 'anthropic':
      return createAnthropic({ baseURL, apiKey, fetch: patientFetch });
    case 'openai-compatible':
      return createOpenAICompatible({
        name: id,
        baseURL,
        apiKey,
        includeUsage: true,
        fetch: patientFetch,
      });
  }
}
