import { shallowRef } from 'vue';

/** What can be open beside a message: its menu, the emoji to react with, or its versions. */
export type ToolKind = 'menu' | 'reactions' | 'revisions';

export interface OpenTool {
  kind: ToolKind;
  messageId: string;
  /** What opened it, and gets the focus back. */
  opener: HTMLElement;
}

/** What is open beside which message of a list: one at a time, and drawn once for all rows. */
export function useMessageTools() {
  const open = shallowRef<OpenTool | null>(null);
  /** The one that is open or was open last: it is needed until it has closed. */
  const last = shallowRef<OpenTool | null>(null);

  function toggle(kind: ToolKind, messageId: string, opener: HTMLElement): void {
    const again = open.value?.kind === kind && open.value.messageId === messageId;
    open.value = again ? null : { kind, messageId, opener };
    last.value = open.value ?? last.value;
  }

  function close(): void {
    open.value = null;
  }

  /** What is open beside this message, or null. */
  function kindOf(messageId: string): ToolKind | null {
    return open.value?.messageId === messageId ? open.value.kind : null;
  }

  return { open, last, toggle, close, kindOf };
}

export type MessageTools = ReturnType<typeof useMessageTools>;
