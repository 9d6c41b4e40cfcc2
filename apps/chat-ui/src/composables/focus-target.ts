import { nextTick } from 'vue';

/** The places that the focus is sent to from afar; each id is on exactly one element of the page. */
export const FOCUS_IDS = {
  composer: 'composer',
  main: 'main',
  newChat: 'new-chat',
  showChats: 'show-chats',
  hideChats: 'hide-chats',
} as const;

/** @returns false where the element is not there. */
export function focusById(id: string): boolean {
  const element = document.getElementById(id);
  element?.focus();
  return element !== null;
}

/**
 * After the control that held the focus is gone: the keyboard goes on at the composer, or at the
 * page where a focused field would open a keyboard on the screen.
 */
export async function recoverFocus(): Promise<void> {
  await nextTick();
  if (document.activeElement !== document.body) return;
  if (prefersTouch() || !focusById(FOCUS_IDS.composer)) focusById(FOCUS_IDS.main);
}

/** On touch, a focused text field opens the keyboard over half of the page: never without a tap. */
export function prefersTouch(): boolean {
  return matchMedia('(pointer: coarse)').matches;
}
