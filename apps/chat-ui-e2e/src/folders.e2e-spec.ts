import type { ChatSession, Folder } from '@chat/shared-types';
import type { Locator, Page } from '@playwright/test';
import type { ChatPage } from './support/chat-page.js';
import { expect, test, type TestUser } from './support/test.js';

const PHONE = { width: 360, height: 740 };

const makeFolder = (user: TestUser, name: string, parent?: Folder): Promise<Folder> =>
  user.api.call('POST', '/chat/folders', { name, parent_id: parent?._id ?? null });

const foldersOf = (user: TestUser): Promise<Folder[]> => user.api.call('GET', '/chat/folders');

const tree = (page: Page): Locator => page.getByRole('tree', { name: 'Folders' });

const folder = (page: Page, name: string): Locator =>
  tree(page).getByRole('treeitem', { name: new RegExp(`^${name}, `) });

/** The folders that are shown, each as its level and its name. */
const shown = (page: Page): Promise<string[]> =>
  tree(page)
    .getByRole('treeitem')
    .evaluateAll((rows) =>
      rows.map((row) => {
        const [name] = (row.getAttribute('aria-label') ?? '').split(', ');
        return `${row.getAttribute('aria-level') ?? ''} ${name ?? ''}`;
      }),
    );

async function newFolder(chat: ChatPage, name: string): Promise<void> {
  await chat.page.getByRole('button', { name: 'Filter and select' }).click();
  await chat.page.getByRole('menuitem', { name: 'New folder' }).click();
  const field = chat.page.getByRole('textbox', { name: 'Name of the new folder' });
  await expect(field).toBeFocused();
  await chat.page.keyboard.type(name);
  await chat.page.keyboard.press('Enter');
  await expect(folder(chat.page, name)).toBeVisible();
}

test('a folder is made, renamed in place, coloured, and its chats are listed alone', async ({
  user,
  openChat,
  page,
}) => {
  const inside = await user.api.createSession('Inside');
  await user.api.createSession('Outside');
  const chat = await openChat();
  await newFolder(chat, 'Work');
  await expect(folder(page, 'Work')).toBeFocused();

  await page.keyboard.press('F2');
  await expect(page.getByRole('textbox', { name: 'Folder name' })).toBeFocused();
  await page.keyboard.type('Office');
  await page.keyboard.press('Enter');
  await expect(folder(page, 'Office')).toBeFocused();
  await expect(chat.liveRegion).toHaveText(/Renamed to Office\./);

  await page.keyboard.press('Shift+F10');
  await page.getByRole('menuitemradio', { name: 'Teal' }).click();
  await expect
    .poll(() => foldersOf(user))
    .toMatchObject([{ name: 'Office', color: 'teal', position: 0 }]);

  await chat.openChatMenu('Inside');
  await page.getByRole('menuitem', { name: 'Move to folder…' }).click();
  await expect(page.getByRole('combobox', { name: 'Folder' })).toBeFocused();
  await page.keyboard.type('off');
  await page.keyboard.press('Enter');
  await expect(chat.notifications).toContainText('Moved “Inside” to “Office”.');
  await expect(page.getByRole('treeitem', { name: 'Office, 1 chat' })).toBeVisible();

  await folder(page, 'Office').focus();
  await page.keyboard.press('Enter');
  await expect(chat.chat('Inside')).toBeVisible();
  await expect(chat.chat('Outside')).toHaveCount(0);
  await expect(folder(page, 'Office')).toHaveAttribute('aria-selected', 'true');
  await page.reload();
  await expect(chat.chat('Inside')).toBeVisible();
  await expect(chat.chat('Outside')).toHaveCount(0);
  await page.getByRole('button', { name: 'Folder: Office: show all chats' }).click();
  await expect(chat.chat('Outside')).toBeVisible();
  expect(await user.api.call('GET', `/chat/sessions/${inside._id}`)).toMatchObject({
    folder_id: (await foldersOf(user))[0]?._id,
  });
});

