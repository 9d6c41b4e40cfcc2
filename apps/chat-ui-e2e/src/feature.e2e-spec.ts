import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signIn, startProduct } from '@chat/product-harness';
import { PROSE } from '@chat/scripted-provider';
import type { Page } from '@playwright/test';
import { ChatPage } from './support/chat-page.js';
import { expect, test, WORKSPACE_ROOT } from './support/test.js';
import { watchPage } from './support/watch-page.js';

async function logIn(page: Page, username: string, password: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Username' }).fill(username);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

test('the description: alice logs in, makes a chat with a title of her own, writes, renames, and leaves', async ({
  page,
}) => {
  await page.goto('/');
  await expect(page).toHaveURL(/\/chat-ui\/login$/);
  await logIn(page, 'alice', 'alicepass123');
  const chat = new ChatPage(page);
  const account = page.getByRole('region', { name: 'Your account' });
  await expect(account).toContainText('@alice');

  await chat.newChat.click();
  await expect(page).toHaveURL(/\/chat-ui\/c\/[0-9a-f]{24}$/);
  const title = page.getByRole('textbox', { name: 'Chat title' });
  await title.fill('My First Chat');
  await title.press('Enter');
  await expect(chat.chat('My First Chat')).toHaveAttribute('aria-current', 'page');
  await expect(chat.composer).toBeFocused();

  await page.keyboard.type('Hello!');
  await page.keyboard.press('Enter');
  await expect(chat.message('Hello!')).toBeVisible();
  await chat.replyEnds();
  await chat.composer.fill('And once more, by the button');
  await chat.send.click();
  await expect(chat.message('And once more')).toBeVisible();
  await expect(page.getByText('4 messages')).toBeVisible();
  await chat.replyEnds();

  await chat.startRenaming('My First Chat');
  await page.keyboard.type('Renamed inline');
  await page.keyboard.press('Enter');
  await expect(chat.chat('Renamed inline')).toBeFocused();

  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Renamed inline');
  await expect(chat.messages).toHaveCount(4);
  await expect(chat.bubble('Hello!')).toBeVisible();

  await page.getByRole('button', { name: 'Log out' }).click();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await expect(page.getByText('Renamed inline')).toHaveCount(0);
});

test('the description: a chat is deleted after a question and comes back whole with Undo', async ({
  user,
  openChat,
}) => {
  const { _id } = await user.api.createSession('Keep or not');
  await user.api.send(_id, 'What was said');
  const chat = await openChat(`/c/${_id}`);
  await chat.openChatMenu('Keep or not');
  await chat.page.getByRole('menuitem', { name: 'Delete' }).click();
  const question = chat.page.getByRole('alertdialog', { name: 'Delete “Keep or not”?' });
  await question.getByRole('button', { name: 'Delete' }).click();
  await expect(chat.chat('Keep or not')).toHaveCount(0);
  await expect(chat.notifications).toContainText('Deleted “Keep or not”.');
  expect(await user.api.call('GET', '/chat/sessions')).toEqual([]);
  await chat.notifications.getByRole('button', { name: 'Undo' }).click();
  await expect(chat.chat('Keep or not')).toBeVisible();
  await expect(chat.bubble('What was said')).toBeVisible();
  expect(await user.api.call('GET', '/chat/sessions')).toMatchObject([{ _id, message_count: 1 }]);
});

test('the description: a message is deleted and comes back in its place with Undo', async ({
  user,
  openChat,
}) => {
  const { _id } = await user.api.createSession('Second thoughts');
  for (const content of ['one', 'two', 'three']) await user.api.send(_id, content);
  const chat = await openChat(`/c/${_id}`);
  await expect(chat.page.getByText('3 messages')).toBeVisible();
  await chat.message('two').hover();
  await chat.message('two').getByRole('button', { name: 'Delete message' }).click();
  await expect(chat.message('two')).toHaveCount(0);
  await expect(chat.page.getByText('2 messages')).toBeVisible();
  await chat.notifications.getByRole('button', { name: 'Undo' }).click();
  await expect(chat.page.getByText('3 messages')).toBeVisible();
  await expect(chat.messages.locator('.bubble')).toHaveText(['one', 'two', 'three']);
  expect(await user.api.call('GET', `/chat/sessions/${_id}`)).toMatchObject({ message_count: 3 });
});

test('the description: someone registers, changes the name shown and the password, and logs in with it', async ({
  page,
}) => {
  const username = `new-${Date.now().toString(36)}`;
  await page.goto('/chat-ui/login');
  await page.getByRole('link', { name: 'Create an account' }).click();
  // The login form has fields of the same names and stays until the other one is loaded.
  await expect(page.getByRole('heading', { name: 'Create an account' })).toBeVisible();
  await page.getByRole('textbox', { name: 'Username' }).fill(username);
  await page.getByRole('textbox', { name: 'Password' }).fill('first password 1');
  await page.getByRole('button', { name: 'Create account' }).click();
  const account = page.getByRole('region', { name: 'Your account' });
  await expect(account).toContainText(`@${username}`);

  await account.getByRole('button', { name: 'Account and theme' }).click();
  await page.getByRole('menuitem', { name: 'Account…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Account' });
  await dialog.getByRole('textbox', { name: 'Display name' }).fill('Someone New');
  await dialog.getByRole('button', { name: 'Save name' }).click();
  await expect(page.getByText('Someone New', { exact: true })).toBeVisible();
  await dialog.getByRole('textbox', { name: 'Current password' }).fill('first password 1');
  await dialog.getByRole('textbox', { name: 'New password' }).fill('second password 2');
  const changed = page.waitForResponse('**/auths/change-password');
  await dialog.getByRole('button', { name: 'Change password' }).click();
  expect((await changed).ok()).toBe(true);
  await dialog.getByRole('button', { name: 'Close' }).click();

  await page.getByRole('button', { name: 'Log out' }).click();
  await logIn(page, username, 'second password 2');
  await expect(account).toContainText('Someone New');
});

test('the description: everyone sees only their own sessions', async ({
  user,
  openChat,
  product,
  watch,
}) => {
  const other = await signIn(product.url, 'testuser', 'testpass123');
  const theirs = await other.createSession('Not for others');
  await user.api.createSession('Mine');
  watch.expectConsoleError(/status of 404/);
  const chat = await openChat(`/c/${theirs._id}`);
  await expect(chat.page.getByRole('heading', { level: 1 })).toHaveText('Not found');
  await expect(chat.chat('Mine')).toBeVisible();
  await expect(chat.page.getByText('Not for others')).toHaveCount(0);
});

test('the description: what was written is there after the server was killed and started again', async ({
  assistantsEnv,
  browser,
}) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'chat-restart-'));
  const context = await browser.newContext();
  try {
    const before = await startProduct(WORKSPACE_ROOT, { dataDir, env: assistantsEnv });
    const firstWatch = watchPage(context, before.url);
    const page = await context.newPage();
    await page.goto(`${before.url}/chat-ui`);
    await logIn(page, 'alice', 'alicepass123');
    const chat = new ChatPage(page);
    await expect(chat.composer).toBeFocused();
    await chat.write('Still here tomorrow?');
    await expect(chat.message('Still here tomorrow?')).toBeVisible();
    await chat.replyEnds();
    const { pathname, port } = new URL(page.url());
    firstWatch.assertNothingWrong();
    await before.stop('SIGKILL');

    const after = await startProduct(WORKSPACE_ROOT, {
      dataDir,
      env: { ...assistantsEnv, PORT: port },
    });
    try {
      await page.goto(`${after.url}${pathname}`);
      await expect(chat.message('Still here tomorrow?')).toBeVisible();
      await expect(chat.rows).toHaveCount(1);
      await expect(chat.replies).toHaveCount(1);
      await expect(chat.replies.last()).toContainText(PROSE);
      await chat.write('It is.');
      await expect(chat.ownMessages).toHaveCount(2);
    } finally {
      await after.stop();
    }
  } finally {
    await context.close();
    await rm(dataDir, { recursive: true, force: true });
  }
});
