import { Injectable } from '@nestjs/common';
import { Types } from 'mongoose';
import { LeftoversService } from '../leftovers/leftovers.service.js';
import { Transactions } from '../persistence/transactions.js';
import type { StoredSession } from '../sessions/session.schema.js';
import { SessionRevealer, type HiddenSession } from '../sessions/session-revealer.js';
import type { StoredBranch } from './branch.schema.js';
import { BranchesRepository } from './branches.repository.js';
import type { StoredMessage } from './message.schema.js';
import type { StoredRevision } from './message-revision.schema.js';
import { MessagesRepository, type MessageScope } from './messages.repository.js';
import { RevisionsRepository } from './revisions.repository.js';
import type { DraftMessage, SessionDraft } from './session-draft.js';
import { TreeLayout } from './tree-layout.js';

/** How long a session may be without a sign of being built on before it is taken for abandoned. */
const PATIENCE_MS = 60 * 60 * 1000;
/** Long before that, the sign is given again. */
const RENEWAL_MS = 10 * 60 * 1000;
/**
 * What is stored in one transaction: so many messages, or so much text in UTF-16 code units, which is
 * held several times over while it is stored, here and in the database.
 */
const BATCH_MESSAGES = 500;
const BATCH_TEXT = 500_000;

/** A session that was built. */
export interface BuiltSession {
  readonly session: StoredSession;
  /** The id that a message of the draft was given; undefined for one that was not in it. */
  readonly idOf: (draftId: string) => Types.ObjectId | undefined;
}

/** Rows that are stored together. */
interface Batch {
  readonly messages: StoredMessage[];
  readonly branches: StoredBranch[];
  readonly revisions: StoredRevision[];
  text: number;
}

/**
 * Builds whole sessions out of what other systems, exports or other sessions hold, of any size.
 *
 * Nobody sees a session before it is complete: its messages are stored first, batch by batch, and
 * its own document last. A note among the leftovers goes before everything, so what a crash or an
 * error leaves half done is removed.
 */
@Injectable()
export class SessionBuilder {
  constructor(
    private readonly messages: MessagesRepository,
    private readonly branches: BranchesRepository,
    private readonly revisions: RevisionsRepository,
    private readonly revealer: SessionRevealer,
    private readonly leftovers: LeftoversService,
    private readonly transactions: Transactions,
  ) {}

  /**
   * Stores a session with all of its messages. To be called outside of any transaction.
   *
   * @param messages parents before their children; read while it is stored, a batch at a time.
   *   Versions of a message are told apart by their times, and by their order where those are equal.
   * @throws BrokenDraft where they are no tree; a 404 for a folder that the user does not have;
   *   whatever reading them throws. Nothing of the session is left then.
   */
  async build(
    userId: Types.ObjectId,
    draft: SessionDraft,
    messages: AsyncIterable<DraftMessage> | Iterable<DraftMessage>,
  ): Promise<BuiltSession> {
    const scope = { userId, sessionId: new Types.ObjectId() };
    await this.leftovers.expect(userId, scope.sessionId, new Date(Date.now() + PATIENCE_MS));
    try {
      const layout = new TreeLayout();
      await this.storeAll(scope, layout, messages);
      const session = await this.revealer.reveal(documentOf(scope, draft, layout));
      return { session, idOf: (id) => layout.idOf(id) };
    } catch (error) {
      // The sweeper finds it at once; where even this cannot be written, within the hour.
      await this.leftovers.expect(userId, scope.sessionId, new Date()).catch(() => undefined);
      throw error;
    }
  }

  private async storeAll(
    scope: MessageScope,
    layout: TreeLayout,
    messages: AsyncIterable<DraftMessage> | Iterable<DraftMessage>,
  ): Promise<void> {
    let batch = emptyBatch();
    let renewed = Date.now();
    const flush = async (): Promise<void> => {
      const isRenewed = Date.now() - renewed > RENEWAL_MS;
      await this.store(scope, batch, isRenewed);
      if (isRenewed) renewed = Date.now();
      batch = emptyBatch();
    };
    for await (const message of messages) {
      add(batch, scope, layout, message);
      if (batch.messages.length >= BATCH_MESSAGES || batch.text >= BATCH_TEXT) await flush();
    }
    if (batch.messages.length > 0) await flush();
  }

