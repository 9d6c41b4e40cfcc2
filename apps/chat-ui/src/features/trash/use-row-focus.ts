import type { Ref } from 'vue';

/**
 * Keeps the keyboard's place in a list whose rows go: to the row that takes the place, to the last
 * one, or to the heading where there is none.
 */
export function useRowFocus(
  list: Readonly<Ref<HTMLElement | null>>,
  heading: Readonly<Ref<HTMLElement | null>>,
) {
  let held = -1;

  /** Before the rows change. */
  function remember(): void {
    const rows = [...(list.value?.children ?? [])];
    held = rows.findIndex((row) => row.contains(document.activeElement));
  }

  /** After it: where the focused row is gone, the focus goes on. */
  function recover(): void {
    if (held === -1 || document.activeElement !== document.body) return;
    const rows = list.value?.children;
    const row = rows?.item(Math.min(held, rows.length - 1));
    (row?.querySelector<HTMLElement>('button') ?? heading.value)?.focus();
  }

  return { remember, recover };
}
