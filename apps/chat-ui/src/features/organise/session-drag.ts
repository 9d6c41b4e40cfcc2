/** What a dragged selection of chats is called while it is on its way; no other page knows it. */
const SESSIONS = 'application/x-chat-sessions';
const FOLDER = 'application/x-chat-folder';

export type Dragged = 'sessions' | 'folder';

export function dragSessions(event: DragEvent, sessionIds: readonly string[]): void {
  event.dataTransfer?.setData(SESSIONS, JSON.stringify(sessionIds));
  if (event.dataTransfer) event.dataTransfer.effectAllowed = 'move';
}

export function dragFolder(event: DragEvent, folderId: string): void {
  event.dataTransfer?.setData(FOLDER, folderId);
  if (event.dataTransfer) event.dataTransfer.effectAllowed = 'move';
}

/** What is dragged; until it is dropped, a browser says no more than its type. */
export function draggedKind({ dataTransfer }: DragEvent): Dragged | undefined {
  if (dataTransfer?.types.includes(SESSIONS)) return 'sessions';
  return dataTransfer?.types.includes(FOLDER) ? 'folder' : undefined;
}

export function droppedFolder({ dataTransfer }: DragEvent): string | undefined {
  const id = dataTransfer?.getData(FOLDER) ?? '';
  return id === '' ? undefined : id;
}

/** The ids that were dropped; none where it was something else. */
export function droppedSessions({ dataTransfer }: DragEvent): string[] {
  try {
    const ids = JSON.parse(dataTransfer?.getData(SESSIONS) ?? '[]') as unknown;
    return Array.isArray(ids) ? ids.filter((id): id is string => typeof id === 'string') : [];
  } catch {
    return [];
  }
}