test('57 the tree is walked, searched by letters and put in order by the keyboard alone', async ({
  user,
  openChat,
  page,
}) => {
  const work = await makeFolder(user, 'Work');
  await makeFolder(user, 'Plans', work);
  await makeFolder(user, 'Home');
  await makeFolder(user, 'Holidays');
  const chat = await openChat();
  await expect(folder(page, 'Work')).toBeVisible();
  expect(await shown(page)).toEqual(['1 Work', '1 Home', '1 Holidays']);

  await folder(page, 'Work').focus();
  await page.keyboard.press('ArrowRight');
  await expect(folder(page, 'Work')).toHaveAttribute('aria-expanded', 'true');
  await page.keyboard.press('ArrowRight');
  await expect(folder(page, 'Plans')).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await expect(folder(page, 'Work')).toBeFocused();
  await page.keyboard.press('End');
  await expect(folder(page, 'Holidays')).toBeFocused();
  await page.keyboard.press('h');
  await expect(folder(page, 'Home')).toBeFocused();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowLeft');
  await expect(folder(page, 'Plans')).toHaveCount(0);
  await expect(tree(page).locator('[tabindex="0"]')).toHaveCount(1);

  await page.keyboard.press('ArrowDown');
  await expect(folder(page, 'Home')).toBeFocused();
  await page.keyboard.press('Alt+ArrowDown');
  await expect(chat.liveRegion).toHaveText(/Home is now 3 of 3\./);
  await expect(folder(page, 'Home')).toBeFocused();
  expect(await shown(page)).toEqual(['1 Work', '1 Holidays', '1 Home']);
  await page.keyboard.press('Alt+ArrowUp');
  await expect(chat.liveRegion).toHaveText(/Home is now 2 of 3\./);
  await page.keyboard.press('Alt+ArrowRight');
  await expect(chat.liveRegion).toHaveText(/Home is now 2 of 2 in Work\./);
  await expect(folder(page, 'Home')).toBeFocused();
  expect(await shown(page)).toEqual(['1 Work', '2 Plans', '2 Home', '1 Holidays']);
  await page.keyboard.press('Alt+ArrowLeft');
  await expect(chat.liveRegion).toHaveText(/Home is now 2 of 3\./);
  await expect
    .poll(async () => (await foldersOf(user)).find(({ name }) => name === 'Home'))
    .toMatchObject({ parent_id: null, position: 1 });
  await page.reload();
  await expect(folder(page, 'Home')).toBeVisible();
  expect(await shown(page)).toEqual(['1 Work', '2 Plans', '1 Home', '1 Holidays']);
});

test('folders go five levels deep and no deeper', async ({ user, openChat, page }) => {
  let parent: Folder | undefined;
  for (const name of ['One', 'Two', 'Three', 'Four', 'Five']) {
    parent = await makeFolder(user, name, parent);
  }
  await makeFolder(user, 'Side');
  await openChat();
  await folder(page, 'One').focus();
  for (let level = 1; level < 5; level += 1) {
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
  }
  await expect(folder(page, 'Five')).toBeFocused();
  await page.keyboard.press('Shift+F10');
  await expect(page.getByRole('menuitem', { name: 'Rename' })).toBeVisible();
  await expect(page.getByRole('menuitem', { name: 'New folder inside' })).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(folder(page, 'Five')).toBeFocused();

  // What holds others is never offered a place in itself, nor one where it would be too deep.
  await folder(page, 'Four').focus();
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menuitem', { name: 'Move to…' }).click();
  const options = page.getByRole('option');
  await expect(options.filter({ hasText: /^Three/ })).not.toHaveAttribute('aria-disabled');
  await expect(options.filter({ hasText: /^Five/ })).toHaveAttribute('aria-disabled', 'true');
  await expect(options.filter({ hasText: /^Four/ })).toHaveAttribute('aria-disabled', 'true');
  await options.filter({ hasText: /^Side/ }).click();
  await expect
    .poll(async () => (await foldersOf(user)).find(({ name }) => name === 'Four')?.parent_id)
    .toBe((await foldersOf(user)).find(({ name }) => name === 'Side')?._id);
});

