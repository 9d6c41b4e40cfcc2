import { beforeEach } from 'vitest';

// jsdom has no layout and no media: enough of both for components that only ask.
window.matchMedia = (query: string): MediaQueryList =>
  Object.assign(new EventTarget(), {
    matches: false,
    media: query,
    onchange: null,
    addListener: () => undefined,
    removeListener: () => undefined,
  });
window.CSS = { ...window.CSS, supports: () => true };

beforeEach(() => {
  localStorage.clear();
});
