/** Where the reader of a session was, when not at its end. */
export interface ScrollPosition {
  /** The first message in sight. */
  messageId: string;
  /** How far its row began below the top of the viewport, in pixels. */
  offset: number;
}

/** For as long as the page is open: after a reload a conversation opens at its end. */
const positions = new Map<string, ScrollPosition>();

/** Where the reader left a session, or undefined where it was the end. */
export function keptPosition(sessionId: string): ScrollPosition | undefined {
  return positions.get(sessionId);
}

/** @param position undefined for the end. */
export function keepPosition(sessionId: string, position: ScrollPosition | undefined): void {
  if (position) positions.set(sessionId, position);
  else positions.delete(sessionId);
}

/** Another person must not find them. */
export function forgetPositions(): void {
  positions.clear();
}