test('chats and folders are dragged onto folders and between them', async ({
  user,
  openChat,
  page,
}) => {
  const { _id } = await user.api.createSession('Dragged');
  await makeFolder(user, 'First');
  await makeFolder(user, 'Second');
  const chat = await openChat();
  await expect(folder(page, 'Second')).toBeVisible();
  await chat.chat('Dragged').dragTo(folder(page, 'Second'));
  await expect(chat.notifications).toContainText('Moved “Dragged” to “Second”.');
  await expect(page.getByRole('treeitem', { name: 'Second, 1 chat' })).toBeVisible();
  await chat.chat('Dragged').dragTo(page.getByRole('button', { name: 'Folders', exact: true }));
  await expect
    .poll(() => user.api.call('GET', `/chat/sessions/${_id}`))
    .toMatchObject({ folder_id: null });

  await folder(page, 'Second').dragTo(folder(page, 'First'), { targetPosition: { x: 90, y: 3 } });
  await expect.poll(() => shown(page)).toEqual(['1 Second', '1 First']);
  await folder(page, 'First').dragTo(folder(page, 'Second'), { targetPosition: { x: 90, y: 18 } });
  await expect(folder(page, 'Second')).toHaveAttribute('aria-expanded', /true|false/);
  await expect
    .poll(async () => (await foldersOf(user)).find(({ name }) => name === 'First')?.parent_id)
    .toBe((await foldersOf(user)).find(({ name }) => name === 'Second')?._id);
});

test('43 deleting a folder asks, moves its contents up, and Undo builds it anew', async ({
  user,
  openChat,
  page,
}) => {
  const work = await makeFolder(user, 'Work');
  await makeFolder(user, 'Home');
  const plans = await makeFolder(user, 'Plans', work);
  const { _id } = await user.api.createSession('Filed');
  await user.api.call('PUT', `/chat/sessions/${_id}`, { folder_id: work._id });
  const chat = await openChat();
  await folder(page, 'Work').focus();
  await page.keyboard.press('Delete');
  const question = page.getByRole('alertdialog', { name: 'Delete the folder “Work”?' });
  await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await expect(question).toContainText('move up');
  await page.keyboard.press('Escape');
  await expect(folder(page, 'Work')).toBeFocused();

  await page.keyboard.press('Delete');
  await question.getByRole('button', { name: 'Delete' }).click();
  await expect(folder(page, 'Work')).toHaveCount(0);
  expect(await shown(page)).toEqual(['1 Home', '1 Plans']);
  await expect(folder(page, 'Home')).toBeFocused();
  await expect(chat.notifications).toContainText('Deleted the folder “Work”.');
  expect(await user.api.call('GET', `/chat/sessions/${_id}`)).toMatchObject({ folder_id: null });

  await chat.notifications.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('treeitem', { name: 'Work, 1 chat' })).toBeVisible();
  const again = (await foldersOf(user)).find(({ name }) => name === 'Work');
  expect(again).toMatchObject({ parent_id: null, position: 0 });
  expect(await user.api.call('GET', `/chat/sessions/${_id}`)).toMatchObject({
    folder_id: again?._id,
  });
  expect((await foldersOf(user)).find(({ _id: id }) => id === plans._id)?.parent_id).toBe(
    again?._id,
  );
});

test('a folder that could not be changed is as it was, and the page says so', async ({
  user,
  openChat,
  page,
  watch,
}) => {
  watch.expectConsoleError(/Failed to load resource/);
  await makeFolder(user, 'Stubborn');
  const chat = await openChat();
  await folder(page, 'Stubborn').focus();
  await page.route(/\/chat\/folders\/[0-9a-f]{24}$/, (route) =>
    route.fulfill({ status: 503, body: 'Busy' }),
  );
  await page.keyboard.press('F2');
  await expect(page.getByRole('textbox', { name: 'Folder name' })).toBeFocused();
  await page.keyboard.type('Other');
  await page.keyboard.press('Enter');
  await expect(chat.notifications).toContainText('The name was not saved.');
  await expect(folder(page, 'Stubborn')).toBeVisible();
  await page.keyboard.press('Escape');
  await folder(page, 'Stubborn').focus();
  await page.keyboard.press('Delete');
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await expect(chat.notifications).toContainText('The folder was not deleted.');
  await expect(folder(page, 'Stubborn')).toBeVisible();
});

