import { chatGptExport } from './conversations.js';
import { inChat, openChatMenu, openFromAccountMenu, type State } from './reaching.js';

/** Taking chats out, bringing them in, and the account. */
export const TRANSFER_STATES: readonly State[] = [
  {
    name: 'export',
    signedIn: true,
    reach: inChat('garden', async (page) => {
      await openChatMenu(page);
      await page.getByRole('menuitem', { name: 'Export…' }).click();
      await page.getByRole('dialog', { name: 'Export chat' }).waitFor();
    }),
  },
  {
    name: 'export-all',
    signedIn: true,
    reach: inChat('garden', (page) => openFromAccountMenu(page, 'Export everything…')),
  },
  {
    name: 'import',
    signedIn: true,
    reach: inChat('garden', async (page) => {
      await openFromAccountMenu(page, 'Import…');
      await page.getByText('Earlier imports').waitFor();
    }),
  },
  {
    name: 'import-report',
    signedIn: true,
    reach: inChat('garden', async (page) => {
      await openFromAccountMenu(page, 'Import…');
      await page.getByLabel('File to import').setInputFiles({
        name: 'conversations.json',
        mimeType: 'application/json',
        buffer: Buffer.from(await chatGptExport().arrayBuffer()),
      });
      await page.getByRole('list', { name: 'Chats of the file' }).waitFor();
    }),
  },
  {
    name: 'account',
    signedIn: true,
    reach: inChat('garden', async (page) => {
      await openFromAccountMenu(page, 'Account…');
      const dialog = page.getByRole('dialog', { name: 'Account' });
      await dialog.getByText('This device').waitFor();
    }),
  },
  {
    name: 'account-end',
    signedIn: true,
    reach: inChat('garden', async (page) => {
      await openFromAccountMenu(page, 'Account…');
      await page.getByRole('button', { name: 'Delete account…' }).click();
      await page.getByLabel('Your password, to delete the account').waitFor();
    }),
  },
];
