import { nextTick, onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue';
import { MarkdownStream, type ShownBlock } from './markdown-stream.js';
import { markdownParser, prepareMarkdown } from './parser-loading.js';

/** After an update the page is left alone for this many times as long as the update took. */
const REST_FACTOR = 3;
/** Twenty updates a second read as steadily as sixty, at a third of the price. */
const MIN_REST_MS = 30;
const MAX_REST_MS = 250;

/**
 * The blocks of a text in Markdown. While it grows they follow in animation frames, some twenty times
 * a second and less often where an update is dear; when it has ended they are exact at once.
 *
 * @returns null until the parser is there.
 */
export function useMarkdownBlocks(
  source: () => string,
  streaming: () => boolean,
): Readonly<ShallowRef<readonly ShownBlock[] | null>> {
  const blocks = shallowRef<readonly ShownBlock[] | null>(null);
  let stream: MarkdownStream | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let frame: number | undefined;
  let restUntil = 0;

  function update(): void {
    const parse = markdownParser.value;
    if (!parse) return;
    stream ??= new MarkdownStream(parse);
    blocks.value = stream.update(source(), streaming());
  }

  async function updateInFrame(): Promise<void> {
    const began = performance.now();
    frame = undefined;
    update();
    await nextTick();
    const ended = performance.now();
    restUntil = ended + Math.min(MAX_REST_MS, Math.max(MIN_REST_MS, (ended - began) * REST_FACTOR));
  }

  function requestFrame(): void {
    timer = undefined;
    frame = requestAnimationFrame(() => void updateInFrame());
  }

  function schedule(): void {
    if (timer !== undefined || frame !== undefined) return;
    const rest = restUntil - performance.now();
    if (rest > 0) timer = setTimeout(requestFrame, rest);
    else requestFrame();
  }

  function cancel(): void {
    clearTimeout(timer);
    if (frame !== undefined) cancelAnimationFrame(frame);
    timer = frame = undefined;
  }

  void prepareMarkdown();
  watch(
    [source, streaming, markdownParser],
    () => {
      if (streaming() && blocks.value !== null) {
        schedule();
      } else {
        cancel();
        update();
      }
    },
    { immediate: true },
  );
  onScopeDispose(cancel);
  return blocks;
}
