import { findBrowser, HEADLESS_BROWSER_ARGS } from '@chat/product-harness';
import { chromium, type Browser, type Page } from '@playwright/test';

/** Who signs in on the page. */
export interface Login {
  readonly username: string;
  readonly password: string;
}

const DEMO_USER: Login = { username: 'alice', password: 'alicepass123' };

/** The browser of this machine, without a window. The caller closes it. */
export function launchBrowser(args: readonly string[] = []): Promise<Browser> {
  const executablePath = findBrowser();
  return chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: [...HEADLESS_BROWSER_ARGS, ...args],
  });
}

/** A new page of the size of a laptop's. */
export function openPage(browser: Browser): Promise<Page> {
  return browser.newPage({ viewport: { width: 1280, height: 800 } });
}

/** Signs in through the form. */
export async function signInOnPage(page: Page, baseUrl: string, login = DEMO_USER): Promise<void> {
  await page.goto(`${baseUrl}/chat-ui/`);
  await page.getByLabel('Username').fill(login.username);
  await page.getByLabel('Password', { exact: true }).fill(login.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('navigation').first().waitFor();
}
