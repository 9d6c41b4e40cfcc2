import { readonly, ref } from 'vue';

export const THEMES = ['light', 'dark', 'system'] as const;
export type Theme = (typeof THEMES)[number];

/** The key and the colours are known to public/theme.js too, which runs before the first paint. */
const STORAGE_KEY = 'chat.theme';
const FRAME_COLOUR = { light: '#fafafa', dark: '#09090b' } as const;

const systemDark = matchMedia('(prefers-color-scheme: dark)');
const choice = ref<Theme>(readChoice());

function readChoice(): Theme {
  try {
    const stored = localStorage.getItem(STORAGE_KEY);
    return THEMES.find((theme) => theme === stored) ?? 'system';
  } catch {
    return 'system';
  }
}

function apply(): void {
  const dark = choice.value === 'dark' || (choice.value === 'system' && systemDark.matches);
  const shown = dark ? 'dark' : 'light';
  document.documentElement.dataset.theme = shown;
  document.querySelector('meta[name="theme-color"]')?.setAttribute('content', FRAME_COLOUR[shown]);
}

systemDark.addEventListener('change', apply);
addEventListener('storage', (event) => {
  if (event.key !== STORAGE_KEY) return;
  choice.value = readChoice();
  apply();
});

export const theme = readonly(choice);

export function chooseTheme(next: Theme): void {
  choice.value = next;
  try {
    localStorage.setItem(STORAGE_KEY, next);
  } catch {
    /* Kept for this visit alone. */
  }
  apply();
}
