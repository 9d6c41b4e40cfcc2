import { accessSync, constants } from 'node:fs';

/** Where the browsers of the common distributions put themselves, in the order they are preferred. */
const SYSTEM_BROWSERS = [
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
];

/**
 * Flags for a browser that nobody looks at: it asks no other host for anything by itself, and it
 * starts as root in a container, where Chromium's own sandbox cannot.
 */
export const HEADLESS_BROWSER_ARGS: readonly string[] = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * The browser to test with: `CHROME_PATH`, else a system Chrome or Chromium.
 *
 * @returns its path, or undefined where there is none and Playwright's own should be tried.
 * @throws where `CHROME_PATH` names something that cannot be run.
 */
export function findBrowser(
  env: Readonly<Record<string, string | undefined>> = process.env,
  candidates: readonly string[] = SYSTEM_BROWSERS,
): string | undefined {
  const chosen = env.CHROME_PATH;
  if (chosen !== undefined && chosen !== '') {
    if (!isExecutable(chosen)) {
      throw new Error(`CHROME_PATH is "${chosen}", which is no program that can be run.`);
    }
    return chosen;
  }
  return candidates.find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
