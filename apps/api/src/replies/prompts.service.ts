import { setImmediate } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { AssistantModel } from '@chat/shared-types';
import type { Prompt } from '../assistants/assistant.port.js';
import type { StoredMessage } from '../messages/message.schema.js';
import type { ShownEnd } from '../messages/message-paths.js';
import type { MessageScope } from '../messages/messages.repository.js';
import { ReplyMessages } from '../messages/reply-messages.js';
import type { StoredSession } from '../sessions/session.schema.js';
import { buildPrompt, PromptRoom } from './prompt.js';

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
   * Reads what a question to the shown branch will need, while the question is stored. To be called
   * outside of the transaction that stores it. Never rejects: what could not be read ahead is read
   * later.
   *
   * @param session as it was before the question.
   */
  async readAhead(
    scope: MessageScope,
    session: StoredSession,
    { model }: ChosenModel,
  ): Promise<ShownEnd | undefined> {
    // What stores the question is sent first. Then the rows are decoded while it is committed, when
    // this process has nothing else to do for it.
    await setImmediate();
    try {
      const room = new PromptRoom(model.context_window, session.system_prompt);
      return await this.messages.readAhead(scope, session, (message) => room.take(message));
    } catch {
      return undefined;
    }
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

  private pathOf(last: StoredMessage, ahead?: ShownEnd): AsyncIterable<readonly StoredMessage[]> {
    const scope = { userId: last.user_id, sessionId: last.session_id };
    return this.messages.pathNewestFirst(scope, last, ahead);
  }
}

async function* nothing(): AsyncGenerator<readonly StoredMessage[]> {
  // A reply without a question has a prompt without turns.
}