test('21 a second tab shows what happens to folders without a reload', async ({
  user,
  openChat,
  page,
  context,
}) => {
  const { _id } = await user.api.createSession('Shared');
  const chat = await openChat();
  await expect(chat.chat('Shared')).toBeVisible();
  const other = await context.newPage();
  await other.goto('/chat-ui/');
  await newFolder(chat, 'Common');
  await expect(folder(other, 'Common')).toBeVisible();
  const [common] = await foldersOf(user);
  await user.api.call('PUT', `/chat/sessions/${_id}`, { folder_id: common?._id ?? null });
  for (const one of [page, other]) {
    await expect(one.getByRole('treeitem', { name: 'Common, 1 chat' })).toBeVisible();
  }
  await user.api.call('DELETE', `/chat/folders/${common?._id ?? ''}`);
  for (const one of [page, other]) await expect(tree(one)).toHaveCount(0);
});

test('40 New Chat in a folder puts the chat that is used into it', async ({
  user,
  openChat,
  page,
}) => {
  const work = await makeFolder(user, 'Work');
  const unused = await user.api.createSession();
  const chat = await openChat();
  await folder(page, 'Work').click();
  await expect(page.getByText('This folder is empty.')).toBeVisible();
  await chat.newChat.click();
  await expect(page).toHaveURL(new RegExp(`/c/${unused._id}$`));
  await expect(chat.chat('New Chat')).toBeVisible();
  await expect
    .poll(() => user.api.call<ChatSession[]>('GET', '/chat/sessions'))
    .toMatchObject([{ _id: unused._id, folder_id: work._id }]);
});

test('60 in the drawer of a phone folders are made and moved by touch', async ({
  user,
  browser,
  signInContext,
  product,
  watch,
}) => {
  await makeFolder(user, 'First');
  await makeFolder(user, 'Second');
  const context = await browser.newContext({ viewport: PHONE, hasTouch: true, isMobile: true });
  watch.include(context);
  await signInContext(context);
  const page = await context.newPage();
  await page.goto(`${product.url}/chat-ui/`);
  await page.getByRole('button', { name: 'Show chats' }).tap();
  const options = page.getByRole('button', { name: 'Options for folder Second' });
  // Its size in the layout: while the drawer slides in, what is drawn is a fraction of a pixel off.
  const size = await options.evaluate(({ offsetWidth, offsetHeight }: HTMLElement) =>
    Math.min(offsetWidth, offsetHeight),
  );
  expect(size).toBeGreaterThanOrEqual(44);
  await options.tap();
  await page.getByRole('menuitem', { name: 'Move up' }).tap();
  await expect.poll(() => shown(page)).toEqual(['1 Second', '1 First']);
  await page.getByRole('button', { name: 'New folder' }).tap();
  await expect(page.getByRole('textbox', { name: 'Name of the new folder' })).toBeFocused();
  await page.keyboard.type('Third');
  await page.keyboard.press('Enter');
  await expect(folder(page, 'Third')).toBeVisible();
  await folder(page, 'Third').tap();
  await expect(page.getByText('This folder is empty.')).toBeVisible();
  await expect(page.getByRole('dialog', { name: 'Chats' })).toBeVisible();
  await context.close();
});

test.describe('45 on touch, where nothing can be pointed at', () => {
  test.use({ viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true });

  for (const fontSize of ['100%', '200%']) {
    test(`the name of a folder is there in full, also with text of ${fontSize}`, async ({
      user,
      openChat,
      page,
    }) => {
      const name = 'Everything about the house by the sea';
      await makeFolder(user, name);
      await page.addInitScript((size) => {
        addEventListener('DOMContentLoaded', () => {
          document.documentElement.style.fontSize = size;
        });
      }, fontSize);
      await openChat();
      await page.getByRole('button', { name: 'Show chats' }).tap();
      const label = folder(page, name).getByText(name);
      await expect(label).toBeVisible();
      const { cut, widthInEms } = await label.evaluate((box) => ({
        cut: box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight + 1,
        widthInEms: box.clientWidth / parseFloat(getComputedStyle(box).fontSize),
      }));
      expect(cut).toBe(false);
      // Less is a column of single letters.
      expect(widthInEms).toBeGreaterThan(1.5);
    });
  }
});
