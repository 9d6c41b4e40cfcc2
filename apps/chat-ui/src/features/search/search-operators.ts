/** One way to narrow a search down, as the palette explains it. */
export interface SearchOperator {
  /** What is put into the field. */
  insert: string;
  /** What it does, in a few words. */
  meaning: string;
}

/** Everything the field understands beside words; the API defines them. */
export const SEARCH_OPERATORS: readonly SearchOperator[] = [
  { insert: '"exact words"', meaning: 'these words in this order' },
  { insert: '-word', meaning: 'without this word' },
  { insert: 'from:user', meaning: 'written by you' },
  { insert: 'from:assistant', meaning: 'written by the assistant' },
  { insert: 'in:folder', meaning: 'in a folder' },
  { insert: 'tag:name', meaning: 'in chats with a tag' },
  { insert: 'model:name', meaning: 'answered by a model' },
  { insert: 'after:2026-01-31', meaning: 'since a day' },
  { insert: 'before:2026-01-31', meaning: 'until a day' },
  { insert: 'has:code', meaning: 'with code' },
  { insert: 'has:reaction', meaning: 'with a reaction' },
  { insert: 'is:pinned', meaning: 'in pinned chats' },
  { insert: 'is:archived', meaning: 'in archived chats' },
  { insert: 'is:deleted', meaning: 'in the trash' },
];
