import { UnreachableError } from './api-error.js';
import { openDownload, readAnswer, withToken } from './http-client.js';

/** How far a transfer has come, in bytes; `total` where it is known. */
export type TransferProgress = (done: number, total: number | undefined) => void;

/** What a server says a file is called (RFC 6266, section 4.1; RFC 8187, section 3.2). */
export function fileNameOf(headers: Headers, otherwise: string): string {
  const disposition = headers.get('Content-Disposition') ?? '';
  const extended = /filename\*=UTF-8''([^;\s]+)/i.exec(disposition)?.[1];
  if (extended !== undefined) {
    try {
      return decodeURIComponent(extended);
    } catch {
      /* Not encoded as it should be: the plain name is next. */
    }
  }
  return /filename="([^"]+)"/i.exec(disposition)?.[1] ?? otherwise;
}

/**
 * Downloads a file and hands it to the browser to save. The browser keeps what has arrived, on its
 * disk where it is large; the page only counts it.
 *
 * @returns what the file is called.
 * @throws {ApiError} the API answered with an error.
 * @throws {UnreachableError} it did not arrive whole, or the signal ended it.
 */
export async function downloadFile(
  path: string,
  otherwiseNamed: string,
  { onProgress, signal }: { onProgress: TransferProgress; signal: AbortSignal },
): Promise<string> {
  const answer = await openDownload(path, signal);
  const name = fileNameOf(answer.headers, otherwiseNamed);
  const total = Number(answer.headers.get('Content-Length') ?? Number.NaN);
  let done = 0;
  const counted = answer.body?.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        done += chunk.byteLength;
        onProgress(done, Number.isFinite(total) ? total : undefined);
        controller.enqueue(chunk);
      },
    }),
  );
  const blob = await new Response(counted ?? null, { headers: answer.headers })
    .blob()
    .catch((cause: unknown) => {
      throw new UnreachableError(cause);
    });
  save(blob, name);
  return name;
}

function save(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The browser has taken it by the next turn; some read the address only then.
  setTimeout(() => {
    URL.revokeObjectURL(link.href);
  }, 60_000);
}

/**
 * Sends a file as `multipart/form-data` in a part called `file`.
 *
 * @throws {ApiError} the API answered with an error.
 * @throws {UnreachableError} no answer came, or the signal ended the request.
 */
export async function uploadFile<T>(
  path: string,
  file: File,
  options: { onProgress: TransferProgress; signal: AbortSignal },
): Promise<T> {
  const answer = await withToken((token) => post(path, file, token, options));
  return (await readAnswer<T>(answer)).body;
}

/** By XMLHttpRequest: `fetch` does not tell how much of a body has been sent. */
function post(
  path: string,
  file: File,
  token: string | null,
  { onProgress, signal }: { onProgress: TransferProgress; signal: AbortSignal },
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const fail = (): void => {
      reject(new UnreachableError(signal.aborted ? signal.reason : undefined));
    };
    request.open('POST', path);
    request.setRequestHeader('Accept', 'application/json');
    if (token !== null) request.setRequestHeader('Authorization', `Bearer ${token}`);
    request.upload.onprogress = ({ loaded, lengthComputable, total }) => {
      onProgress(loaded, lengthComputable ? total : undefined);
    };
    request.onload = () => {
      const headers = new Headers();
      const retryAfter = request.getResponseHeader('Retry-After');
      if (retryAfter !== null) headers.set('Retry-After', retryAfter);
      resolve(new Response(request.responseText, { status: request.status, headers }));
    };
    request.onerror = fail;
    request.onabort = fail;
    if (signal.aborted) {
      fail();
      return;
    }
    signal.addEventListener('abort', () => {
      request.abort();
    });
    const form = new FormData();
    form.append('file', file);
    request.send(form);
  });
}
