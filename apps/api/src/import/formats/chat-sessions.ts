import {
  EXPORT_VERSION,
  FINISH_REASONS,
  hasLength,
  LIMITS,
  MESSAGE_STATUSES,
  type Problem,
  type TokenUsage,
} from '@chat/shared-types';
import type { DraftMessage, DraftRevision } from '../../messages/session-draft.js';
import { keepableTags } from '../../sessions/tags.js';
import { listOf, objectOf, textOf, type JsonObject } from '../reading/json-value.js';
import type { MappedConversation, MappingContext } from './mapped-conversation.js';
import { ConversationRefused, Remarks } from './remarks.js';
import { systemPromptOf, titleOf, wellFormed } from './texts.js';
import { Times } from './times.js';

/** More than any reply is, and less than the database takes in one document. */
const MOST_TEXT = 4_000_000;
/** Families of several people have some 30 code units. */
const MOST_EMOJI = 64;

/** A session of our own export, with what only ours has. */
export interface MappedSession extends MappedConversation {
  /** The id that it had. */
  readonly sourceId: string;
  /** The id that its folder had, or null. */
  readonly sourceFolderId: string | null;
}

/**
 * A session of our own export, without loss. Its messages are mapped while they are read: in the
 * export, parents stand before their children.
 *
 * @param head everything before the messages.
 * @throws ConversationRefused where it cannot be taken; while the messages are read, too.
 */
export function mapOwnSession(
  head: JsonObject,
  messages: AsyncIterable<unknown>,
  { now }: MappingContext,
): MappedSession {
  assertVersion(head.version);
  const session = objectOf(head.session) ?? {};
  const sourceId = textOf(session._id);
  if (sourceId === undefined || sourceId.length > 100) {
    throw new ConversationRefused('failed', 'It has no id ("session._id").');
  }
  const remarks = new Remarks();
  const times = new Times(now, remarks);
  const createdAt = times.read(session.created_at);
  const tags = listOf(session.tags).filter((tag) => typeof tag === 'string');
  const kept = keepableTags(tags);
  if (kept.length < tags.length) remarks.add('tags');
  return {
    sourceId,
    sourceFolderId: textOf(session.folder_id) ?? null,
    importKey: `chat-sessions:${sourceId}`,
    draft: {
      title: ownTitle(session.title, remarks),
      created_at: createdAt ?? now,
      updated_at: times.read(session.updated_at) ?? createdAt ?? now,
      last_message_at: times.read(session.last_message_at) ?? null,
      model: ownModel(session.model),
      system_prompt: systemPromptOf(session.system_prompt, remarks),
      pinned: session.pinned === true,
      archived: session.archived === true,
      unread: session.unread === true,
      tags: kept,
      deleted_at: times.read(session.deleted_at) ?? null,
      activeId: textOf(session.active_message_id) ?? null,
    },
    messages: mapMessages(messages, createdAt ?? now, times, remarks),
    remarks,
  };
}

async function* mapMessages(
  values: AsyncIterable<unknown>,
  start: Date,
  times: Times,
  remarks: Remarks,
): AsyncGenerator<DraftMessage> {
  const seen = new Set<string>();
  let previous: { id: string; time: Date } | undefined;
  let number = 0;
  for await (const value of values) {
    number += 1;
    const row = objectOf(value);
    const id = textOf(row?._id);
    if (row === undefined || id === undefined) {
      remarks.add('unreadable');
      continue;
    }
    if (seen.has(id)) {
      remarks.add('duplicates');
      continue;
    }
    const named = textOf(row.parent_id) ?? null;
    const isOrphan = named !== null && !seen.has(named);
    if (isOrphan) remarks.add('orphans');
    const time = times.read(row.created_at) ?? previous?.time ?? start;
    seen.add(id);
    yield {
      id,
      parentId: isOrphan ? (previous?.id ?? null) : named,
      created_at: time,
      ...mapMessage(row, number, times, remarks),
    };
    previous = { id, time };
  }
}

