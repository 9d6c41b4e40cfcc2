import type { Locator, Page } from '@playwright/test';
import { inChat, showSidebar, type State } from './reaching.js';

const folder = (page: Page, name: string): Locator =>
  page.getByRole('treeitem', { name: new RegExp(`^${name}, `) });

/** The sidebar with the folders that hold others open. */
async function showFolders(page: Page): Promise<void> {
  await showSidebar(page);
  await folder(page, 'Travel').waitFor();
  for (const name of ['Travel', 'Home']) {
    const row = folder(page, name);
    if ((await row.getAttribute('aria-expanded')) === 'false') await row.press('ArrowRight');
  }
  await folder(page, 'Kitchen').waitFor();
  await page.evaluate(() => {
    (document.activeElement as HTMLElement | null)?.blur();
  });
}

async function openListMenu(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Filter and select' }).click();
  await page.getByRole('menu').waitFor();
}

/** Folders, tags, marks, filters, and many chats at once. */
export const ORDER_STATES: readonly State[] = [
  { name: 'organise', signedIn: true, reach: inChat('garden', showFolders) },
  {
    name: 'folder-menu',
    signedIn: true,
    reach: inChat('lisbon', async (page) => {
      await showFolders(page);
      await folder(page, 'Home').hover();
      await page.getByRole('button', { name: 'Options for folder Home' }).click();
      await page.getByRole('menu').waitFor();
    }),
  },
  {
    name: 'folder-open',
    signedIn: true,
    reach: inChat('lisbon', async (page) => {
      await showFolders(page);
      await folder(page, 'Kitchen').click();
      await page.getByRole('button', { name: /^Folder: Kitchen/ }).waitFor();
    }),
  },
  {
    name: 'filter-menu',
    signedIn: true,
    reach: inChat('lisbon', async (page) => {
      await showSidebar(page);
      await openListMenu(page);
    }),
  },
  {
    name: 'chat-menu',
    signedIn: true,
    reach: inChat('lisbon', async (page) => {
      await showSidebar(page);
      const row = page.getByRole('link', { name: /^A name for the cat/ });
      await row.scrollIntoViewIfNeeded();
      await row.hover();
      await page.getByRole('button', { name: 'Options for A name for the cat' }).click();
      await page.getByRole('menu').waitFor();
    }),
  },
  {
    name: 'tags',
    signedIn: true,
    reach: inChat('lisbon', async (page) => {
      await page.getByRole('button', { name: 'Chat options' }).click();
      await page.getByRole('menuitem', { name: 'Tags…' }).click();
      await page.getByRole('dialog', { name: 'Tags' }).getByRole('option').first().waitFor();
    }),
  },
  {
    name: 'bulk',
    signedIn: true,
    reach: inChat('lisbon', async (page) => {
      await showSidebar(page);
      await openListMenu(page);
      await page.getByRole('menuitem', { name: 'Select chats' }).click();
      for (const title of [/^Exponential back-off/, /^Small questions/, /^Weekend in Lisbon/]) {
        await page.getByRole('checkbox', { name: title }).click();
      }
      await page.getByRole('region', { name: 'Selected chats' }).getByText('3 selected').waitFor();
    }),
  },
];
