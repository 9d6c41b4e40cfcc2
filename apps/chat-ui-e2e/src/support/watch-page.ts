import { expect, type BrowserContext, type Page } from '@playwright/test';

/** What must never happen on a page, whatever a test is about. */
export interface PageWatch {
  /** Also looks at a context that the test opened itself. */
  include(context: BrowserContext): void;
  /**
   * Lets the browser's own console line about a failed request pass where the test is about
   * failing requests: those that match `pattern`, e.g. `/status of 401/` or `/ERR_INTERNET_DISCONNECTED/`.
   */
  expectConsoleError(pattern: RegExp): void;
  assertNothingWrong(): void;
}

/** Watches every page of the context for console errors, uncaught errors and foreign requests. */
export function watchPage(context: BrowserContext, ownOrigin: string): PageWatch {
  const wrongs: string[] = [];
  const expected: RegExp[] = [];
  const watched = new Set<Page>();

  const watchOne = (page: Page): void => {
    if (watched.has(page)) return;
    watched.add(page);
    page.on('console', (message) => {
      if (message.type() === 'error')
        wrongs.push(`console: ${message.text()} ${message.location().url}`.trim());
    });
    page.on('pageerror', (error) => wrongs.push(`uncaught: ${error.message}`));
    page.on('request', (request) => {
      const { origin, protocol } = new URL(request.url());
      if (protocol.startsWith('http') && origin !== ownOrigin) {
        wrongs.push(`another host was asked: ${request.url()}`);
      }
    });
  };
  const include = (target: BrowserContext): void => {
    target.pages().forEach(watchOne);
    target.on('page', watchOne);
  };

  include(context);
  return {
    include,
    expectConsoleError: (pattern) => expected.push(pattern),
    assertNothingWrong() {
      const unexpected = wrongs.filter((wrong) => !expected.some((one) => one.test(wrong)));
      expect(unexpected, 'console errors, uncaught errors and requests to other hosts').toEqual([]);
    },
  };
}
