/** What the child process tells its parent over the IPC channel, once. */
export type ChildReport =
  | { readonly kind: 'ready'; readonly uri: string }
  | { readonly kind: 'failed'; readonly message: string };

/** What the parent tells the child. */
export interface StopRequest {
  readonly kind: 'stop';
}

/** Set for a child: it obeys its parent alone, not the signals of the terminal. */
export const CHILD_FLAG = '--child';
