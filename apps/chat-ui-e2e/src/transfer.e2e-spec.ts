import { readFile } from 'node:fs/promises';
import type { Download, Page } from '@playwright/test';
import { expectNoViolations } from './support/accessibility.js';
import type { ChatPage } from './support/chat-page.js';
import { expect, test } from './support/test.js';

const PHONE = { width: 360, height: 740 };

async function openMenu(page: Page, item: string): Promise<void> {
  await page.getByRole('button', { name: /Account and theme/ }).click();
  await page.getByRole('menuitem', { name: item }).click();
}

async function openExport(chat: ChatPage): Promise<void> {
  await chat.page.getByRole('button', { name: 'Chat options' }).click();
  await chat.page.getByRole('menuitem', { name: 'Export…' }).click();
  await expect(chat.page.getByRole('dialog', { name: 'Export chat' })).toBeVisible();
}

/** Exports what the dialog says, and answers the file. */
async function saveExport(page: Page): Promise<{ download: Download; text: string }> {
  const coming = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const download = await coming;
  return { download, text: await readFile(await download.path(), 'utf8') };
}

/** A file as another chat system gives it. */
function chatGptExport(titles: readonly string[]): Buffer {
  const conversations = titles.map((title, at) => ({
    id: `conversation-${at}`,
    title,
    create_time: 1_700_000_000 + at,
    current_node: 'answer',
    mapping: {
      root: { id: 'root', parent: null, children: ['question'], message: null },
      question: {
        id: 'question',
        parent: 'root',
        children: ['answer'],
        message: {
          author: { role: 'user' },
          create_time: 1_700_000_001 + at,
          content: { content_type: 'text', parts: [`What of ${title}?`] },
        },
      },
      answer: {
        id: 'answer',
        parent: 'question',
        children: [],
        message: {
          author: { role: 'assistant' },
          create_time: 1_700_000_002 + at,
          content: { content_type: 'text', parts: [`All of ${title}.`] },
        },
      },
    },
  }));
  return Buffer.from(JSON.stringify(conversations));
}

async function choose(page: Page, name: string, buffer: Buffer): Promise<void> {
  const file = { name, mimeType: 'application/octet-stream', buffer };
  await page.getByLabel('File to import').setInputFiles(file);
}

test('65 an export holds every message of the branch that is shown, far beyond the page', async ({
  user,
  openChat,
}) => {
  const { _id } = await user.api.createSession('Long: "quoted" / ß');
  for (let at = 1; at <= 120; at++) await user.api.send(_id, `line number ${at}.`);
  const chat = await openChat(`/c/${_id}`);
  await expect(chat.message('line number 120.')).toBeVisible();
  await openExport(chat);
  const { download, text } = await saveExport(chat.page);
  expect(download.suggestedFilename()).toMatch(/^Long.*\.md$/);
  for (let at = 1; at <= 120; at++) expect(text).toContain(`line number ${at}.`);
  await expect(chat.notifications).toContainText('Saved “Long');
  await expect(chat.page.getByRole('dialog')).toHaveCount(0);
  await expect(chat.page.getByRole('button', { name: 'Chat options' })).toBeFocused();
});

test('65 other versions are left out, and taken along where that is wanted', async ({
  user,
  openChat,
}) => {
  const { _id } = await user.api.createSession('Branched');
  await user.api.send(_id, 'first words');
  await user.api.call('POST', `/chat/sessions/${_id}/messages`, {
    content: 'second thoughts',
    parent_id: null,
  });
  const chat = await openChat(`/c/${_id}`);
  await expect(chat.message('second thoughts')).toBeVisible();
  await openExport(chat);
  await chat.page.getByRole('radio', { name: /Plain text/ }).check();
  const shown = await saveExport(chat.page);
  expect(shown.download.suggestedFilename()).toBe('Branched.txt');
  expect(shown.text).toContain('second thoughts');
  expect(shown.text).not.toContain('first words');

  await openExport(chat);
  await chat.page.getByRole('radio', { name: /JSON/ }).check();
  await chat.page.getByRole('checkbox', { name: /Every version/ }).check();
  const whole = await saveExport(chat.page);
  const { messages } = JSON.parse(whole.text) as { messages: { content: string }[] };
  expect(messages.map(({ content }) => content)).toEqual(['first words', 'second thoughts']);
});

test('a chat becomes a PDF and a web page, from its row by keyboard alone', async ({
  user,
  openChat,
  page,
}) => {
  const { _id } = await user.api.createSession('On paper');
  await user.api.send(_id, 'Ω Привет 你好 👋');
  const chat = await openChat(`/c/${_id}`);
  for (const [format, suffix, begins] of [
    ['PDF', 'pdf', '%PDF-'],
    ['Web page', 'html', '<!doctype html>'],
  ] as const) {
    await chat.chat('On paper').hover();
    await page.getByRole('button', { name: 'Options for On paper' }).focus();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('menuitem').first()).toBeFocused();
    await page.keyboard.type('Export');
    await expect(page.getByRole('menuitem', { name: 'Export…' })).toBeFocused();
    await page.keyboard.press('Enter');
    await page.getByRole('radio', { name: new RegExp(`^${format}`) }).focus();
    await page.keyboard.press('Space');
    const coming = page.waitForEvent('download', { timeout: 60_000 });
    await page.keyboard.press('Enter');
    const download = await coming;
    expect(download.suggestedFilename()).toBe(`On paper.${suffix}`);
    const bytes = await readFile(await download.path());
    expect(bytes.subarray(0, begins.length).toString('latin1').toLowerCase()).toBe(
      begins.toLowerCase(),
    );
    await expect(page.getByRole('dialog')).toHaveCount(0);
  }
});

