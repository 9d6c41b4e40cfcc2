/**
 * Every limit that both sides of the contract check. The API enforces them; the page shows them
 * before a request is made. Lengths are counted in characters: Unicode code points, as JSON Schema
 * counts them (draft 2020-12 Validation, section 6.3.1), whatever a language's strings are made of.
 */
export const LIMITS = {
  username: {
    min: 3,
    max: 64,
    /** Letters, digits, and `. _ -` inside; the same after lower-casing. */
    pattern: /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/,
  },
  /**
   * NIST SP 800-63B, section 5.1.1.2: at least 8 characters, at least 64 allowed, no rules of
   * composition.
   */
  password: { min: 8, max: 256 },
  displayName: { min: 1, max: 80 },
  sessionTitle: { min: 1, max: 200, default: 'New Chat' },
  messageContent: { min: 1, max: 100_000 },
  systemPrompt: { max: 20_000 },
  modelId: { min: 3, max: 200 },
  idempotencyKey: { min: 1, max: 255 },
  page: { min: 1, max: 100 },
  folderName: { min: 1, max: 100 },
  /** `depth`: a folder at the top is at depth 1. `count`: of one user. */
  folders: { depth: 5, count: 1_000 },
  tag: { min: 1, max: 40 },
  tagsPerSession: 20,
  bulkSessions: { min: 1, max: 500 },
  searchQuery: { min: 1, max: 10_000 },
  /** Kinds of emoji on one message. */
  reactionsPerMessage: 20,
  snippet: 240,
} as const;
