import { useEventListener, useMutationObserver, useResizeObserver } from '@vueuse/core';
import { readonly, ref, type Ref } from 'vue';

/** Within this many pixels of the end counts as the end; fractions of pixels and zoom need some. */
const END_SLACK_PX = 8;

/** What scrolls upwards where the viewport itself has the focus. */
const KEYS_UP: ReadonlySet<string> = new Set(['ArrowUp', 'PageUp', 'Home']);

/** What the reader looks at, and how far below the top of the viewport it is. */
interface Anchor {
  element: Element;
  offset: number;
}

/**
 * Keeps what the reader looks at in its place while the content changes around it: at the end it
 * follows the end, elsewhere the first visible row stays where it is, whatever grows above it.
 *
 * @param viewport the scrolling element; it needs `overflow-anchor: none`, or the browser corrects
 * a second time.
 * @param content the element whose children are the rows.
 * @param isComplete whether the end of the content is its end: an end that more will follow is not
 * followed.
 */
export function useAnchoredScroll(
  viewport: Readonly<Ref<HTMLElement | null>>,
  content: Readonly<Ref<HTMLElement | null>>,
  isComplete: () => boolean = () => true,
) {
  const atEnd = ref(true);
  let anchor: Anchor | null = null;
  let lastTop = 0;

  function distanceToEnd(box: HTMLElement): number {
    return box.scrollHeight - box.clientHeight - box.scrollTop;
  }

  function remember(): void {
    const box = viewport.value;
    if (!box || !content.value) return;
    const top = box.scrollTop;
    const distance = distanceToEnd(box);
    // Only a move upwards leaves the end: content that has just grown is not the reader's doing.
    // On the way up the slack does not count, or the first pixels of a slow wheel would be undone.
    if (distance <= (top < lastTop ? 1 : END_SLACK_PX)) atEnd.value = isComplete();
    else if (top < lastTop) atEnd.value = false;
    lastTop = top;
    anchor = findAnchor(box, content.value);
  }

  /** Puts things back in place after the content or the viewport changed. */
  function settle(): void {
    const box = viewport.value;
    if (!box) return;
    if (atEnd.value) {
      box.scrollTop = box.scrollHeight;
    } else if (anchor?.element.isConnected) {
      const moved = offsetIn(box, anchor.element) - anchor.offset;
      if (Math.abs(moved) >= 0.5) box.scrollTop += moved;
    }
    lastTop = box.scrollTop;
    if (content.value) anchor = findAnchor(box, content.value);
  }

  /**
   * The reader turns upwards: the end is left before the first pixel has moved, so that content
   * which grows in that moment does not carry them back.
   */
  function turnUp(): void {
    const box = viewport.value;
    if (box && box.scrollTop > 0 && box.scrollHeight > box.clientHeight) atEnd.value = false;
  }

  /** From now on this row stays where it is, also where the end was followed before. */
  function hold(row: Element): void {
    const box = viewport.value;
    if (!box) return;
    atEnd.value = false;
    anchor = { element: row, offset: offsetIn(box, row) };
  }

  /** Puts a row at a distance below the top of the viewport. */
  function place(row: Element, offset: number): void {
    atEnd.value = false;
    anchor = { element: row, offset };
    settle();
    remember();
  }

  /** The first row in sight, where the end is not being followed. */
  function position(): Readonly<Anchor> | null {
    return atEnd.value ? null : anchor;
  }

  function toEnd(): void {
    atEnd.value = true;
    settle();
  }

  useEventListener(viewport, 'scroll', remember, { passive: true });
  const turning = { passive: true };
  useEventListener(
    viewport,
    'wheel',
    ({ deltaY, ctrlKey }: WheelEvent) => {
      // With Ctrl it is a zoom.
      if (deltaY < 0 && !ctrlKey) turnUp();
    },
    turning,
  );
  useEventListener(
    viewport,
    'keydown',
    ({ key, target }: KeyboardEvent) => {
      if (target === viewport.value && KEYS_UP.has(key)) turnUp();
    },
    turning,
  );
  useResizeObserver(viewport, settle);
  useResizeObserver(content, settle);
  // Text that streams in is followed in the moment it is written, not at the end of the frame.
  useMutationObserver(
    content,
    () => {
      if (atEnd.value) settle();
    },
    { childList: true, characterData: true, subtree: true },
  );

  return { atEnd: readonly(atEnd), settle, toEnd, hold, place, position };
}

function offsetIn(box: Element, row: Element): number {
  return row.getBoundingClientRect().top - box.getBoundingClientRect().top;
}

/** The first row that reaches into the viewport; rows lie in order, so half of them is skipped each step. */
function findAnchor(box: Element, content: Element): Anchor | null {
  const rows = content.children;
  const top = box.getBoundingClientRect().top;
  let low = 0;
  let high = rows.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle]?.getBoundingClientRect().bottom ?? 0) > top + 1) high = middle;
    else low = middle + 1;
  }
  const element = rows[low];
  return element ? { element, offset: offsetIn(box, element) } : null;
}
