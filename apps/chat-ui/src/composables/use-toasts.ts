import { readonly, ref } from 'vue';
import { announce } from './use-announcer.js';

export interface Toast {
  id: number;
  text: string;
  tone: 'neutral' | 'danger';
  /** One thing to do about it, e.g. Undo. */
  action?: { label: string; run: () => void };
}

/** Long enough to read and to reach with a keyboard; the region stops the clock while it is used. */
export const TOAST_MS = 10_000;

const list = ref<Toast[]>([]);
let lastId = 0;

/** The notes on the screen, oldest first. */
export const toasts = readonly(list);

/** Shows a short note and says it aloud. */
export function showToast(toast: Omit<Toast, 'id' | 'tone'> & { tone?: Toast['tone'] }): void {
  lastId += 1;
  // More than three at once are a wall, not notes.
  list.value = [...list.value.slice(-2), { tone: 'neutral', ...toast, id: lastId }];
  announce(toast.action ? `${toast.text} Press F8 for ${toast.action.label}.` : toast.text);
}

export function dismissToast(id: number): void {
  list.value = list.value.filter((toast) => toast.id !== id);
}

export function clearToasts(): void {
  list.value = [];
}
