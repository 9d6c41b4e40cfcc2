/** A model that can answer, as `GET /assistants/models` lists it. */
export interface AssistantModel {
  /** `provider/name`. */
  id: string;
  /** For people. */
  name: string;
  /** For people: whose model it is. */
  provider: string;
  /** Tokens that prompt and reply may have together. */
  context_window: number;
  /** Whether it answers where nobody chose. Exactly one does. */
  is_default: boolean;
}

/** The model that is there when none is configured: no AI, but a guide through the product. */
export const BUILTIN_MODEL_ID = 'builtin/guide';
