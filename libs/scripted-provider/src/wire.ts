/** Why an answer ends, in words of no provider. */
export type EndReason = 'stop' | 'length' | 'content_filter';

export interface Tokens {
  readonly input: number;
  readonly output: number;
}

/** A complete answer, for a request that did not ask for a stream. */
export interface WholeAnswer {
  readonly text: string;
  readonly reasoning: string;
  readonly reason: EndReason;
  readonly tokens: Tokens;
}

/** One answer in the words of one provider's protocol. It remembers what it has said. */
export interface Wire {
  /** The frames before anything is said. */
  begin(): string;
  text(piece: string): string;
  reasoning(piece: string): string;
  end(reason: EndReason, tokens: Tokens): string;
  /** The body of an answer without a stream. */
  whole(answer: WholeAnswer): object;
  /** The body of a refusal. */
  problem(status: number, message: string): object;
}

export interface Turn {
  readonly role: 'user' | 'assistant';
  readonly content: string;
}

/** What was asked, read out of a protocol's request body. */
export interface Question {
  readonly model: string;
  readonly system: string | undefined;
  readonly turns: readonly Turn[];
  readonly stream: boolean;
}

/** Text of a message, which both protocols send as a string or as a list of parts. */
export function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((part: unknown) => (part as { text?: unknown }).text)
    .filter((text) => typeof text === 'string')
    .join('');
}