test('an export that fails says so in place and can be tried again', async ({
  user,
  openChat,
  page,
  watch,
}) => {
  watch.expectConsoleError(/ERR_FAILED|503/);
  const { _id } = await user.api.createSession('Unlucky');
  await user.api.send(_id, 'hello');
  const chat = await openChat(`/c/${_id}`);
  await page.route(/\/export\?/, (route) => route.abort());
  await openExport(chat);
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('The file was not saved.');
  await page.unroute(/\/export\?/);
  const coming = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Try again' }).click();
  expect((await coming).suggestedFilename()).toBe('Unlucky.md');
});

test('a foreign export is checked, imported, opened, and undone', async ({ openChat, page }) => {
  const chat = await openChat();
  await openMenu(page, 'Import…');
  await choose(page, 'conversations.json', chatGptExport(['Apples', 'Pears']));
  const dialog = page.getByRole('dialog', { name: 'Import chats' });
  await expect(dialog).toContainText('2 chats to import.');
  await expect(dialog).toContainText('An export of ChatGPT.');
  // Nothing has happened yet.
  await expect(chat.chat('Apples')).toHaveCount(0);
  await dialog.getByRole('button', { name: 'Import 2 chats' }).click();
  await expect(dialog).toContainText('2 chats imported.');
  await dialog.getByRole('link', { name: 'Apples' }).click();
  await expect(chat.message('All of Apples.')).toBeVisible();
  await expect(chat.chat('Pears')).toBeVisible();

  // The same again is nothing new.
  await openMenu(page, 'Import…');
  await choose(page, 'again.json', chatGptExport(['Apples', 'Pears']));
  await expect(dialog).toContainText('2 skipped');
  await expect(dialog.getByRole('button', { name: /^Import 0/ })).toBeDisabled();
  await dialog.getByRole('button', { name: 'Choose another file' }).click();
  await dialog.getByRole('button', { name: /^Undo the import/ }).click();
  await expect(chat.notifications).toContainText('The import was undone.');
  await page.keyboard.press('Escape');
  await expect(chat.chat('Apples')).toHaveCount(0);
  await expect(chat.chat('Pears')).toHaveCount(0);
});

test('everything is taken away as a ZIP, which comes back here as what is there already', async ({
  user,
  openChat,
  page,
}) => {
  const { _id } = await user.api.createSession('Kept');
  await user.api.send(_id, 'hello');
  await openChat(`/c/${_id}`);
  await openMenu(page, 'Export everything…');
  const coming = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download ZIP' }).click();
  const zip = await readFile(await (await coming).path());
  expect(zip.subarray(0, 2).toString()).toBe('PK');
  await openMenu(page, 'Import…');
  await choose(page, 'export.zip', zip);
  const dialog = page.getByRole('dialog', { name: 'Import chats' });
  await expect(dialog).toContainText('An export of Chat Sessions.');
  await expect(dialog).toContainText('1 skipped');
});

test('a broken file is told of in words, and nothing is imported', async ({ openChat, page }) => {
  await openChat();
  await openMenu(page, 'Import…');
  const whole = chatGptExport(['Half']);
  await choose(page, 'half.json', whole.subarray(0, whole.length / 2));
  const dialog = page.getByRole('dialog', { name: 'Import chats' });
  await expect(dialog.getByRole('alert').or(dialog.getByText('cannot be imported'))).toBeVisible();
  await expect(dialog.getByRole('button', { name: /^Import \d/ })).toHaveCount(0);
});

for (const theme of ['light', 'dark'] as const) {
  test.describe(`54 axe finds nothing in ${theme}`, () => {
    test.use({ colorScheme: theme });

    test('on the dialogs for export and import, with a report', async ({
      user,
      openChat,
      page,
    }) => {
      const { _id } = await user.api.createSession('Seen');
      await user.api.send(_id, 'hello');
      const chat = await openChat(`/c/${_id}`);
      await openExport(chat);
      await expectNoViolations(page);
      await page.keyboard.press('Escape');
      await openMenu(page, 'Export everything…');
      await expectNoViolations(page);
      await page.keyboard.press('Escape');
      await openMenu(page, 'Import…');
      await expectNoViolations(page);
      await choose(page, 'conversations.json', chatGptExport(['Apples', 'Pears']));
      const dialog = page.getByRole('dialog', { name: 'Import chats' });
      await expect(dialog).toContainText('2 chats to import.');
      await expectNoViolations(page);
      await page.setViewportSize(PHONE);
      await expectNoViolations(page);
      const wider = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      expect(wider).toBe(false);
    });
  });
}
