import type { Ref } from 'vue';

/** Keeps the keyboard's place in a list whose rows move, and moves it from row to row. */
export function useListFocus(list: Readonly<Ref<HTMLElement | null>>) {
  let held: { sessionId: string; control: string } | null = null;

  /** Before the rows move: a row that moves in the document loses the focus it holds. */
  function remember(): void {
    const focused = document.activeElement;
    const row = focused?.closest<HTMLElement>('[data-session-id]');
    const inside = row && list.value?.contains(row);
    const sessionId = inside ? row.dataset.sessionId : undefined;
    held = sessionId && focused ? { sessionId, control: focused.localName } : null;
  }

  function recover(): void {
    if (!held || document.activeElement !== document.body) return;
    const row = list.value?.querySelector(`[data-session-id="${held.sessionId}"]`);
    row?.querySelector<HTMLElement>(held.control)?.focus();
  }

  function move(by: 1 | -1): void {
    const links = [...(list.value?.querySelectorAll<HTMLElement>('[data-session-id] a') ?? [])];
    const row = document.activeElement?.closest('[data-session-id]');
    const at = links.findIndex((link) => row?.contains(link));
    links[at + by]?.focus();
  }

  return { remember, recover, move };
}
