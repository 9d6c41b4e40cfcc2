import type { ChatSession } from '@chat/shared-types';
import { computed, ref, shallowRef } from 'vue';

/** What somebody wants to take away or bring in. */
export type TransferQuestion = (
  | { readonly kind: 'export-chat'; readonly session: Pick<ChatSession, '_id' | 'title'> }
  | { readonly kind: 'export-all' }
  | { readonly kind: 'import' }
) & {
  /** Gets the focus back. */
  readonly opener: HTMLElement | null;
};

const question = shallowRef<TransferQuestion | null>(null);
const asking = ref(false);

/** What is asked; `TransferDialogs.vue` asks it. */
export const transferQuestion = computed(() => question.value);
export { asking as askingToTransfer };

export function askToTransfer(asked: TransferQuestion): void {
  question.value = asked;
  asking.value = true;
}

const leaving = new Set<() => void>();

/** For what lives longer than a dialog: called when the user leaves. */
export function onTransferLeave(forget: () => void): void {
  leaving.add(forget);
}

/** Ends and forgets everything of the user who leaves. */
export function leaveTransfers(): void {
  endTransferQuestion();
  for (const forget of leaving) forget();
}

export function endTransferQuestion(): void {
  question.value = null;
  asking.value = false;
}

/** @returns what asked, to get the focus back. */
export function abandonTransferQuestion(): HTMLElement | null | undefined {
  const opener = question.value?.opener;
  endTransferQuestion();
  return opener;
}
