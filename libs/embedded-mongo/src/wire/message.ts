import { decodeDocument } from '../bson/decode.js';
import { encodeDocument } from '../bson/encode.js';
import { Doc } from '../bson/values.js';
import type { Answer } from '../commands/command.js';

/**
 * MongoDB's wire protocol: a header of four little-endian int32 (length, request id, response to,
 * opcode) and a body. Source: the driver specifications, OP_MSG and OP_QUERY.
 */
export const HEADER_BYTES = 16;

const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;

const CHECKSUM_PRESENT = 1;
const MORE_TO_COME = 2;
/** Bits that a receiver must understand; an unknown one is an error. */
const REQUIRED_BITS = 0xffff;

/** A message that breaks the protocol: the connection is closed. */
export class ProtocolViolation extends Error {}

export interface Message {
  readonly requestId: number;
  readonly opcode: number;
  /** The bytes after the header. */
  readonly body: Buffer;
}

export interface CommandMessage {
  readonly body: Doc;
  /** The sender wants no answer. */
  readonly moreToCome: boolean;
}

export function isCommand(message: Message): boolean {
  return message.opcode === OP_MSG;
}

export function isLegacyQuery(message: Message): boolean {
  return message.opcode === OP_QUERY;
}

/**
 * Reads an OP_MSG: one body and any number of document sequences, which become members of it.
 * @throws ProtocolViolation for framing, CommandError for the BSON inside
 */
export function readCommand({ body }: Message): CommandMessage {
  if (body.length < 9) throw new ProtocolViolation('OP_MSG is too short');
  const flags = body.readUInt32LE(0);
  if ((flags & REQUIRED_BITS & ~(CHECKSUM_PRESENT | MORE_TO_COME)) !== 0) {
    throw new ProtocolViolation('OP_MSG has an unknown required flag');
  }
  // The checksum guards against network damage, which local sockets do not have.
  const end = body.length - ((flags & CHECKSUM_PRESENT) === 0 ? 0 : 4);
  let command: Doc | undefined;
  const sequences: [string, Doc[]][] = [];
  let at = 4;
  while (at < end) {
    const kind = body[at++];
    const length = at + 4 <= end ? body.readInt32LE(at) : -1;
    if (length < 5 || at + length > end) throw new ProtocolViolation('a section is cut short');
    if (kind === 0) {
      if (command) throw new ProtocolViolation('OP_MSG has two bodies');
      command = decodeDocument(body, at, true);
    } else if (kind === 1) sequences.push(readSequence(body.subarray(at + 4, at + length)));
    else throw new ProtocolViolation('unknown section kind');
    at += length;
  }
  if (!command) throw new ProtocolViolation('OP_MSG has no body');
  for (const [name, documents] of sequences) {
    if (command.has(name)) throw new ProtocolViolation('a sequence repeats a member of the body');
    command.set(name, documents);
  }
  return { body: command, moreToCome: (flags & MORE_TO_COME) !== 0 };
}

function readSequence(bytes: Buffer): [string, Doc[]] {
  const nameEnd = bytes.indexOf(0);
  if (nameEnd < 0) throw new ProtocolViolation('a sequence has no name');
  const documents: Doc[] = [];
  let at = nameEnd + 1;
  while (at < bytes.length) {
    if (at + 4 > bytes.length) throw new ProtocolViolation('a sequence is cut short');
    const length = bytes.readInt32LE(at);
    if (length < 5 || at + length > bytes.length) {
      throw new ProtocolViolation('a document of a sequence is cut short');
    }
    documents.push(decodeDocument(bytes, at, true));
    at += length;
  }
  return [bytes.toString('utf8', 0, nameEnd), documents];
}

/** Reads the command of an OP_QUERY; drivers still send their first hello as one. */
export function readLegacyQuery({ body }: Message): Doc {
  const nameEnd = body.indexOf(0, 4);
  if (nameEnd < 0 || nameEnd + 9 > body.length)
    throw new ProtocolViolation('OP_QUERY is too short');
  if (!body.toString('utf8', 4, nameEnd).endsWith('.$cmd')) {
    throw new ProtocolViolation('OP_QUERY is only supported for hello');
  }
  return decodeDocument(body, nameEnd + 9);
}

let nextRequestId = 1;

function header(bytes: Buffer, responseTo: number, opcode: number): void {
  nextRequestId = (nextRequestId + 1) & 0x7fffffff;
  bytes.writeInt32LE(nextRequestId, 4);
  bytes.writeInt32LE(responseTo, 8);
  bytes.writeInt32LE(opcode, 12);
}

export function writeAnswer(responseTo: number, answer: Answer): Buffer[] {
  const document = encodeDocument(answer);
  const head = Buffer.alloc(HEADER_BYTES + 5);
  head.writeInt32LE(head.length + document.length, 0);
  header(head, responseTo, OP_MSG);
  return [head, document];
}

export function writeLegacyAnswer(responseTo: number, answer: Answer): Buffer[] {
  const document = encodeDocument(answer);
  const head = Buffer.alloc(HEADER_BYTES + 20);
  head.writeInt32LE(head.length + document.length, 0);
  header(head, responseTo, OP_REPLY);
  // responseFlags: AwaitCapable, which every server since 2.6 sets.
  head.writeInt32LE(8, HEADER_BYTES);
  head.writeInt32LE(1, HEADER_BYTES + 16);
  return [head, document];
}
