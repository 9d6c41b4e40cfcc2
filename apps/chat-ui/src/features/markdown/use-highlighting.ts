import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue';
import { grammarsOf } from './code-languages.js';
import type { CodePiece } from './code-tree.js';

/** Longer code stays plain: its colours would cost more than they help. */
export const MAX_HIGHLIGHTED_LENGTH = 60_000;

/** While code streams in, its colours follow at this pace, or slower where they are dear. */
const MIN_PAUSE_MS = 120;
const REST_FACTOR = 8;

/** The beginning of a code block with its meaning found; what follows it is plain so far. */
export interface HighlightedCode {
  code: string;
  pieces: CodePiece[];
}

type Highlight = (code: string) => CodePiece[];

/**
 * Colours for a code block, late and never in the way: the code is shown at once without them.
 *
 * @param closed whether the code is complete. Until then its last line stays plain.
 */
export function useHighlighting(
  code: () => string,
  language: () => string,
  closed: () => boolean,
): Readonly<ShallowRef<HighlightedCode | null>> {
  const highlighted = shallowRef<HighlightedCode | null>(null);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let cost = 0;
  let round = 0;

  async function start(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    round += 1;
    const mine = round;
    const highlight = await loadHighlight(language());
    if (mine !== round || !highlight) return;
    follow(highlight);
  }

  function follow(highlight: Highlight): void {
    timer = undefined;
    const began = performance.now();
    const whole = code();
    const text = closed() ? whole : whole.slice(0, whole.lastIndexOf('\n') + 1);
    if (text !== highlighted.value?.code && text.length <= MAX_HIGHLIGHTED_LENGTH) {
      highlighted.value = { code: text, pieces: highlight(text) };
      cost = performance.now() - began;
    }
    schedule = () => {
      timer ??= setTimeout(follow, Math.max(MIN_PAUSE_MS, cost * REST_FACTOR), highlight);
    };
  }

  /** Nothing to do until the grammar is there. */
  let schedule = (): void => undefined;

  watch(
    language,
    () => {
      schedule = () => undefined;
      highlighted.value = null;
      void start();
    },
    { immediate: true },
  );
  watch([code, closed], () => {
    schedule();
  });
  onScopeDispose(() => {
    round += 1;
    clearTimeout(timer);
  });
  return highlighted;
}

async function loadHighlight(language: string): Promise<Highlight | null> {
  const grammars = grammarsOf(language);
  if (!grammars) return null;
  try {
    const { highlightCode, loadGrammars } = await import('./code-highlighter.js');
    await loadGrammars(grammars);
    return (code) => highlightCode(code, grammars.name);
  } catch {
    return null;
  }
}
