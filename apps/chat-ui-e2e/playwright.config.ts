import { findBrowser, HEADLESS_BROWSER_ARGS } from '@chat/product-harness';
import { defineConfig } from '@playwright/test';

const executablePath = findBrowser();

/**
 * Every test runs through the built product: `support/test.ts` starts one server a worker. A test
 * that fails has failed; there is no second try that would hide a race. What is tagged `@timed`
 * sets a time against a limit: its target `e2e-timed` runs it with nothing beside it.
 */
export default defineConfig({
  testDir: './src',
  testMatch: '**/*.e2e-spec.ts',
  outputDir: './test-results/artifacts',
  fullyParallel: true,
  forbidOnly: true,
  retries: 0,
  workers: 2,
  // A busy machine takes many times as long; what a test says about time, it measures itself.
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: [['line'], ['json', { outputFile: './test-results/e2e.json' }]],
  use: {
    actionTimeout: 20_000,
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    // Recording a trace doubles the time and shows in what the tests measure: `--trace on` by hand.
    trace: 'off',
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(executablePath === undefined ? {} : { executablePath }),
      args: [...HEADLESS_BROWSER_ARGS],
    },
  },
});
