/** How much of an answer may wait to be read, in bytes. */
const MAX_WAITING_BYTES = 1024 * 1024;

/** Why the body of an answer broke off, by the signal of its request. */
const breaks = new WeakMap<AbortSignal, Error>();

/**
 * `fetch`, but a connection that breaks ends the body where it broke. By itself a stream that
 * fails throws away what it has received and nobody has read yet; here every word that arrived is
 * read first, and `breakOf` then tells what happened.
 */
export const patientFetch: typeof fetch = async (input, init) => {
  const response = await fetch(input, init);
  if (response.body === null || !response.ok) return response;
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const signal = init?.signal ?? undefined;
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (error) {
          if (signal !== undefined) breaks.set(signal, error as Error);
          controller.close();
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: MAX_WAITING_BYTES }),
  );
  const { status, statusText, headers } = response;
  return new Response(body, { status, statusText, headers });
};

/** Why the body of the last answer with this signal broke off; undefined where it did not. */
export function breakOf(signal: AbortSignal): Error | undefined {
  return breaks.get(signal);
}
