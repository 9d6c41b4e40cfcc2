import { vi } from 'vitest';

// jsdom has no layout and no media: enough of both for components that only ask.
vi.stubGlobal('matchMedia', (query: string) => ({
  matches: false,
  media: query,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
}));
