import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MessageRole } from '@chat/shared-types';
import { MongoClient, ObjectId } from 'mongodb';

/** How many documents go into one insert; below the wire protocol's limit by far. */
const BATCH = 1000;
const SECOND_MS = 1000;

/** One session of a scene. */
export interface SceneSession {
  readonly title: string;
  /** The time that the list sorts and groups by. */
  readonly lastActivity: Date;
}

/** One message of a scene. */
export interface SceneMessage {
  readonly content: string;
  readonly role?: MessageRole;
}

/**
 * Writes scenes that the HTTP API cannot make: with times in the past, or with thousands of rows.
 * What it writes has the shape that the API itself stores.
 */
export interface SceneStore {
  /** @returns the ids, in the order of `sessions`. */
  addSessions(userId: string, sessions: readonly SceneSession[]): Promise<string[]>;
  /** Adds messages to an empty session, one second apart, the last of them a minute ago. */
  addMessages(userId: string, sessionId: string, messages: readonly SceneMessage[]): Promise<void>;
  close(): Promise<void>;
}

/** Connects to the database that the product with this `DATA_DIR` runs on. */
export async function openSceneStore(dataDir: string): Promise<SceneStore> {
  const uri = (await readFile(join(dataDir, 'mongodb.uri'), 'utf8')).trim();
  const client = await MongoClient.connect(uri);
  const database = client.db();

  async function insert(collection: string, documents: object[]): Promise<void> {
    for (let from = 0; from < documents.length; from += BATCH) {
      await database.collection(collection).insertMany(documents.slice(from, from + BATCH));
    }
  }

  return {
    async addSessions(userId, sessions) {
      const documents = sessions.map((session) => sessionDocument(userId, session));
      await insert('chat_sessions', documents);
      return documents.map(({ _id }) => _id.toHexString());
    },
    async addMessages(userId, sessionId, messages) {
      const first = Date.now() - 60 * SECOND_MS - messages.length * SECOND_MS;
      const ids = messages.map(() => new ObjectId());
      const documents = messages.map((message, at) => ({
        _id: ids[at],
        user_id: new ObjectId(userId),
        session_id: new ObjectId(sessionId),
        content: message.content,
        role: message.role ?? 'user',
        created_at: new Date(first + at * SECOND_MS),
        parent_id: ids[at - 1] ?? null,
        branch_id: null,
        status: 'complete',
        reactions: [],
        edited_at: null,
        attempt: 0,
        kept_lengths: [],
        deleted: false,
        deleted_at: null,
      }));
      await insert('messages', documents);
      const last = documents.at(-1)?.created_at ?? null;
      const end = ids.at(-1) ?? null;
      await database.collection('chat_sessions').updateOne(
        { _id: new ObjectId(sessionId) },
        {
          $inc: { message_count: documents.length, change_number: 1 },
          $set: {
            last_message_at: last,
            last_activity_at: last,
            active_message_id: end,
            tip_id: end,
            changed_at: new Date(),
          },
        },
      );
    },
    close: () => client.close(),
  };
}

function sessionDocument(userId: string, { title, lastActivity }: SceneSession) {
  return {
    _id: new ObjectId(),
    user_id: new ObjectId(userId),
    title,
    model: null,
    system_prompt: null,
    message_count: 0,
    last_message_at: null,
    last_activity_at: lastActivity,
    created_at: lastActivity,
    updated_at: lastActivity,
    active_message_id: null,
    tip_id: null,
    tip_branch_id: null,
    branched: false,
    folder_id: null,
    pinned: false,
    archived: false,
    tags: [],
    unread: false,
    changed_at: lastActivity,
    change_number: 0,
    deleted: false,
    deleted_at: null,
  };
}
