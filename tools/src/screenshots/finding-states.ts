import type { Page } from '@playwright/test';
import { DELETED_CHATS } from './conversations.js';
import { inChat, type State } from './reaching.js';

/** Asks the palette, and waits until it has answered. */
async function searchFor(page: Page, words: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Search chats and messages' }).fill(words);
}

const found = (page: Page) => page.getByRole('listbox', { name: 'Results' }).getByRole('option');

/** Search, trash, versions and reactions. */
export const FINDING_STATES: readonly State[] = [
  {
    name: 'search-start',
    signedIn: true,
    reach: inChat('garden', async (page) => {
      await searchFor(page, '');
      await page.getByRole('listbox', { name: 'Recent chats' }).waitFor();
    }),
  },
  {
    name: 'search',
    signedIn: true,
    reach: inChat('garden', async (page) => {
      await searchFor(page, 'lisbon');
      await found(page).nth(3).waitFor();
    }),
  },
  {
    name: 'search-none',
    signedIn: true,
    reach: inChat('garden', async (page) => {
      await searchFor(page, 'zeppelin');
      await page.getByText('No results for').waitFor();
    }),
  },
  {
    name: 'search-opened',
    signedIn: true,
    reach: inChat('garden', async (page) => {
      await searchFor(page, 'kitchen chair');
      await found(page).filter({ hasText: 'The step is high' }).click();
      await page.locator('.message.found').waitFor();
    }),
  },
  {
    name: 'trash',
    signedIn: true,
    reach: async (page) => {
      await page.goto('/chat-ui/trash');
      await page.getByRole('list', { name: 'Trash' }).getByText(DELETED_CHATS[0]).waitFor();
    },
  },
  {
    name: 'revisions',
    signedIn: true,
    reach: inChat('letter', async (page) => {
      await page.getByRole('button', { name: 'Edited' }).click();
      const viewer = page.getByRole('dialog', { name: 'Versions of this message' });
      await viewer.getByRole('region', { name: 'Changes' }).locator('ins').first().waitFor();
    }),
  },
  { name: 'reactions', signedIn: true, reach: inChat('lisbon') },
  {
    name: 'reaction-picker',
    signedIn: true,
    reach: inChat('lisbon', async (page) => {
      const message = page
        .getByRole('log')
        .getByRole('listitem')
        .filter({ hasText: 'The step is high' });
      await message.hover();
      await message.getByRole('button', { name: 'Add reaction' }).click();
      await page.getByRole('dialog', { name: 'Add a reaction' }).waitFor();
    }),
  },
  {
    name: 'message-menu',
    signedIn: true,
    reach: inChat('letter', async (page) => {
      const message = page.getByRole('article').last();
      await message.hover();
      await message.getByRole('button', { name: 'More actions' }).click();
      await page.getByRole('menu').waitFor();
    }),
  },
  {
    name: 'shortcuts',
    signedIn: true,
    reach: inChat('garden', async (page) => {
      await page.evaluate(() => {
        (document.activeElement as HTMLElement | null)?.blur();
      });
      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    }),
  },
];
