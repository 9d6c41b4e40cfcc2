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

/** On touch, a focused text field opens the keyboard over half of the page: never without a tap. */
export function prefersTouch(): boolean {
  return matchMedia('(pointer: coarse)').matches;
}