  private store(scope: MessageScope, batch: Batch, isRenewed: boolean): Promise<void> {
    return this.transactions.run(async () => {
      if (isRenewed) {
        const dueAt = new Date(Date.now() + PATIENCE_MS);
        await this.leftovers.expect(scope.userId, scope.sessionId, dueAt);
      }
      await this.branches.insert(batch.branches);
      await this.messages.insert(batch.messages);
      await this.revisions.insert(batch.revisions);
    });
  }
}

function emptyBatch(): Batch {
  return { messages: [], branches: [], revisions: [], text: 0 };
}

function add(batch: Batch, scope: MessageScope, layout: TreeLayout, draft: DraftMessage): void {
  const owner = { user_id: scope.userId, session_id: scope.sessionId };
  const { newBranch, ...place } = layout.place(draft);
  if (newBranch !== undefined) batch.branches.push({ ...newBranch, ...owner });
  const message = messageOf(owner, place, draft);
  batch.messages.push(message);
  batch.text += message.content.length + (message.reasoning?.length ?? 0);
  for (const { revision, content, createdAt } of draft.revisions ?? []) {
    batch.text += content.length;
    batch.revisions.push({
      ...owner,
      _id: new Types.ObjectId(),
      message_id: message._id,
      revision,
      content,
      created_at: createdAt,
    });
  }
}

function messageOf(
  owner: Pick<StoredMessage, 'user_id' | 'session_id'>,
  place: Pick<StoredMessage, '_id' | 'parent_id' | 'branch_id' | 'created_at'>,
  draft: DraftMessage,
): StoredMessage {
  const { status = 'complete', model = null, deleted_at = null } = draft;
  const isReply = draft.role === 'assistant' && (model !== null || status !== 'complete');
  return {
    ...owner,
    ...place,
    content: draft.content,
    role: draft.role,
    // Nobody goes on writing what was copied.
    status: status === 'streaming' ? 'interrupted' : status,
    model,
    finish_reason: draft.finish_reason ?? null,
    usage: draft.usage ?? null,
    reasoning: draft.reasoning ?? null,
    error: draft.error ?? null,
    edited_at: draft.edited_at ?? null,
    reactions: (draft.reactions ?? []).map((emoji) => ({ emoji, users: [owner.user_id] })),
    attempt: isReply ? 1 : 0,
    kept_lengths: [],
    deleted: deleted_at !== null,
    deleted_at,
  };
}

function documentOf(
  { userId, sessionId }: MessageScope,
  draft: SessionDraft,
  layout: TreeLayout,
): HiddenSession {
  const { created_at, deleted_at = null } = draft;
  const last = latest(draft.last_message_at ?? null, layout.lastMessageAt);
  const end = layout.endFor(draft.activeId);
  return {
    _id: sessionId,
    user_id: userId,
    title: draft.title,
    message_count: layout.messageCount,
    last_message_at: last,
    last_activity_at: last ?? created_at,
    created_at,
    updated_at: draft.updated_at ?? last ?? created_at,
    model: draft.model ?? null,
    system_prompt: draft.system_prompt ?? null,
    active_message_id: end.activeId,
    tip_id: end.tipId,
    tip_branch_id: end.tipBranchId,
    branched: layout.isBranched,
    folder_id: draft.folder_id ?? null,
    pinned: draft.pinned ?? false,
    archived: draft.archived ?? false,
    tags: draft.tags ?? [],
    unread: draft.unread ?? false,
    changed_at: new Date(),
    change_number: 0,
    deleted: deleted_at !== null,
    deleted_at,
    ...(draft.import_key === undefined ? {} : { import_key: draft.import_key }),
  };
}

/** What is sent next has to come later than all there is, so no time may be left out. */
function latest(one: Date | null, other: Date | null): Date | null {
  if (one === null || other === null) return one ?? other;
  return one > other ? one : other;
}
