import type { MessageRole } from '@chat/shared-types';

/** What the API tells the process that typesets; all of one document before the next one begins. */
export type ToTypesetter =
  | {
      readonly kind: 'begin';
      readonly title: string;
      readonly begun: string;
      readonly instructions: string | null;
    }
  | { readonly kind: 'turns'; readonly turns: readonly TurnToPrint[] }
  | { readonly kind: 'end' };

export interface TurnToPrint {
  readonly role: MessageRole;
  readonly who: string;
  readonly details: string;
  readonly branch?: string;
  /** Markdown, as it was sent. */
  readonly content: string;
}

/** Its one answer to each document. */
export type FromTypesetter =
  | { readonly kind: 'pdf'; readonly bytes: Uint8Array }
  | { readonly kind: 'failed'; readonly reason: string };