function mapMessage(
  row: JsonObject,
  number: number,
  times: Times,
  remarks: Remarks,
): Omit<DraftMessage, 'id' | 'parentId' | 'created_at'> {
  const { role } = row;
  if (role !== 'user' && role !== 'assistant') {
    throw new ConversationRefused(
      'failed',
      `Message ${number} is by neither "user" nor "assistant".`,
    );
  }
  const content = typeof row.content === 'string' ? wellFormed(row.content, remarks) : '';
  const reasoning = typeof row.reasoning === 'string' ? wellFormed(row.reasoning, remarks) : null;
  const most = role === 'user' ? LIMITS.messageContent.max : MOST_TEXT;
  if (!hasLength(content + (reasoning ?? ''), { max: most })) {
    throw new ConversationRefused(
      'failed',
      `Message ${number} is longer than ${most.toLocaleString('en')} characters.`,
    );
  }
  return {
    role,
    content,
    reasoning,
    status: MESSAGE_STATUSES.find((status) => status === row.status) ?? 'complete',
    model: ownModel(row.model),
    finish_reason: FINISH_REASONS.find((reason) => reason === row.finish_reason) ?? null,
    usage: usageOf(row.usage),
    error: errorOf(row.error, remarks),
    edited_at: times.read(row.edited_at) ?? null,
    deleted_at: times.read(row.deleted_at) ?? null,
    reactions: reactionsOf(row.reactions, remarks),
    revisions: revisionsOf(row.revisions, times, remarks),
  };
}

function assertVersion(version: unknown): void {
  if (typeof version === 'number' && version > EXPORT_VERSION) {
    throw new ConversationRefused(
      'failed',
      `It was exported by a newer version (format ${version}, while this server knows ${EXPORT_VERSION}).`,
    );
  }
}

/** As it is where it is one of ours; every other one within the limits. */
function ownTitle(title: unknown, remarks: Remarks): string {
  const isOurs =
    typeof title === 'string' &&
    hasLength(title, LIMITS.sessionTitle) &&
    title.trim() === title &&
    wellFormed(title, remarks) === title;
  return isOurs ? title : titleOf(title, undefined, remarks);
}

function ownModel(model: unknown): string | null {
  const { min, max } = LIMITS.modelId;
  return typeof model === 'string' && model.length >= min && model.length <= max ? model : null;
}

function usageOf(value: unknown): TokenUsage | null {
  const { input_tokens, output_tokens } = objectOf(value) ?? {};
  return isCount(input_tokens) && isCount(output_tokens) ? { input_tokens, output_tokens } : null;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function errorOf(value: unknown, remarks: Remarks): Problem | null {
  const error = objectOf(value);
  if (error === undefined) return null;
  const text = (part: unknown): string =>
    typeof part === 'string' ? wellFormed(part.slice(0, 1_000), remarks) : '';
  return {
    type: text(error.type),
    title: text(error.title),
    status: isCount(error.status) ? error.status : 500,
    detail: text(error.detail),
    instance: text(error.instance),
  };
}

function reactionsOf(values: unknown, remarks: Remarks): string[] {
  const all = new Set(listOf(values));
  const kept = [...all]
    .filter((emoji) => typeof emoji === 'string')
    .filter(isOneGrapheme)
    .slice(0, LIMITS.reactionsPerMessage);
  remarks.add('reactions', all.size - kept.length);
  return kept;
}

function isOneGrapheme(text: string): boolean {
  if (text === '' || text.length > MOST_EMOJI || /\p{Surrogate}/u.test(text)) return false;
  return [...new Intl.Segmenter().segment(text)].length === 1;
}

function revisionsOf(values: unknown, times: Times, remarks: Remarks): DraftRevision[] {
  const kept: DraftRevision[] = [];
  for (const value of listOf(values)) {
    const row = objectOf(value) ?? {};
    const createdAt = times.read(row.created_at);
    if (typeof row.content !== 'string' || row.content.length > MOST_TEXT || !createdAt) {
      remarks.add('revisions');
      continue;
    }
    const content = wellFormed(row.content, remarks);
    const least = (kept.at(-1)?.revision ?? 0) + 1;
    const given = isCount(row.revision) ? row.revision : least;
    kept.push({ revision: Math.max(least, given), content, createdAt });
  }
  return kept;
}
