import { setTimeout as delay } from 'node:timers/promises';
import type { ImportJob, ImportStarted } from '@chat/shared-types';
import { ZipFile } from 'yazl';
import type { Answer, ApiClient } from './api-client.js';

/** The contents of a ZIP by name; text, or what becomes JSON. */
export type ZipContents = Readonly<Record<string, unknown>>;

/** A ZIP, packed in memory. */
export async function zipOf(contents: ZipContents): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(contents)) {
    const bytes =
      content instanceof Uint8Array
        ? Buffer.from(content)
        : Buffer.from(typeof content === 'string' ? content : JSON.stringify(content));
    zip.addBuffer(bytes, name, { mtime: new Date(0) });
  }
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Sends a file as the page does. */
export async function postImport(
  client: ApiClient,
  file: Uint8Array | string,
  query = '',
): Promise<Answer<ImportStarted>> {
  const form = new FormData();
  form.append('file', new Blob([Buffer.from(file)]), 'whatever.bin');
  const body = new Response(form);
  return client.call<ImportStarted>('POST', `/chat/import${query}`, {
    raw: new Uint8Array(await body.arrayBuffer()),
    headers: { 'content-type': body.headers.get('content-type') ?? '' },
  });
}

/** Reads an import until it has ended. */
export async function untilEnded(client: ApiClient, id: string): Promise<ImportJob> {
  for (;;) {
    const { status, body } = await client.call<ImportJob>('GET', `/chat/imports/${id}`);
    expect(status).toBe(200);
    if (body.status !== 'running') return body;
    await delay(20);
  }
}

/** Imports a file and answers how that ended. */
export async function importFile(
  client: ApiClient,
  file: Uint8Array | string,
  query = '',
): Promise<ImportJob> {
  const started = await postImport(client, file, query);
  expect({ status: started.status, body: started.body }).toMatchObject({
    status: 202,
    body: { status: 'running' },
  });
  return untilEnded(client, started.body._id);
}
