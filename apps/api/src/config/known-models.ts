import type { ModelSettings } from './assistants-settings.js';

/** Tokens that are assumed where nobody said how many a model takes: few enough for every server. */
export const UNKNOWN_CONTEXT_WINDOW = 8_192;

/** Families of hosted models: how their ids begin, what people call them, what they take. */
const FAMILIES: readonly (readonly [prefix: string, name: string, contextWindow: number])[] = [
  // https://platform.openai.com/docs/models
  ['gpt-5.5', 'GPT-5.5', 1_050_000],
  ['gpt-5.4-mini', 'GPT-5.4 mini', 400_000],
  ['gpt-5.4-nano', 'GPT-5.4 nano', 400_000],
  ['gpt-5.4', 'GPT-5.4', 1_050_000],
  ['gpt-5-chat', 'GPT-5 chat', 128_000],
  ['gpt-5', 'GPT-5', 400_000],
  ['gpt-4.1-mini', 'GPT-4.1 mini', 1_047_576],
  ['gpt-4.1', 'GPT-4.1', 1_047_576],
  ['gpt-4o-mini', 'GPT-4o mini', 128_000],
  ['gpt-4o', 'GPT-4o', 128_000],
  ['o3', 'o3', 200_000],
  ['o4-mini', 'o4-mini', 200_000],
  // https://platform.claude.com/docs/en/about-claude/models/overview
  ['claude-fable-5', 'Claude Fable 5', 1_000_000],
  ['claude-opus-5-5', 'Claude Opus 5.5', 1_000_000],
  ['claude-opus-5', 'Claude Opus 5', 1_000_000],
  ['claude-sonnet-5-5', 'Claude Sonnet 5.5', 1_000_000],
  ['claude-sonnet-5', 'Claude Sonnet 5', 1_000_000],
  ['claude-haiku-5-5', 'Claude Haiku 5.5', 1_000_000],
  ['claude-haiku-4-5', 'Claude Haiku 4.5', 200_000],
  ['claude-', 'Claude', 200_000],
];

/**
 * What is known of a model by its id alone. The name of a family is its first member's; every
 * other member is called by its id.
 */
export function knownModel(id: string): ModelSettings {
  const family = FAMILIES.find(([prefix]) => id.startsWith(prefix));
  if (family === undefined) return { id, name: id, contextWindow: UNKNOWN_CONTEXT_WINDOW };
  const [prefix, name, contextWindow] = family;
  return { id, name: id === prefix ? name : id, contextWindow };
}
