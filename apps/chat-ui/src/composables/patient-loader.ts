/** Longer than a server needs to start again. */
const TRY_AGAIN_MS = 10_000;

/**
 * For code that the page fetches by itself: what does not come is asked for again when the network
 * is back, or after a while. Nobody waits for it, so nobody is told.
 */
export function patiently<T>(load: () => Promise<T>): () => Promise<T> {
  return async () => {
    for (;;) {
      try {
        return await load();
      } catch {
        await comeback();
      }
    }
  };
}

function comeback(): Promise<void> {
  return new Promise((resolve) => {
    function end(): void {
      clearTimeout(timer);
      removeEventListener('online', end);
      resolve();
    }
    const timer = setTimeout(end, TRY_AGAIN_MS);
    addEventListener('online', end);
  });
}
