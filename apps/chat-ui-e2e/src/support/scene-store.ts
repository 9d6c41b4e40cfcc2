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
  /** Adds messages one second apart, oldest first, the last of them a minute ago. */
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
      const documents = messages.map((message, at) => ({
        user_id: new ObjectId(userId),
        session_id: new ObjectId(sessionId),
        content: message.content,
        role: message.role ?? 'user',
        created_at: new Date(first + at * SECOND_MS),
        deleted: false,
        deleted_at: null,
      }));
      await insert('messages', documents);
      const last = documents.at(-1)?.created_at ?? null;
      await database.collection('chat_sessions').updateOne(
        { _id: new ObjectId(sessionId) },
        {
          $inc: { message_count: documents.length },
          $set: { last_message_at: last, last_activity_at: last },
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
    message_count: 0,
    last_message_at: null,
    last_activity_at: lastActivity,
    created_at: lastActivity,
    updated_at: lastActivity,
    deleted: false,
    deleted_at: null,
  };
}
