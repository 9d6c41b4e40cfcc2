import type { ListedMessage, MessageRevision } from '@chat/shared-types';
import type { Locator, Page } from '@playwright/test';
import { expectNoViolations } from './support/accessibility.js';
import type { ChatPage } from './support/chat-page.js';
import { expect, test, type TestUser } from './support/test.js';

const viewerOf = (page: Page): Locator =>
  page.getByRole('dialog', { name: 'Versions of this message' });

async function openMenu(chat: ChatPage, text: string): Promise<void> {
  await chat.message(text).hover();
  await chat.message(text).getByRole('button', { name: 'More actions' }).click();
}

/** A reply with two earlier texts. */
async function editTwice(user: TestUser): Promise<{ session: string; path: string }> {
  const { _id: session } = await user.api.createSession('A chat');
  const { _id } = await user.api.send(session, 'the old house by the sea', 'assistant');
  const path = `/chat/sessions/${session}/messages/${_id}`;
  await user.api.call('PATCH', path, { content: 'the new house by the sea' });
  await user.api.call('PATCH', path, { content: 'the new house by the cold sea' });
  return { session, path };
}

const contentsOf = async (user: TestUser, session: string): Promise<string[]> =>
  (await user.api.call<ListedMessage[]>('GET', `/chat/sessions/${session}/messages`)).map(
    ({ content }) => content,
  );

test('a text is edited in its place, without a new version of the conversation, and Undo gives it back', async ({
  user,
  openChat,
  page,
}) => {
  const { _id } = await user.api.createSession('A chat');
  await user.api.send(_id, 'a question');
  await user.api.send(_id, 'an ansver', 'assistant');
  const chat = await openChat(`/c/${_id}`);
  await openMenu(chat, 'an ansver');
  await page.getByRole('menuitem', { name: 'Edit text' }).click();
  const editor = page.getByRole('textbox', { name: 'Edit text' });
  await expect(editor).toBeFocused();
  await editor.fill('thrown away');
  await page.keyboard.press('Escape');
  await expect(editor).toHaveCount(0);
  await expect(
    chat.message('an ansver').getByRole('button', { name: 'More actions' }),
  ).toBeFocused();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Edit text' }).press('Enter');
  await editor.fill('an answer');
  await page.keyboard.press('Enter');
  await expect(chat.bubble('an answer')).toBeVisible();
  await expect(chat.message('an answer')).toContainText('Edited');
  expect(await contentsOf(user, _id)).toEqual(['a question', 'an answer']);
  await chat.notifications.getByRole('button', { name: 'Undo' }).click();
  await expect(chat.bubble('an ansver')).toBeVisible();
  await expect.poll(() => contentsOf(user, _id)).toEqual(['a question', 'an ansver']);
});

test('what was not saved stays in the editor', async ({ user, openChat, page, watch }) => {
  watch.expectConsoleError(/503/);
  const { _id } = await user.api.createSession('A chat');
  await user.api.send(_id, 'my words');
  const chat = await openChat(`/c/${_id}`);
  await openMenu(chat, 'my words');
  await page.getByRole('menuitem', { name: 'Edit text' }).click();
  const editor = page.getByRole('textbox', { name: 'Edit text' });
  await page.route('**/messages/*', (route) => route.fulfill({ status: 503, body: '' }));
  await editor.fill('my better words');
  await page.keyboard.press('Enter');
  await expect(chat.notifications).toContainText('The text was not changed.');
  await expect(editor).toHaveValue('my better words');
  await page.unroute('**/messages/*');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(chat.bubble('my better words')).toBeVisible();
});

test('the viewer shows what changed word by word, restores a version, and Undo takes that back', async ({
  user,
  openChat,
  page,
}) => {
  const { session, path } = await editTwice(user);
  const chat = await openChat(`/c/${session}`);
  const edited = chat.message('cold sea').getByRole('button', { name: 'Edited' });
  await edited.focus();
  await page.keyboard.press('Enter');
  const viewer = viewerOf(page);
  const changes = viewer.getByRole('region', { name: 'Changes' });
  await expect(viewer.getByRole('list', { name: 'Versions' }).getByRole('button')).toHaveCount(3);
  await expect(changes.locator('ins')).toHaveText(['cold ']);
  await expect(changes.locator('del')).toHaveCount(0);
  await expect(viewer.getByRole('button', { name: 'Restore this version' })).toHaveCount(0);
  await viewer.getByRole('button', { name: 'Version 2' }).click();
  await expect(changes.locator('del')).toHaveText(['old']);
  await expect(changes.locator('ins')).toHaveText(['new']);
  await viewer.getByRole('button', { name: 'Version 1' }).click();
  await expect(changes).toHaveText('the old house by the sea');
  await viewer.getByRole('button', { name: 'Restore this version' }).click();
  await expect(viewer).toHaveCount(0);
  await expect(chat.bubble('the old house by the sea')).toBeVisible();
  await expect(chat.log.getByRole('button', { name: 'Edited' })).toBeFocused();
  expect(await contentsOf(user, session)).toEqual(['the old house by the sea']);
  await chat.notifications.getByRole('button', { name: 'Undo' }).click();
  await expect(chat.bubble('the new house by the cold sea')).toBeVisible();
  const revisions = await user.api.call<MessageRevision[]>('GET', `${path}/revisions`);
  expect(revisions.map(({ content }) => content)).toEqual([
    'the old house by the sea',
    'the new house by the sea',
    'the new house by the cold sea',
    'the old house by the sea',
  ]);
});

test('the link of a message leads to it', async ({ user, openChat, page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const { _id } = await user.api.createSession('A chat');
  await user.api.send(_id, 'the first');
  await user.api.send(_id, 'the second');
  const chat = await openChat(`/c/${_id}`);
  await openMenu(chat, 'the first');
  await page.getByRole('menuitem', { name: 'Copy link' }).click();
  await expect(chat.liveRegion).toHaveText('Copied');
  await page.goto(await page.evaluate(() => navigator.clipboard.readText()));
  await expect(chat.message('the first')).toBeFocused();
});

for (const theme of ['light', 'dark'] as const) {
  test.describe(`54 axe finds nothing in ${theme}`, () => {
    test.use({ colorScheme: theme });

    test('in the viewer of versions, the menu of a message and the editor', async ({
      user,
      openChat,
      page,
    }) => {
      const { session } = await editTwice(user);
      const chat = await openChat(`/c/${session}`);
      await openMenu(chat, 'cold sea');
      await expectNoViolations(page);
      await page.getByRole('menuitem', { name: 'Earlier versions' }).click();
      await viewerOf(page).getByRole('button', { name: 'Version 2' }).click();
      await expect(viewerOf(page).locator('del')).toHaveText(['old']);
      await expectNoViolations(page);
      await page.keyboard.press('Escape');
      await openMenu(chat, 'cold sea');
      await page.getByRole('menuitem', { name: 'Edit text' }).click();
      await expect(page.getByRole('textbox', { name: 'Edit text' })).toBeFocused();
      await expectNoViolations(page);
    });
  });
}
