import { nextTick, type Ref } from 'vue';
import { FOCUS_IDS, focusById } from '../../composables/focus-target.js';

/** What of a row has the keyboard: its link, or its box while chats are being selected. */
const ENTRY = ':is(a, [role=checkbox])';

/** @returns false where the list does not show that chat. */
export function focusRow(sessionId: string | undefined): boolean {
  const row = document.querySelector<HTMLElement>(
    `[data-session-id="${sessionId ?? ''}"] ${ENTRY}`,
  );
  row?.focus();
  return row !== null;
}

/** To the row of a chat, else to the first of the list, else to where chats are begun. */
export function focusChats(sessionId: string | undefined): void {
  if (focusRow(sessionId)) return;
  const first = document.querySelector<HTMLElement>(`[data-session-id] ${ENTRY}`);
  if (first) first.focus();
  else if (!focusById(FOCUS_IDS.newChat)) focusById(FOCUS_IDS.main);
}

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
    row?.querySelector<HTMLElement>(`${held.control}, ${ENTRY}`)?.focus();
  }

  function entries(): HTMLElement[] {
    return [...(list.value?.querySelectorAll<HTMLElement>(`[data-session-id] ${ENTRY}`) ?? [])];
  }

  /** @returns the id of the row that has the keyboard now. */
  function move(by: 1 | -1): string | undefined {
    const all = entries();
    const row = document.activeElement?.closest('[data-session-id]');
    const at = all.findIndex((entry) => row?.contains(entry));
    const to = all[at + by];
    to?.focus();
    return to?.closest<HTMLElement>('[data-session-id]')?.dataset.sessionId;
  }

  /** After a menu of a row has closed: its row may be elsewhere, or gone. */
  async function returnTo(sessionId: string | undefined, neighbourId: string | undefined) {
    await nextTick();
    const row = list.value?.querySelector(`[data-session-id="${sessionId ?? ''}"]`);
    const button = row?.querySelector<HTMLElement>('button[aria-haspopup]');
    if (button) button.focus();
    else focusChats(neighbourId);
  }

  return { remember, recover, move, returnTo };
}
