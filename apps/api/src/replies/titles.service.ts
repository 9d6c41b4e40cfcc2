import { BUILTIN_MODEL_ID, LIMITS, type ChatSession, type MessageRole } from '@chat/shared-types';
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { ModelRegistry } from '../assistants/model-registry.js';
import { notFound, ProblemException } from '../common/problem/problem.exception.js';
import type { StoredMessage } from '../messages/message.schema.js';
import { MessageLists } from '../messages/message-lists.service.js';
import type { MessageScope } from '../messages/messages.repository.js';
import { ReplyMessages } from '../messages/reply-messages.js';
import { Transactions } from '../persistence/transactions.js';
import { SessionChanges } from '../sessions/session-changes.js';
import { SessionHooks } from '../sessions/session-hooks.js';
import type { StoredSession } from '../sessions/session.schema.js';
import { SessionsRepository } from '../sessions/sessions.repository.js';
import { toChatSession } from '../sessions/to-chat-session.js';
import { askForTitle, titleFromQuestion } from './title.js';

/** As far as a session is read for its first exchange. */
const FIRST_MESSAGES = 4;

/** What a title is made from. */
interface Exchange {
  readonly question: string;
  readonly answer: string;
}

/** Gives sessions a title; never counts as activity, never wins over a title of the owner's. */
@Injectable()
export class TitlesService implements OnModuleDestroy {
  private readonly logger = new Logger('Titles');
  private readonly ending = new AbortController();
  private readonly underWay = new Set<Promise<void>>();

  constructor(
    private readonly models: ModelRegistry,
    private readonly messages: ReplyMessages,
    private readonly lists: MessageLists,
    private readonly sessions: SessionsRepository,
    private readonly hooks: SessionHooks,
    private readonly transactions: Transactions,
    private readonly changes: SessionChanges,
  ) {}

  /** Makes a title in the background where the session still has the default one. */
  afterFirstReply(reply: StoredMessage): void {
    if (reply.status !== 'complete' && reply.status !== 'stopped') return;
    const work = this.replaceDefault(reply)
      .catch((error: unknown) => {
        this.logger.warn({ err: error }, 'A session got no title.');
      })
      .finally(() => this.underWay.delete(work));
    this.underWay.add(work);
  }

  /**
   * Makes a title from the first exchange now, whatever the title is.
   *
   * @returns the session; with another title where the owner chose one meanwhile.
   * @throws a 409 where there is nothing to make a title from.
   */
  async make({ userId, sessionId }: MessageScope): Promise<ChatSession> {
    const session = await this.sessions.findLive(userId, sessionId);
    if (session === null) throw notFound();
    const exchange = await this.firstExchange({ userId, sessionId });
    if (exchange === undefined) {
      throw new ProblemException('conflict', {
        detail: 'There is no question in this session yet to make a title from.',
      });
    }
    await this.retitle(session, exchange);
    const titled = await this.sessions.findLive(userId, sessionId);
    if (titled === null) throw notFound();
    return toChatSession(titled);
  }

  async onModuleDestroy(): Promise<void> {
    this.ending.abort();
    await Promise.all(this.underWay);
  }

  private async replaceDefault(reply: StoredMessage): Promise<void> {
    const session = await this.sessions.findLive(reply.user_id, reply.session_id);
    if (session?.title !== LIMITS.sessionTitle.default || reply.parent_id === null) return;
    const question = await this.messages.findAny(reply.user_id, reply.parent_id);
    if (question === null) return;
    await this.retitle(session, { question: question.content, answer: reply.content });
  }

  private async firstExchange(scope: MessageScope): Promise<Exchange | undefined> {
    const { rows } = await this.lists.list(scope, {
      view: 'active',
      order: 'asc',
      limit: FIRST_MESSAGES,
    });
    const first = (role: MessageRole): string | undefined =>
      rows.find((message) => message.role === role && message.content !== '')?.content;
    const question = first('user') ?? first('assistant');
    return question === undefined ? undefined : { question, answer: first('assistant') ?? '' };
  }

  private async retitle(session: StoredSession, exchange: Exchange): Promise<void> {
    const title = await this.find(session, exchange);
    if (title === '' || title === session.title) return;
    const { user_id: userId, _id, title: before } = session;
    const retitled = await this.transactions.run(async () => {
      const changed = await this.sessions.retitle(userId, _id, before, title);
      if (changed !== null) await this.hooks.titled(changed);
      return changed;
    });
    if (retitled !== null) this.changes.announce(userId);
  }

  private async find(session: StoredSession, { question, answer }: Exchange): Promise<string> {
    const chosen = this.models.resolve(session.model) ?? this.models.resolve(null);
    if (chosen !== undefined && chosen.model.id !== BUILTIN_MODEL_ID) {
      const { assistant, name } = chosen;
      const made = await askForTitle(assistant, name, question, answer, this.ending.signal);
      if (made !== '') return made;
    }
    return titleFromQuestion(question);
  }
}
