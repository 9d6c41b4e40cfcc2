import type { BulkRequest, ChatSession } from '@chat/shared-types';
import type { Locator, Page } from '@playwright/test';
import type { ChatPage } from './support/chat-page.js';
import { expect, test, type TestUser } from './support/test.js';

const UNDO_MS = 6000;

const box = (chat: ChatPage, title: string): Locator =>
  chat.chats.getByRole('checkbox', { name: new RegExp(`^${title}( ?, last used|$)`) });

const bar = (page: Page): Locator => page.getByRole('region', { name: 'Selected chats' });

const checked = (chat: ChatPage): Locator => chat.chats.getByRole('checkbox', { checked: true });

const titles = (chat: ChatPage): Locator => chat.rows.locator('[data-hint-text]');

/** Chats of these titles, the first of them on top. */
async function createChats(user: TestUser, names: readonly string[]): Promise<ChatSession[]> {
  const made: ChatSession[] = [];
  for (const name of [...names].reverse()) made.unshift(await user.api.createSession(name));
  return made;
}

test('57 chats are selected by the keyboard alone: Space, Shift with arrows, Ctrl+A, Esc', async ({
  user,
  openChat,
  page,
}) => {
  await createChats(user, ['A', 'B', 'C', 'D']);
  const chat = await openChat();
  await expect(chat.rows).toHaveCount(4);
  await page.getByRole('button', { name: 'Filter and select' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Select chats' }).press('Enter');
  await expect(box(chat, 'A')).toBeFocused();
  await page.keyboard.press('Space');
  await expect(bar(page)).toContainText('1 selected');
  await page.keyboard.press('ArrowDown');
  await expect(box(chat, 'B')).toBeFocused();
  await expect(checked(chat)).toHaveCount(1);
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  await expect(bar(page)).toContainText('4 selected');
  await page.keyboard.press('Shift+ArrowUp');
  await expect(bar(page)).toContainText('3 selected');
  await expect(box(chat, 'D')).not.toBeChecked();
  await page.keyboard.press('Control+a');
  await expect(bar(page)).toContainText('4 selected');
  await page.keyboard.press('Escape');
  await expect(bar(page)).toHaveCount(0);
  await expect(chat.chat('C')).toBeFocused();
});

test('a click with Ctrl or Shift held down selects, and opens nothing', async ({
  user,
  openChat,
  page,
  context,
}) => {
  await createChats(user, ['A', 'B', 'C', 'D']);
  const chat = await openChat();
  await chat.chat('A').click({ modifiers: ['ControlOrMeta'] });
  await expect(bar(page)).toContainText('1 selected');
  await box(chat, 'C').click({ modifiers: ['Shift'] });
  await expect(bar(page)).toContainText('3 selected');
  await box(chat, 'B').click();
  await expect(bar(page)).toContainText('2 selected');
  await expect(page).toHaveURL(/\/chat-ui\/?$/);
  expect(context.pages()).toHaveLength(1);
  await page.getByRole('button', { name: 'Stop selecting' }).click();
  await expect(chat.chat('A')).toBeVisible();
});

test('many chats are archived, pinned, moved and tagged at once, each with Undo', async ({
  user,
  openChat,
  page,
}) => {
  const made = await createChats(user, ['A', 'B', 'C']);
  const folder = await user.api.call<ChatSession>('POST', '/chat/folders', { name: 'Work' });
  const chat = await openChat();
  const stored = async (): Promise<ChatSession[]> =>
    Promise.all(made.map(({ _id }) => user.api.call<ChatSession>('GET', `/chat/sessions/${_id}`)));
  const selectTwo = async (): Promise<void> => {
    await chat.chat('A').click({ modifiers: ['ControlOrMeta'] });
    await box(chat, 'B').click();
  };
  const undo = chat.notifications.getByRole('button', { name: 'Undo' }).last();

  await selectTwo();
  await bar(page).getByRole('button', { name: 'Archive' }).click();
  await expect(titles(chat)).toHaveText(['C']);
  await expect(chat.notifications).toContainText('Archived 2 chats.');
  await expect.poll(stored).toMatchObject([{ archived: true }, { archived: true }, {}]);
  await undo.click();
  await expect(titles(chat)).toHaveText(['A', 'B', 'C']);

  await selectTwo();
  await bar(page).getByRole('button', { name: 'Pin' }).click();
  await expect(chat.chats.getByRole('region', { name: 'Pinned' })).toContainText('A');
  await expect(chat.notifications).toContainText('Pinned 2 chats.');
  await undo.click();
  await expect(chat.chats.getByRole('region', { name: 'Pinned' })).toHaveCount(0);

  await selectTwo();
  await bar(page).getByRole('button', { name: 'Move to folder…' }).click();
  await page.getByRole('option', { name: 'Work' }).click();
  await expect(chat.notifications).toContainText('Moved 2 chats to “Work”.');
  await expect(page.getByRole('treeitem', { name: 'Work, 2 chats' })).toBeVisible();
  await expect
    .poll(stored)
    .toMatchObject([{ folder_id: folder._id }, { folder_id: folder._id }, { folder_id: null }]);
  await undo.click();
  await expect(page.getByRole('treeitem', { name: 'Work, 0 chats' })).toBeVisible();

  await user.api.call('PUT', `/chat/sessions/${made[1]?._id ?? ''}`, { tags: ['kept'] });
  await selectTwo();
  await bar(page).getByRole('button', { name: 'Add tags…' }).click();
  await expect(page.getByRole('combobox', { name: 'Tag' })).toBeFocused();
  await page.keyboard.type('kept');
  await page.keyboard.press('Enter');
  await page.keyboard.type('new');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: 'Add tags' }).click();
  await expect(chat.notifications).toContainText('Tagged 2 chats.');
  await expect
    .poll(stored)
    .toMatchObject([{ tags: ['kept', 'new'] }, { tags: ['kept', 'new'] }, { tags: [] }]);
  await undo.click();
  await expect.poll(stored).toMatchObject([{ tags: [] }, { tags: ['kept'] }, { tags: [] }]);
});

