import type { ListedMessage, TrashEntry } from '@chat/shared-types';
import type { Locator, Page } from '@playwright/test';
import { expectNoViolations } from './support/accessibility.js';
import { ChatPage } from './support/chat-page.js';
import { expect, test, type TestUser } from './support/test.js';

const rowsOf = (page: Page): Locator =>
  page.getByRole('list', { name: 'Trash' }).getByRole('listitem');

/** A chat in the trash, and a message of another chat. */
async function fillTrash(user: TestUser): Promise<{ boats: string; tea: string }> {
  const { _id: boats } = await user.api.createSession('Boats');
  await user.api.send(boats, 'a sail');
  const { _id: tea } = await user.api.createSession('Tea');
  await user.api.send(tea, 'green tea');
  const black = await user.api.send(tea, 'black tea', 'assistant');
  await user.api.call('DELETE', `/chat/sessions/${tea}/messages/${black._id}`);
  await user.api.call('DELETE', `/chat/sessions/${boats}`);
  return { boats, tea };
}

test('43 what is in the trash says when it goes for good, and a restored chat opens as it was', async ({
  user,
  openChat,
  page,
}) => {
  const { boats } = await fillTrash(user);
  const chat = await openChat();
  await page.getByRole('link', { name: 'Trash' }).click();
  await expect(page.getByRole('heading', { name: 'Trash', level: 1 })).toBeFocused();
  await expect(page).toHaveTitle(/^Trash/);
  await expect(rowsOf(page)).toHaveCount(2);
  await expect(rowsOf(page).first()).toContainText('Boats');
  await expect(rowsOf(page).first()).toContainText('Goes for good in 30 days.');
  await expect(rowsOf(page).nth(1)).toContainText('black tea');
  await expect(rowsOf(page).nth(1)).toContainText('Reply in “Tea”');
  await page.getByRole('button', { name: 'Restore Boats' }).click();
  await expect(page).toHaveURL(new RegExp(`/c/${boats}$`));
  await expect(chat.bubble('a sail')).toBeVisible();
  await expect(chat.chat('Boats')).toBeVisible();
});

test('a restored message is opened in its place', async ({ user, openChat, page }) => {
  const { tea } = await fillTrash(user);
  const chat = await openChat('/trash');
  await page.getByRole('button', { name: 'Restore black tea' }).click();
  await expect(chat.message('black tea')).toBeFocused();
  await expect(page).toHaveURL(new RegExp(`/c/${tea}\\?m=`));
  const stored = await user.api.call<ListedMessage[]>('GET', `/chat/sessions/${tea}/messages`);
  expect(stored.map(({ content }) => content)).toEqual(['green tea', 'black tea']);
});

test('57 by keyboard alone: the question names how much goes, Cancel keeps it, and the rest follows', async ({
  user,
  openChat,
  page,
}) => {
  await fillTrash(user);
  await openChat('/trash');
  const opener = page.getByRole('button', { name: 'Empty trash' });
  await opener.focus();
  await page.keyboard.press('Enter');
  const question = page.getByRole('alertdialog', { name: 'Delete 1 chat and 1 message?' });
  await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(question).toHaveCount(0);
  await expect(opener).toBeFocused();
  await expect(rowsOf(page)).toHaveCount(2);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByText('The trash is empty', { exact: true })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Trash', level: 1 })).toBeFocused();
  await expect.poll(() => user.api.call<TrashEntry[]>('GET', '/chat/trash')).toEqual([]);
});

test('21 another tab follows what is deleted and restored', async ({
  user,
  openChat,
  page,
  context,
}) => {
  const { _id } = await user.api.createSession('Boats');
  const chat = await openChat('/trash');
  await expect(page.getByText('The trash is empty', { exact: true })).toBeVisible();
  const other = new ChatPage(await context.newPage());
  await other.page.goto(`/chat-ui/c/${_id}`);
  await other.openChatMenu('Boats');
  await other.page.getByRole('menuitem', { name: 'Delete' }).click();
  await other.page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await expect(rowsOf(page)).toHaveCount(1);
  await other.notifications.getByRole('button', { name: 'Undo' }).click();
  await expect(rowsOf(page)).toHaveCount(0);
  await expect(chat.chat('Boats')).toBeVisible();
});

test('49 what was not read says so in its place, and what was not restored stays', async ({
  user,
  openChat,
  page,
  watch,
}) => {
  watch.expectConsoleError(/503/);
  await fillTrash(user);
  await page.route('**/chat/trash?*', (route) => route.fulfill({ status: 503, body: '' }));
  const chat = await openChat('/trash');
  const alert = page.getByRole('alert').filter({ hasText: 'The trash did not load.' });
  await expect(alert).toBeVisible();
  await page.unroute('**/chat/trash?*');
  await alert.getByRole('button', { name: 'Retry' }).click();
  await expect(rowsOf(page)).toHaveCount(2);
  await page.route('**/restore', (route) => route.fulfill({ status: 503, body: '' }));
  await page.getByRole('button', { name: 'Restore Boats' }).click();
  await expect(chat.notifications).toContainText('It was not restored.');
  await expect(rowsOf(page)).toHaveCount(2);
  await expect(page.getByRole('button', { name: 'Restore Boats' })).toBeFocused();
});

test('a long trash goes on loading while it is scrolled', async ({ user, openChat, page }) => {
  const { _id } = await user.api.createSession('Many');
  const sent = [];
  for (let at = 0; at < 60; at += 1) sent.push(await user.api.send(_id, `message ${at}`));
  for (const message of sent) {
    await user.api.call('DELETE', `/chat/sessions/${_id}/messages/${message._id}`);
  }
  await openChat('/trash');
  await expect(rowsOf(page).first()).toContainText('message 59');
  await rowsOf(page).last().scrollIntoViewIfNeeded();
  await expect(rowsOf(page)).toHaveCount(60);
  await page.getByRole('button', { name: 'Empty trash' }).click();
  await expect(page.getByRole('alertdialog', { name: 'Delete 60 messages?' })).toBeVisible();
});

for (const theme of ['light', 'dark'] as const) {
  test.describe(`54 axe finds nothing in ${theme}`, () => {
    test.use({ colorScheme: theme });

    test('in the trash, in its question, and where it is empty', async ({
      user,
      openChat,
      page,
    }) => {
      await fillTrash(user);
      await openChat('/trash');
      await expect(rowsOf(page)).toHaveCount(2);
      await expectNoViolations(page);
      await page.getByRole('button', { name: 'Empty trash' }).click();
      await expect(page.getByRole('alertdialog')).toBeVisible();
      await expectNoViolations(page);
      await page.getByRole('button', { name: 'Empty trash' }).last().click();
      await expect(page.getByText('The trash is empty', { exact: true })).toBeVisible();
      await expectNoViolations(page);
    });
  });
}
