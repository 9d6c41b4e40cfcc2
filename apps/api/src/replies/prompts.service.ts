import { Injectable } from '@nestjs/common';
import type { AssistantModel } from '@chat/shared-types';
import type { Prompt } from '../assistants/assistant.port.js';
import type { StoredMessage } from '../messages/message.schema.js';
import type { ShownEnd } from '../messages/message-paths.js';
import type { MessageScope } from '../messages/messages.repository.js';
import { ReplyMessages } from '../messages/reply-messages.js';
import { buildPrompt } from './prompt.js';

/** Who is asked. */
export interface ChosenModel {
  readonly model: AssistantModel;
  /** What its provider calls it. */
  readonly name: string;
}

/** A prompt, and what it says about the conversation. */
export interface MadePrompt {
  readonly prompt: Prompt;
  /** Whether the model has not answered before on this path. */
  readonly isFirstReply: boolean;
}

/** Reads a branch as far as it fits into a model's context window. */
@Injectable()
export class Prompts {
  constructor(private readonly messages: ReplyMessages) {}

  /**
   * Begins to read what a question to the shown branch will need, while the question is stored.
   * Never rejects: what could not be read ahead is read later.
   */
  readAhead(scope: MessageScope): Promise<ShownEnd | undefined> {
    return this.messages.readAhead(scope).then(
      (end) => end ?? undefined,
      () => undefined,
    );
  }

  /**
   * @param last the message that the prompt ends with: what is answered, or a reply to go on with;
   *   null where there is none.
   * @param ahead what `readAhead` has begun to read.
   */
  async make(
    last: StoredMessage | null,
    system: string | null,
    { model, name }: ChosenModel,
    ahead?: Promise<ShownEnd | undefined>,
  ): Promise<MadePrompt> {
    const path = last === null ? nothing() : this.pathOf(last, await ahead);
    const parts = await buildPrompt(path, system, model.context_window);
    const earlier = last?.role === 'assistant' ? parts.turns.slice(0, -1) : parts.turns;
    return {
      prompt: { model: name, system: parts.system, turns: parts.turns },
      isFirstReply: !parts.isCut && !earlier.some(({ role }) => role === 'assistant'),
    };
  }

  private pathOf(last: StoredMessage, ahead?: ShownEnd): AsyncIterable<StoredMessage> {
    const scope = { userId: last.user_id, sessionId: last.session_id };
    return this.messages.pathNewestFirst(scope, last, ahead);
  }
}

async function* nothing(): AsyncGenerator<StoredMessage> {
  // A reply without a question has a prompt without turns.
}
