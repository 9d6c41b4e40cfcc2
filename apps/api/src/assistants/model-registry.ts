import { BUILTIN_MODEL_ID, type AssistantModel } from '@chat/shared-types';
import type {
  AssistantsSettings,
  ModelSettings,
  ProviderSettings,
} from '../config/assistants-settings.js';
import { UNKNOWN_CONTEXT_WINDOW } from '../config/known-models.js';
import type { Assistant } from './assistant.port.js';
import { GuideAssistant } from './guide-assistant.js';
import { ProviderAssistant } from './provider-assistant.js';
import { providerClient } from './provider-clients.js';

/** A model and who answers for it. */
export interface ResolvedModel {
  readonly model: AssistantModel;
  readonly assistant: Assistant;
  /** What its provider calls it: `model` of a prompt. */
  readonly name: string;
}

/** All models that can be chosen, and which answers where nobody chose. */
export class ModelRegistry {
  private readonly models = new Map<string, ResolvedModel>();
  private readonly defaultModel: string;

  /** Makes every client once; asks nobody anything. */
  constructor(
    { providers, defaultModel }: AssistantsSettings,
    guide: Assistant = new GuideAssistant(),
  ) {
    this.defaultModel = defaultModel;
    for (const provider of providers) {
      const assistant = new ProviderAssistant(providerClient(provider));
      for (const model of provider.models) this.add(provider, model, assistant);
    }
    const [builtin = '', name = ''] = BUILTIN_MODEL_ID.split('/');
    this.add(
      { id: builtin, name: 'Chat Sessions' },
      { id: name, name: 'Built-in guide (no AI)', contextWindow: UNKNOWN_CONTEXT_WINDOW },
      guide,
    );
  }

  /** Configured models in their order, the built-in guide last. */
  list(): AssistantModel[] {
    return [...this.models.values()].map(({ model }) => model);
  }

  /**
   * @param id `provider/name`; null for the default.
   * @returns undefined where there is no such model (any more).
   */
  resolve(id: string | null): ResolvedModel | undefined {
    return this.models.get(id ?? this.defaultModel);
  }

  private add(
    provider: Pick<ProviderSettings, 'id' | 'name'>,
    { id, name, contextWindow }: ModelSettings,
    assistant: Assistant,
  ): void {
    const model = {
      id: `${provider.id}/${id}`,
      name,
      provider: provider.name,
      context_window: contextWindow,
      is_default: `${provider.id}/${id}` === this.defaultModel,
    };
    this.models.set(model.id, { model, assistant, name: id });
  }
}
