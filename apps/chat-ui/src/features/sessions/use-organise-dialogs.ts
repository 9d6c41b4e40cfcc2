import type { ChatSession } from '@chat/shared-types';
import { computed, ref, shallowRef } from 'vue';

/** A question about chats that are to be put in order. */
export interface OrganiseQuestion {
  readonly kind: 'move' | 'tags' | 'delete';
  readonly sessions: readonly ChatSession[];
  /** Whether they were selected together. */
  readonly bulk: boolean;
  /** Gets the focus back. */
  readonly opener: HTMLElement | null;
}

const question = shallowRef<OrganiseQuestion | null>(null);
const asking = ref(false);

/** What is asked; `OrganiseDialogs.vue` asks it. */
export const organiseQuestion = computed(() => question.value);
export { asking as askingToOrganise };

export function askToOrganise(asked: OrganiseQuestion): void {
  question.value = asked;
  asking.value = true;
}

export function endQuestion(): void {
  question.value = null;
  asking.value = false;
}

/** @returns what asked, to get the focus back. */
export function abandonQuestion(): HTMLElement | null | undefined {
  const opener = question.value?.opener;
  endQuestion();
  return opener;
}
