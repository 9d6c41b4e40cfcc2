import { AsyncLocalStorage } from 'node:async_hooks';
import type { Message, SentMessage } from '@chat/shared-types';
import { Injectable } from '@nestjs/common';
import { Types } from 'mongoose';
import type { Assistant } from '../assistants/assistant.port.js';
import { ModelRegistry } from '../assistants/model-registry.js';
import { KeyedQueue } from '../common/concurrency/keyed-queue.js';
import { Idempotency, type Outcome } from '../common/idempotency/idempotency.js';
import { invalidField, notFound, ProblemException } from '../common/problem/problem.exception.js';
import { AppConfig } from '../config/app-config.js';
import type { StoredMessage } from '../messages/message.schema.js';
import type { MessageScope } from '../messages/messages.repository.js';
import { MessagesService } from '../messages/messages.service.js';
import { ReplyMessages } from '../messages/reply-messages.js';
import { toMessage } from '../messages/to-message.js';
import { Transactions } from '../persistence/transactions.js';
import { SessionChanges } from '../sessions/session-changes.js';
import type { StoredSession } from '../sessions/session.schema.js';
import { SessionsRepository } from '../sessions/sessions.repository.js';
import { Prompts, type ChosenModel } from './prompts.service.js';
import { ReplyRun } from './reply-run.js';
import { ReplyRunsRepository, SlotTaken, type RunRequest } from './reply-runs.repository.js';
import { RunningReplies, type Ask } from './running-replies.js';
import { TitlesService } from './titles.service.js';

/** A user's message that asks for a reply. */
export interface Question {
  readonly content: string;
  readonly parentId: Types.ObjectId | null | undefined;
  /** `provider/name`; the session's model when absent. */
  readonly model: string | undefined;
}

/** Who answers. */
interface Chosen extends ChosenModel {
  readonly assistant: Assistant;
}

/** A reply that is stored as running and not asked for yet. */
interface Stored {
  readonly session: StoredSession;
  readonly reply: StoredMessage;
  /** The message that the prompt ends with. */
  readonly last: StoredMessage | null;
  readonly chosen: Chosen;
  /** What was read for the prompt meanwhile. */
  readonly ahead?: ReturnType<Prompts['readAhead']>;
}

/** How often a start is tried where other processes take the user's slots at the same moments. */
const MOST_TRIES = 20;

/** Makes, repeats and goes on with replies. The provider is asked once all of it is stored. */
@Injectable()
export class RepliesService {
  /** Starts of one user at once would take the same slot and only make each other begin again. */
  private readonly starts = new KeyedQueue();

  constructor(
    private readonly config: AppConfig,
    private readonly models: ModelRegistry,
    private readonly messages: ReplyMessages,
    private readonly messagesService: MessagesService,
    private readonly sessions: SessionsRepository,
    private readonly runs: ReplyRunsRepository,
    private readonly running: RunningReplies,
    private readonly prompts: Prompts,
    private readonly titles: TitlesService,
    private readonly transactions: Transactions,
    private readonly idempotency: Idempotency,
    private readonly changes: SessionChanges,
  ) {}

  /** @param idempotencyKey a repetition with the same key answers the first result. */
  async send(
    scope: MessageScope,
    question: Question,
    idempotencyKey?: string,
  ): Promise<Outcome<SentMessage>> {
    this.running.assertOpen();
    const id = scope.sessionId.toHexString();
    const made: { stored?: Stored } = {};
    const outside = AsyncLocalStorage.snapshot();
    const store = async (): Promise<SentMessage> => {
      const { stored, message } = await this.storeQuestion(scope, question, outside);
      made.stored = stored;
      return { ...toMessage(message), reply: toMessage(stored.reply) };
    };
    const outcome = await this.starting(scope, async () => {
      if (idempotencyKey === undefined) {
        return { value: await this.transactions.run(store), replayed: false };
      }
      const body = { ...question, parentId: question.parentId?.toHexString(), reply: true };
      const request = {
        userId: scope.userId,
        scope: `POST /chat/sessions/${id}/messages`,
        key: idempotencyKey,
        body,
      };
      return this.idempotency.once(request, store).catch((error: unknown) => {
        // What is in the way may be the first result of this very request, by another process.
        if (isInTheWay(error)) return this.idempotency.once(request, store);
        throw error;
      });
    });
    if (!outcome.replayed && made.stored !== undefined) this.launch(scope, made.stored);
    return outcome;
  }

  /** A new reply beside another one. */
  async regenerate(scope: MessageScope, id: Types.ObjectId, model?: string): Promise<Message> {
    this.running.assertOpen();
    const stored = await this.starting(scope, async () => {
      const sibling = await this.findReply(scope, id);
      if (sibling.status === 'streaming') throw new ProblemException('reply-running');
      const { parent_id: parentId } = sibling;
      const last = parentId && (await this.messages.findAny(scope.userId, parentId));
      const run = { id: new Types.ObjectId(), attempt: 1, parentId, alone: 'parent' as const };
      const choice = this.chooser(model, '/model');
      return this.together(scope, run, async () => {
        const reply = { id: run.id, model: choice.of };
        const made = await this.messages.storeSibling(scope, sibling, reply);
        return { ...made, last, chosen: choice.made() };
      });
    });
    this.launch(scope, stored);
    return toMessage(stored.reply);
  }

