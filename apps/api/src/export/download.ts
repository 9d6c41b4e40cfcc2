import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { attachment } from './file-name.js';

/** A file that a client is to keep. */
export interface Download {
  /** With its ending. */
  readonly name: string;
  readonly mediaType: string;
  /** All of it where it is known, or its pieces, made while they are asked for. */
  readonly body: Uint8Array | Readable | AsyncIterable<string>;
}

/** Small pieces are sent together: a chunk of the response for each would cost more than they do. */
const CHUNK_CHARACTERS = 32_768;

/** Nothing in a downloaded page may run or be fetched, should a browser open it from here. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/** Aborted when the client leaves before it has everything. */
export function untilGone(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort();
  });
  return controller.signal;
}

/**
 * Sends a file at the pace of its reader.
 *
 * @throws what making its beginning throws, so that it is still answered as a problem; whatever
 *   fails later breaks the connection off.
 */
export async function sendDownload(reply: FastifyReply, download: Download): Promise<void> {
  const { name, mediaType, body } = download;
  reply
    .header('Content-Type', mediaType)
    .header('Content-Disposition', attachment(name))
    .header('Content-Security-Policy', POLICY)
    .header('X-Content-Type-Options', 'nosniff')
    .header('Cache-Control', 'private, no-store');
  if (body instanceof Uint8Array) {
    await reply.send(body);
    return;
  }
  // A HEAD request wants to know what a GET would be, not to wait for it.
  const isHead = reply.request.method === 'HEAD';
  if (body instanceof Readable) {
    if (isHead) body.destroy();
    await reply.send(isHead ? '' : body);
    return;
  }
  const chunks = inChunks(body)[Symbol.asyncIterator]();
  const first = await chunks.next();
  if (isHead) await reply.send('');
  else await reply.send(Readable.from(continued(first, chunks), { objectMode: false }));
}

/** Small pieces together, as bytes. */
export async function* inChunks(pieces: AsyncIterable<string>): AsyncGenerator<Buffer> {
  let text = '';
  for await (const piece of pieces) {
    text += piece;
    if (text.length < CHUNK_CHARACTERS) continue;
    yield Buffer.from(text);
    text = '';
  }
  if (text !== '') yield Buffer.from(text);
}

async function* continued(
  first: IteratorResult<Buffer, unknown>,
  rest: AsyncIterator<Buffer>,
): AsyncGenerator<Buffer> {
  try {
    for (let next = first; next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}
