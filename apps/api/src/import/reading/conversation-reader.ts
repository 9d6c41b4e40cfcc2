import { EXPORT_FORMAT_NAME, type ImportFormat } from '@chat/shared-types';
import type { SourceDocument } from './import-source.js';
import { ImportFileError } from './import-file-error.js';
import { JsonScanner, type ValueLimits } from './json-scanner.js';
import { objectOf, release, type JsonObject } from './json-value.js';

/** A conversation of another system, whole. */
interface WholeConversation {
  readonly format: Exclude<ImportFormat, 'chat-sessions'>;
  readonly value: JsonObject;
}

/** A session of ours: what stands before its messages, and those one by one. */
interface OwnConversation {
  readonly format: 'chat-sessions';
  readonly head: JsonObject;
  /** To be read once, before the next conversation is asked for. */
  readonly messages: AsyncIterable<unknown>;
}

/** Something that stands where a conversation should. */
interface Unrecognised {
  readonly format: null;
}

export type FoundConversation = (WholeConversation | OwnConversation | Unrecognised) & {
  /** Where it stands, for messages: `conversation 12 of "conversations.json"`. */
  readonly place: string;
};

/**
 * For what is held at once: a conversation of another system, or a message of ours. The longest
 * conversations that were met have some thousand messages, a few megabytes.
 */
export const VALUE_LIMITS: ValueLimits = {
  bytes: 32 * 1024 ** 2,
  // LibreChat's recursive layout takes two levels for every message of a path.
  depth: 20_000,
  // Six to twenty for each message, which the mapping of a conversation takes again.
  containers: 400_000,
};

/**
 * The conversations in a document, recognised by their shape: in an array, as the only one, or as
 * the member `conversations`. Only one of them is held at a time, of ours one message: a conversation
 * is emptied when the next one is asked for.
 *
 * @throws ImportFileError where the document is no JSON.
 */
export async function* readConversations(
  document: SourceDocument,
  onRead?: (packedBytes: number) => void,
): AsyncGenerator<FoundConversation> {
  const scanner = new JsonScanner(document.open(onRead), document.label);
  switch (await scanner.kind()) {
    case 'array':
      yield* inArray(scanner, document);
      break;
    case 'object':
      yield* inObject(scanner, document);
      break;
    case 'other':
      yield { format: null, place: placeOf(document) };
      return;
    case 'nothing':
      throw new ImportFileError(`${document.label} is empty.`);
  }
  scanner.place = '';
  await scanner.end();
}

/** Which system made a conversation of this shape, where any did. */
export function recognise(value: JsonObject): ImportFormat | null {
  if (value.format === EXPORT_FORMAT_NAME && objectOf(value.session) !== undefined) {
    return 'chat-sessions';
  }
  if (objectOf(value.mapping) !== undefined) return 'chatgpt';
  if (Array.isArray(value.chat_messages)) return 'claude';
  if ('conversationId' in value && Array.isArray(value.messages)) return 'librechat';
  return null;
}

async function* inArray(
  scanner: JsonScanner,
  document: SourceDocument,
): AsyncGenerator<FoundConversation> {
  for await (const index of scanner.elements()) {
    scanner.place = `conversation ${index + 1}`;
    const place = placeOf(document, index);
    const value = await scanner.value(VALUE_LIMITS);
    yield toFound(value, place);
    // Whoever loops over conversations still has the last one in hand while the next one is read:
    // for two quick collections then, and what outlives two of them waits for a full one.
    release(value);
  }
}

async function* inObject(
  scanner: JsonScanner,
  document: SourceDocument,
): AsyncGenerator<FoundConversation> {
  const head: Record<string, unknown> = {};
  let found = false;
  const start = scanner.offset;
  for await (const name of scanner.members()) {
    scanner.place = `the member "${name.slice(0, 50)}"`;
    const isArray = (await scanner.kind()) === 'array';
    if (isArray && name === 'messages' && head.format === EXPORT_FORMAT_NAME) {
      yield* ownMessages(scanner, head, placeOf(document));
      found = true;
    } else if (isArray && name === 'conversations') {
      yield* inArray(scanner, document);
      found = true;
    } else {
      // As an own member, whatever it is called.
      Object.defineProperty(head, name, {
        value: await scanner.value({
          ...VALUE_LIMITS,
          bytes: VALUE_LIMITS.bytes - (scanner.offset - start),
        }),
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
  }
  if (!found) yield toFound(head, placeOf(document));
}

async function* ownMessages(
  scanner: JsonScanner,
  head: JsonObject,
  place: string,
): AsyncGenerator<FoundConversation> {
  const messages = messagesOf(scanner);
  // Without `return`, so that a loop over them that is left early does not close them.
  const iterator: AsyncIterator<unknown> = { next: () => messages.next() };
  yield {
    format: 'chat-sessions',
    head,
    messages: { [Symbol.asyncIterator]: () => iterator },
    place,
  };
  // Whoever was not interested in all of them has left the scanner in the middle.
  for (let rest = await messages.next(); rest.done !== true;) rest = await messages.next();
}

async function* messagesOf(scanner: JsonScanner): AsyncGenerator {
  for await (const index of scanner.elements()) {
    scanner.place = `message ${index + 1}`;
    yield await scanner.value(VALUE_LIMITS);
  }
}

function toFound(value: unknown, place: string): FoundConversation {
  const object = objectOf(value);
  const format = object === undefined ? null : recognise(object);
  if (object === undefined || format === null) return { format: null, place };
  if (format !== 'chat-sessions') return { format, value: object, place };
  return { format, head: object, messages: each(object.messages), place };
}

// eslint-disable-next-line @typescript-eslint/require-await -- what streams is read in the same way.
async function* each(values: unknown): AsyncGenerator {
  if (Array.isArray(values)) yield* values as unknown[];
}

function placeOf({ label }: SourceDocument, index?: number): string {
  const what = index === undefined ? 'the conversation' : `conversation ${index + 1}`;
  return `${what} in ${label === 'The file' ? 'the file' : label}`;
}
