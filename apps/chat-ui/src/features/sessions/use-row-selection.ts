import { askToOrganise } from './use-organise-dialogs.js';
import { dragSessions } from '../organise/index.js';
import { useSelectionStore } from './selection.store.js';

function sessionIdAt(event: Event): string | undefined {
  const target = event.target instanceof Element ? event.target : null;
  return target?.closest<HTMLElement>('[data-session-id]')?.dataset.sessionId;
}

/** Selecting rows by pointer and by keyboard, and dragging them. */
export function useRowSelection(move: (by: 1 | -1) => string | undefined) {
  const selection = useSelectionStore();

  /** Before the row's own link hears of it: a click with a key held down selects. */
  function onClick(event: MouseEvent): void {
    const sessionId = sessionIdAt(event);
    const target = event.target instanceof Element ? event.target : null;
    const entry = target?.closest('[data-session-id] :is(a, [role=checkbox])');
    if (sessionId === undefined || !entry) return;
    const many = event.ctrlKey || event.metaKey || event.shiftKey;
    if (!selection.active && !many) return;
    event.preventDefault();
    event.stopPropagation();
    if (!selection.active) selection.begin(sessionId);
    else if (event.shiftKey) selection.extendTo(sessionId);
    else selection.toggle(sessionId);
  }

  function onKey(event: KeyboardEvent): void {
    if (!selection.active || sessionIdAt(event) === undefined) return;
    const command = event.ctrlKey || event.metaKey;
    if (command && event.key.toLowerCase() === 'a') selection.chooseAll();
    else if (event.shiftKey && event.key === 'ArrowDown') extend(1);
    else if (event.shiftKey && event.key === 'ArrowUp') extend(-1);
    else if (event.key === 'Delete' && selection.chosen.length > 0) askForDeletion(event);
    else return;
    event.preventDefault();
  }

  function extend(by: 1 | -1): void {
    const from = document.activeElement?.closest<HTMLElement>('[data-session-id]')?.dataset;
    if (selection.ids.size === 0 && from?.sessionId) selection.toggle(from.sessionId);
    const sessionId = move(by);
    if (sessionId !== undefined) selection.extendTo(sessionId);
  }

  function askForDeletion(event: KeyboardEvent): void {
    const opener = event.target instanceof HTMLElement ? event.target : null;
    askToOrganise({ kind: 'delete', sessions: selection.chosen, bulk: true, opener });
  }

  /** A row that is selected brings the others along. */
  function onDragStart(event: DragEvent): void {
    const sessionId = sessionIdAt(event);
    if (sessionId === undefined) return;
    const together = selection.active && selection.ids.has(sessionId);
    dragSessions(event, together ? [...selection.ids] : [sessionId]);
  }

  return { onClick, onKey, onDragStart };
}