  /** Goes on with a reply that is not at its end, in the same message. */
  async continue(scope: MessageScope, id: Types.ObjectId): Promise<Message> {
    this.running.assertOpen();
    const stored = await this.starting(scope, async () => {
      const session = await this.sessions.findLive(scope.userId, scope.sessionId);
      if (session === null) throw notFound();
      const before = await this.findReply(scope, id);
      assertCanGoOn(before);
      // The model that began goes on, as long as it is there.
      const chosen = this.models.resolve(before.model) ?? this.models.resolve(session.model);
      if (chosen === undefined) throw unknownModel(undefined, '');
      const { attempt, parent_id: parentId } = before;
      const run = { id, attempt: attempt + 1, parentId, alone: 'session' as const };
      return this.together(scope, run, async () => {
        const reply = await this.messages.reopenReply(scope, before, chosen.model.id);
        if (reply === null) throw new ProblemException('conflict');
        return { session, reply, last: reply, chosen };
      });
    });
    this.launch(scope, stored);
    return toMessage(stored.reply);
  }

  /** Runs what stores a reply, beside nothing else of the session or another start of the user. */
  private starting<T>({ userId, sessionId }: MessageScope, store: () => Promise<T>): Promise<T> {
    return this.starts.run(userId.toHexString(), () =>
      this.messagesService.exclusively(sessionId, async () => {
        for (let tried = 1; ; tried += 1) {
          try {
            return await store();
          } catch (error) {
            if (!(error instanceof SlotTaken) || tried === MOST_TRIES) throw error;
          }
        }
      }),
    );
  }

  /** @param outside runs what does not belong to the caller's transaction. */
  private async storeQuestion(
    scope: MessageScope,
    { content, parentId, model }: Question,
    outside: <T>(work: () => T) => T,
  ): Promise<{ stored: Stored; message: StoredMessage }> {
    const id = new Types.ObjectId();
    const choice = this.chooser(model, '/reply/model');
    let ahead: Stored['ahead'];
    const modelOf = (session: StoredSession): string => {
      const chosen = choice.of(session);
      if (parentId === undefined) {
        ahead = outside(() => this.prompts.readAhead(scope, session, choice.made()));
      }
      return chosen;
    };
    // Nobody else can answer a question that is not stored yet: any unique id is its parent.
    return this.claimed(scope, { id, attempt: 1, parentId: id, alone: 'session' }, async () => {
      const { session, message, reply } = await this.messages.storeWithReply(
        scope,
        { content, parentId },
        { id, model: modelOf },
      );
      return { stored: { session, reply, last: message, chosen: choice.made(), ahead }, message };
    });
  }

  private together<T>(
    scope: MessageScope,
    run: Pick<RunRequest, 'id' | 'attempt' | 'parentId' | 'alone'>,
    store: () => Promise<T>,
  ): Promise<T> {
    return this.transactions.run(() => this.claimed(scope, run, store));
  }

  /** Stores a reply together with the note that it runs; without transactions the note goes first. */
  private async claimed<T>(
    { userId, sessionId }: MessageScope,
    run: Pick<RunRequest, 'id' | 'attempt' | 'parentId' | 'alone'>,
    store: () => Promise<T>,
  ): Promise<T> {
    const { owner } = this.running;
    const limit = this.config.maxRunningReplies;
    await this.runs.claim({ ...run, userId, sessionId, owner, limit });
    try {
      return await store();
    } catch (error) {
      if (!this.transactions.areSupported) await this.runs.delete(run.id, run.attempt);
      throw error;
    }
  }

  /** Asks the provider, outside of the transaction that stored the reply. */
  private launch({ userId, sessionId }: MessageScope, stored: Stored): void {
    const { session, reply, last, chosen, ahead } = stored;
    const { content, reasoning, usage } = reply;
    const run = new ReplyRun(
      { id: reply._id, userId, sessionId, attempt: reply.attempt },
      { content, reasoning: reasoning ?? '', usage },
    );
    let isFirstReply = false;
    const ask: Ask = async (signal) => {
      const made = await this.prompts.make(last, session.system_prompt, chosen, ahead);
      ({ isFirstReply } = made);
      return chosen.assistant.stream(made.prompt, signal);
    };
    this.running.start(run, ask, (message) => {
      if (isFirstReply) this.titles.afterFirstReply(message);
    });
    this.changes.announce(userId);
  }

  private async findReply(scope: MessageScope, id: Types.ObjectId): Promise<StoredMessage> {
    const message = await this.messages.findLive(scope, id);
    if (message === null) throw notFound();
    if (message.role !== 'assistant') {
      throw new ProblemException('conflict', {
        detail: 'This is no reply. Only a reply can be written again or continued.',
      });
    }
    return message;
  }

  /** Chooses the model when the session is known; a transaction that runs again chooses again. */
  private chooser(
    wanted: string | undefined,
    pointer: string,
  ): { of: (session: StoredSession) => string; made: () => Chosen } {
    let chosen: Chosen | undefined;
    return {
      of: (session) => {
        chosen = this.models.resolve(wanted ?? session.model);
        if (chosen === undefined) throw unknownModel(wanted, pointer);
        return chosen.model.id;
      },
      made: () => {
        if (chosen === undefined) throw new Error('The session was not asked for its model.');
        return chosen;
      },
    };
  }
}

function isInTheWay(error: unknown): boolean {
  return (
    error instanceof ProblemException &&
    (error.code === 'reply-running' || error.code === 'too-many-replies')
  );
}

function unknownModel(wanted: string | undefined, pointer: string): ProblemException {
  return wanted === undefined
    ? new ProblemException('invalid-request', {
        detail: 'The model of this session is not there any more. Choose another one for it.',
      })
    : invalidField(pointer, 'There is no such model. GET /assistants/models lists them.');
}

function assertCanGoOn({ status, finish_reason }: StoredMessage): void {
  if (status === 'streaming') throw new ProblemException('reply-running');
  if (status === 'complete' && finish_reason !== 'length') {
    throw new ProblemException('conflict', {
      detail: 'This reply is complete; there is nothing to continue. It can be written again.',
    });
  }
}
