import { useMediaQuery } from '@vueuse/core';
import { computed, readonly, ref } from 'vue';

/** In rem, so that larger text gets a wider list: 240, 288 and 400 px at the usual 16. */
export const SIDEBAR_REM = { min: 15, initial: 18, max: 25 } as const;

const STORAGE_KEY = 'chat.sidebar';

interface Stored {
  width: number;
  collapsed: boolean;
}

function readStored(): Stored {
  try {
    const stored = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '{}') as Partial<Stored>;
    return { width: clampWidth(stored.width), collapsed: stored.collapsed === true };
  } catch {
    return { width: SIDEBAR_REM.initial, collapsed: false };
  }
}

function clampWidth(width: unknown): number {
  if (typeof width !== 'number' || !Number.isFinite(width)) return SIDEBAR_REM.initial;
  return Math.min(SIDEBAR_REM.max, Math.max(SIDEBAR_REM.min, width));
}

const stored = readStored();
const width = ref(stored.width);
const collapsed = ref(stored.collapsed);
const drawerOpen = ref(false);
const narrow = useMediaQuery('(width < 48rem)');

function store(): void {
  try {
    const value: Stored = { width: width.value, collapsed: collapsed.value };
    localStorage.setItem(STORAGE_KEY, JSON.stringify(value));
  } catch {
    /* Kept for this visit alone. */
  }
}

/** Where the list of the page is: beside the page, hidden, or a drawer over a narrow one. */
export const sidebarLayout = {
  /** Under 768 px the list is a drawer. */
  narrow: readonly(narrow),
  drawerOpen: readonly(drawerOpen),
  collapsed: readonly(collapsed),
  /** In rem. */
  width: readonly(width),
  /** Whether the list can be seen. */
  shown: computed(() => (narrow.value ? drawerOpen.value : !collapsed.value)),

  setDrawer(open: boolean): void {
    drawerOpen.value = open;
  },
  setCollapsed(hidden: boolean): void {
    collapsed.value = hidden;
    store();
  },
  resize(rem: number): void {
    width.value = clampWidth(rem);
    store();
  },
};
