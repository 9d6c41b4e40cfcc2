import type { ApiClient } from './api-client.js';

export interface Downloaded {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
  readonly text: string;
}

/** A file as a browser gets it. Never throws for a status. */
export async function download(client: ApiClient, path: string): Promise<Downloaded> {
  const response = await fetch(`${client.url}${path}`, {
    headers: client.token === undefined ? {} : { authorization: `Bearer ${client.token}` },
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  const { status, headers } = response;
  return { status, headers, bytes, text: bytes.toString('utf8') };
}
