/**
 * `npm run screenshots`: pictures of every state of the page at three sizes, light and dark, into
 * `tmp/screenshots`; those that the README shows also into `docs/pictures`.
 *
 * `npm run screenshots -- chat login` names the states to take; all of them when none is named.
 */
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  findBrowser,
  HEADLESS_BROWSER_ARGS,
  signIn,
  type RunningProduct,
} from '@chat/product-harness';
import { chromium, type Browser, type Page } from '@playwright/test';
import { startScriptedProduct } from '../scripted/scripted-product.js';
import { prepareScene, SCENE_MODELS, type Scene } from './scene.js';
import type { State } from './reaching.js';
import { STATES } from './states.js';

const SIZES = {
  desktop: { width: 1280, height: 800 },
  tablet: { width: 820, height: 1180 },
  phone: { width: 360, height: 740 },
} as const;
const THEMES = ['light', 'dark'] as const;

/** What README.md shows. */
const PICTURES = [
  'chat-desktop-light',
  'chat-desktop-dark',
  'chat-phone-light',
  'answer-whole-desktop-light',
  'answer-whole-desktop-dark',
  'answer-whole-phone-light',
  'answer-whole-phone-dark',
  'search-desktop-light',
  'search-desktop-dark',
  'organise-desktop-light',
  'organise-desktop-dark',
  'revisions-desktop-light',
  'revisions-desktop-dark',
];

const root = process.cwd();
const folder = join(root, 'tmp/screenshots');
const pictures = join(root, 'docs/pictures');

const named = process.argv.slice(2);
const wanted = STATES.filter(({ name }) => named.length === 0 || named.includes(name));

await mkdir(folder, { recursive: true });
await mkdir(pictures, { recursive: true });
const scripted = await startScriptedProduct(root, SCENE_MODELS);
const { product, provider } = scripted;
const executablePath = findBrowser();
const browser = await chromium.launch({
  ...(executablePath === undefined ? {} : { executablePath }),
  args: [...HEADLESS_BROWSER_ARGS],
});
try {
  const scene = await prepareScene(await signIn(product.url), product.url, provider);
  for (const state of wanted) {
    for (const size of Object.keys(SIZES) as (keyof typeof SIZES)[]) {
      for (const theme of THEMES) {
        await take(browser, product, scene, state, size, theme);
      }
    }
    process.stdout.write(`${state.name}\n`);
  }
} finally {
  await browser.close();
  await scripted.stop();
}

async function take(
  on: Browser,
  of: RunningProduct,
  scene: Scene,
  state: State,
  size: keyof typeof SIZES,
  theme: (typeof THEMES)[number],
): Promise<void> {
  const context = await on.newContext({
    baseURL: of.url,
    viewport: SIZES[size],
    colorScheme: theme,
    hasTouch: size !== 'desktop',
    isMobile: size === 'phone',
    reducedMotion: 'reduce',
    locale: 'en-GB',
  });
  const name = `${state.name}-${size}-${theme}`;
  try {
    const page = await context.newPage();
    if (state.signedIn) {
      await page.goto('/chat-ui/login');
      await page.getByLabel('Username').fill('alice');
      await page.getByLabel('Password').fill('alicepass123');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('textbox', { name: 'Message' }).waitFor();
    }
    await state.reach(page, scene);
    const file = join(folder, `${name}.png`);
    await page.screenshot({ path: file, animations: 'disabled' });
    await state.leave?.(page);
    if (state.signedIn) await signOut(page);
    if (PICTURES.includes(name)) await copyFile(file, join(pictures, `${name}.png`));
  } catch (error) {
    throw new Error(`The picture ${name} could not be taken.`, { cause: error });
  } finally {
    await context.close();
  }
}

/** Every picture signs in anew: without this the list of devices would grow by each. */
async function signOut(page: Page): Promise<void> {
  await page.context().setOffline(false);
  await page.evaluate(() => fetch('/auths/logout', { method: 'POST' }));
}
