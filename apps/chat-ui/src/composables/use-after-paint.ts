import { onScopeDispose } from 'vue';

/** However busy the page is, the next step comes after this long. */
const PATIENCE_MS = 200;

/**
 * Work that the first look at something need not wait for. Once begun, it is done in steps after
 * the browser has painted, each when there is nothing more urgent to do, so that the reader's own
 * doing never waits for all of it.
 *
 * @param step does a part; answers whether there is more.
 * @returns `begin`, and `finish`, which does all that is left at once.
 */
export function useAfterPaint(step: () => boolean): { begin: () => void; finish: () => void } {
  let more = true;
  let frame: number | undefined;

  function advance(): void {
    if (!more) return;
    more = step();
    if (more) begin();
  }

  function begin(): void {
    frame = requestAnimationFrame(() => {
      // Safari knows no idle time.
      if ('requestIdleCallback' in window) requestIdleCallback(advance, { timeout: PATIENCE_MS });
      else setTimeout(advance);
    });
  }

  onScopeDispose(() => {
    more = false;
    if (frame !== undefined) cancelAnimationFrame(frame);
  });
  function finish(): void {
    while (more) more = step();
  }
  return { begin, finish };
}