test('43 44 deleting many asks how many, leaves the open one for the next, and Undo restores all', async ({
  user,
  openChat,
  page,
}) => {
  await page.clock.install();
  const made = await createChats(user, ['A', 'B', 'C', 'D']);
  const chat = await openChat(`/c/${made[1]?._id ?? ''}`);
  await chat.chat('A').click({ modifiers: ['ControlOrMeta'] });
  await box(chat, 'C').click({ modifiers: ['Shift'] });
  await bar(page).getByRole('button', { name: 'Delete' }).click();
  const question = page.getByRole('alertdialog', { name: 'Delete 3 chats?' });
  await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(bar(page).getByRole('button', { name: 'Delete' })).toBeFocused();
  await expect(bar(page)).toContainText('3 selected');

  await page.keyboard.press('Enter');
  await question.getByRole('button', { name: 'Delete' }).click();
  await expect(titles(chat)).toHaveText(['D']);
  await expect(page).toHaveURL(new RegExp(`/c/${made[3]?._id ?? ''}$`));
  await expect(chat.chat('D')).toBeFocused();
  await expect.poll(() => user.api.call('GET', '/chat/sessions')).toHaveLength(1);
  await expect(chat.notifications).toContainText('Deleted 3 chats.');
  await page.clock.runFor(UNDO_MS);
  await chat.notifications.getByRole('button', { name: 'Undo' }).click();
  await expect(titles(chat)).toHaveText(['A', 'B', 'C', 'D']);
  await expect(page).toHaveURL(new RegExp(`/c/${made[1]?._id ?? ''}$`));
  await expect.poll(() => user.api.call('GET', '/chat/sessions')).toHaveLength(4);
});

test('what failed for some chats is said in one sentence, and Retry is for those alone', async ({
  user,
  openChat,
  page,
}) => {
  const made = await createChats(user, ['A', 'B', 'C']);
  const failing = made[1]?._id ?? '';
  const asked: BulkRequest[] = [];
  const chat = await openChat();
  await expect(chat.rows).toHaveCount(3);
  await page.route('**/chat/sessions/bulk', async (route) => {
    const request = route.request().postDataJSON() as BulkRequest;
    asked.push(request);
    if (asked.length > 1) return route.fallback();
    const others = request.ids.filter((id) => id !== failing);
    await user.api.call('POST', '/chat/sessions/bulk', { ...request, ids: others });
    const results = request.ids.map((id) =>
      id === failing
        ? { id, ok: false, error: { title: 'Busy', status: 503, detail: 'It was busy.' } }
        : { id, ok: true },
    );
    return route.fulfill({ json: { results } });
  });
  await chat.chat('A').click({ modifiers: ['ControlOrMeta'] });
  await page.keyboard.press('Control+a');
  await bar(page).getByRole('button', { name: 'Archive' }).click();
  await expect(chat.notifications).toContainText('1 of 3 chats was not archived. It was busy.');
  await expect(chat.notifications).toContainText('Archived 2 chats.');
  await expect(titles(chat)).toHaveText(['B']);
  await expect(box(chat, 'B')).toBeChecked();
  await chat.notifications.getByRole('button', { name: 'Retry' }).click();
  await expect(chat.notifications).toContainText('Archived “B”.');
  await expect(titles(chat)).toHaveCount(0);
  expect(asked.at(-1)?.ids).toEqual([failing]);
});

test('many chats stay where they were when the server cannot be reached', async ({
  user,
  openChat,
  page,
  watch,
}) => {
  watch.expectConsoleError(/ERR_FAILED/);
  await createChats(user, ['A', 'B', 'C']);
  const chat = await openChat();
  await page.route('**/chat/sessions/bulk', (route) => route.abort());
  await chat.chat('A').click({ modifiers: ['ControlOrMeta'] });
  await box(chat, 'B').click();
  await bar(page).getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await expect(chat.notifications).toContainText('2 chats were not deleted.');
  await expect(titles(chat)).toHaveText(['A', 'B', 'C']);
  await page.unroute('**/chat/sessions/bulk');
  await chat.notifications.getByRole('button', { name: 'Retry' }).click();
  await expect(titles(chat)).toHaveText(['C']);
});
