import type { ScriptedProvider } from './provider.js';
import { SCENARIOS } from './scenarios.js';

/** One entry of the product's `ASSISTANTS_FILE`. */
export interface ScriptedEndpoint {
  readonly id: string;
  readonly name: string;
  readonly base_url: string;
  readonly models: readonly { id: string; name: string; context_window?: number }[];
}

/**
 * The provider as an OpenAI-compatible endpoint with the id `scripted`.
 *
 * @param models what it is said to have; a model for every scenario when absent.
 */
export function scriptedEndpoint(
  provider: ScriptedProvider,
  models: readonly string[] = Object.keys(SCENARIOS),
): ScriptedEndpoint {
  return {
    id: 'scripted',
    name: 'Scripted',
    base_url: provider.openAiBaseUrl,
    models: models.map((id) => ({ id, name: id })),
  };
}
