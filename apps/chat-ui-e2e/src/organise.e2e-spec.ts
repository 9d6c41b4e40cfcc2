import type { ChatSession } from '@chat/shared-types';
import type { Locator } from '@playwright/test';
import { expectNoViolations } from './support/accessibility.js';
import type { ChatPage } from './support/chat-page.js';
import { expect, test } from './support/test.js';

const PHONE = { width: 360, height: 740 };
const UNDO_MS = 6000;

const group = (chat: ChatPage, name: string): Locator => chat.chats.getByRole('region', { name });

const titlesIn = (box: Locator): Locator => box.locator('[data-hint-text]');

async function pickFromMenu(chat: ChatPage, title: string, item: string): Promise<void> {
  await chat.openChatMenu(title);
  await chat.page.getByRole('menuitem', { name: item, exact: true }).click();
}

async function filterBy(chat: ChatPage, name: string): Promise<void> {
  await chat.page.getByRole('button', { name: 'Filter and select' }).click();
  await chat.page.getByRole('menuitemradio', { name, exact: true }).click();
}

test('38 pinned chats stand first in a group of their own, from either menu', async ({
  user,
  openChat,
  page,
}) => {
  const old = await user.api.createSession('Old');
  await user.api.createSession('New');
  await user.api.send(old._id, 'something');
  await user.api.createSession('Newest');
  const chat = await openChat(`/c/${old._id}`);
  await pickFromMenu(chat, 'New', 'Pin');
  await expect(titlesIn(group(chat, 'Pinned'))).toHaveText(['New']);
  await expect(titlesIn(group(chat, 'Today'))).toHaveText(['Newest', 'Old']);
  await expect(
    chat.chats.getByRole('button', { name: 'Options for New', exact: true }),
  ).toBeFocused();

  await page.getByRole('button', { name: 'Chat options' }).click();
  await page.getByRole('menuitem', { name: 'Pin', exact: true }).click();
  await expect(titlesIn(group(chat, 'Pinned'))).toHaveText(['Old', 'New']);
  await expect(page.getByRole('button', { name: 'Chat options' })).toBeFocused();
  await page.reload();
  await expect(titlesIn(group(chat, 'Pinned'))).toHaveText(['Old', 'New']);
  await pickFromMenu(chat, 'Old', 'Unpin');
  await expect(titlesIn(group(chat, 'Pinned'))).toHaveText(['New']);
  await expect
    .poll(() => user.api.call('GET', `/chat/sessions/${old._id}`))
    .toMatchObject({ pinned: false });
});

test('a pin that is refused is taken back, and the page says so', async ({
  user,
  openChat,
  page,
  watch,
}) => {
  watch.expectConsoleError(/Failed to load resource/);
  await user.api.createSession('Loose');
  const chat = await openChat();
  await expect(chat.chat('Loose')).toBeVisible();
  await page.route(/\/chat\/sessions\/[0-9a-f]{24}$/, (route) =>
    route.request().method() === 'PUT'
      ? route.fulfill({ status: 503, body: 'Busy' })
      : route.fallback(),
  );
  await pickFromMenu(chat, 'Loose', 'Pin');
  await expect(chat.notifications).toContainText('The chat was not pinned.');
  await expect(group(chat, 'Pinned')).toHaveCount(0);
  await expect(titlesIn(group(chat, 'Today'))).toHaveText(['Loose']);
});

test('an unread chat is named so, and is read once it is open and seen', async ({
  user,
  openChat,
  page,
}) => {
  const { _id } = await user.api.createSession('To read');
  const other = await user.api.createSession('Other');
  await user.api.send(_id, 'new here');
  const chat = await openChat(`/c/${other._id}`);
  await pickFromMenu(chat, 'To read', 'Mark as unread');
  const unread = chat.chats.getByRole('link', { name: /^To read.*, unread$/ });
  await expect(unread).toBeVisible();
  await expect(unread.locator('[data-hint-text]')).toHaveCSS('font-weight', '600');
  await expect
    .poll(() => user.api.call('GET', `/chat/sessions/${_id}`))
    .toMatchObject({ unread: true });

  await chat.chat('To read').click();
  await expect(chat.message('new here')).toBeVisible();
  await expect(unread).toHaveCount(0);
  await expect
    .poll(() => user.api.call('GET', `/chat/sessions/${_id}`))
    .toMatchObject({ unread: false });

  // Who marks what is open keeps the mark until it is opened again.
  await page.getByRole('button', { name: 'Chat options' }).click();
  await page.getByRole('menuitem', { name: 'Mark as unread' }).click();
  await expect(unread).toBeVisible();
  await chat.chat('Other').click();
  await expect(unread).toBeVisible();
  await chat.chat('To read').click();
  await expect(unread).toHaveCount(0);
});

test('an archived chat leaves the list, Undo is there for 6 seconds, and the archive shows it', async ({
  user,
  openChat,
  page,
}) => {
  await page.clock.install();
  for (const title of ['Third', 'Second', 'First']) await user.api.createSession(title);
  const chat = await openChat();
  await pickFromMenu(chat, 'Second', 'Archive');
  await expect(chat.chat('Second')).toHaveCount(0);
  await expect(chat.chat('Third')).toBeFocused();
  await expect(chat.notifications).toContainText('Archived “Second”.');
  await page.clock.runFor(UNDO_MS);
  await chat.notifications.getByRole('button', { name: 'Undo' }).click();
  await expect(chat.chat('Second')).toBeVisible();
  await expect.poll(() => user.api.call('GET', '/chat/sessions?archived=true')).toEqual([]);

  await pickFromMenu(chat, 'Second', 'Archive');
  await filterBy(chat, 'Archived');
  await expect(titlesIn(chat.rows)).toHaveText(['Second']);
  await page.reload();
  await expect(titlesIn(chat.rows)).toHaveText(['Second']);
  await pickFromMenu(chat, 'Second', 'Unarchive');
  await expect(chat.chats.getByText('Nothing is archived.')).toBeVisible();
  await page.getByRole('button', { name: 'Archived: show all chats' }).click();
  await expect(titlesIn(chat.rows)).toHaveText(['First', 'Second', 'Third']);
});

test('tags are taken from those in use or made, and shown where there is room', async ({
  user,
  openChat,
  page,
}) => {
  const first = await user.api.createSession('First');
  const second = await user.api.createSession('Second');
  await user.api.call('PUT', `/chat/sessions/${second._id}`, { tags: ['travel'] });
  const chat = await openChat(`/c/${first._id}`);
  await page.getByRole('button', { name: 'Chat options' }).click();
  await page.getByRole('menuitem', { name: 'Tags…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Tags' });
  const field = dialog.getByRole('combobox', { name: 'Tag' });
  await expect(field).toBeFocused();
  await expect(dialog.getByRole('option', { name: /travel/ })).toContainText('1 chat');
  await page.keyboard.type('TRAV');
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('list', { name: 'Chosen tags' })).toHaveText(/travel/);
  await page.keyboard.type('Urgent');
  await expect(dialog.getByRole('option')).toHaveText('Add the tag “Urgent”');
  await page.keyboard.press('Enter');
  await page.keyboard.type('left in the field');
  await dialog.getByRole('button', { name: 'Save tags' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Chat options' })).toBeFocused();
  await expect(page.getByRole('list', { name: 'Tags' }).getByRole('listitem')).toHaveText([
    'travel',
    'Urgent',
    'left in the field',
  ]);
  await expect
    .poll(() => user.api.call('GET', `/chat/sessions/${first._id}`))
    .toMatchObject({ tags: ['travel', 'Urgent', 'left in the field'] });

  await page.getByRole('button', { name: 'Filter and select' }).click();
  await page.getByRole('menuitem', { name: 'With a tag…' }).click();
  await page.getByRole('option', { name: /Urgent/ }).click();
  await expect(titlesIn(chat.rows)).toHaveText(['First']);
  await page.getByRole('button', { name: 'Tag: Urgent: show all chats' }).click();
  await expect(chat.rows).toHaveCount(2);

  await pickFromMenu(chat, 'First', 'Tags…');
  await dialog.getByRole('button', { name: 'Remove tag Urgent' }).click();
  await dialog.getByRole('button', { name: 'Save tags' }).click();
  await expect
    .poll(() => user.api.call('GET', `/chat/sessions/${first._id}`))
    .toMatchObject({ tags: ['travel', 'left in the field'] });
});

test('a chat takes at most 20 tags, and the dialog says so', async ({ user, openChat, page }) => {
  const { _id } = await user.api.createSession('Full');
  const tags = Array.from({ length: 19 }, (_, at) => `tag ${at}`);
  await user.api.call('PUT', `/chat/sessions/${_id}`, { tags });
  const chat = await openChat();
  await pickFromMenu(chat, 'Full', 'Tags…');
  await expect(page.getByText('Up to 20 tags, each of up to 40 characters.')).toBeVisible();
  await expect(page.getByRole('combobox', { name: 'Tag' })).toBeFocused();
  await page.keyboard.type('the last');
  await page.keyboard.press('Enter');
  await expect(page.getByText('That is all 20 tags a chat can have.')).toBeVisible();
  await page.keyboard.type('one more');
  await expect(page.getByRole('option', { name: /one more/ })).toHaveCount(0);
  await page.getByRole('button', { name: 'Save tags' }).click();
  await expect
    .poll(() => user.api.call<ChatSession>('GET', `/chat/sessions/${_id}`))
    .toMatchObject({ tags: [...tags, 'the last'] });
});

test('each filter says what it shows, what it finds none of, and survives a reload', async ({
  user,
  openChat,
  page,
}) => {
  const plain = await user.api.createSession('Plain');
  const chat = await openChat();
  await expect(chat.chat('Plain')).toBeVisible();
  for (const [name, nothing] of [
    ['Unread', 'Nothing is unread.'],
    ['Pinned', 'Nothing is pinned.'],
    ['Archived', 'Nothing is archived.'],
  ] as const) {
    await filterBy(chat, name);
    await expect(chat.chats.getByText(nothing)).toBeVisible();
    await expect(page.getByRole('button', { name: `${name}: show all chats` })).toBeVisible();
    await page.reload();
    await expect(chat.chats.getByText(nothing)).toBeVisible();
  }
  await filterBy(chat, 'In no folder');
  await expect(chat.chat('Plain')).toBeVisible();
  const { _id } = await user.api.call<ChatSession>('POST', '/chat/folders', { name: 'Somewhere' });
  await user.api.call('PUT', `/chat/sessions/${plain._id}`, { folder_id: _id });
  await expect(chat.chats.getByText('Every chat is in a folder.')).toBeVisible();

  // A new chat is not lost behind a filter.
  await chat.newChat.click();
  await expect(page.getByRole('button', { name: /show all chats$/ })).toHaveCount(0);
  await expect(chat.chat('New Chat')).toBeVisible();
});

test('unread chats are found however far down they are', async ({
  user,
  scenes,
  openChat,
  page,
}) => {
  const now = Date.now();
  const ids = await scenes.addSessions(
    user.id,
    Array.from({ length: 130 }, (_, at) => ({
      title: `Chat ${at}`,
      lastActivity: new Date(now - at * 3_600_000),
    })),
  );
  await user.api.call('PUT', `/chat/sessions/${ids[125] ?? ''}`, { unread: true });
  const chat = await openChat();
  await filterBy(chat, 'Unread');
  await expect(titlesIn(chat.rows)).toHaveText(['Chat 125']);
  await expect(page.getByText('Loading older chats…')).toHaveCount(0);
});

test('40 New Chat finds the unused chat behind a filter too', async ({ user, openChat, page }) => {
  const unused = await user.api.createSession();
  const chat = await openChat();
  await filterBy(chat, 'Pinned');
  await page.reload();
  await expect(chat.chats.getByText('Nothing is pinned.')).toBeVisible();
  await chat.newChat.click();
  await expect(page).toHaveURL(new RegExp(`/c/${unused._id}$`));
  expect(await user.api.call('GET', '/chat/sessions')).toHaveLength(1);
});

test('a chat is duplicated and forked, the copy opens, and Undo takes it away', async ({
  user,
  openChat,
  page,
}) => {
  const { _id } = await user.api.createSession('Source');
  await user.api.send(_id, 'first');
  await user.api.send(_id, 'second');
  await user.api.send(_id, 'third');
  const chat = await openChat(`/c/${_id}`);
  await pickFromMenu(chat, 'Source', 'Duplicate');
  await expect(chat.notifications).toContainText('Duplicated “Source”.');
  await expect(page).not.toHaveURL(new RegExp(_id));
  await expect(chat.messages.locator('.bubble')).toHaveText(['first', 'second', 'third']);
  await chat.notifications.getByRole('button', { name: 'Undo' }).click();
  await expect(page).toHaveURL(new RegExp(`/c/${_id}$`));
  await expect.poll(() => user.api.call('GET', '/chat/sessions')).toHaveLength(1);

  await chat.message('second').hover();
  await chat.message('second').getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Fork from here' }).click();
  await expect(chat.notifications).toContainText('Forked “Source”.');
  await expect(page).not.toHaveURL(new RegExp(_id));
  await expect(chat.messages.locator('.bubble')).toHaveText(['first', 'second']);
  expect(await user.api.call('GET', `/chat/sessions/${_id}`)).toMatchObject({ message_count: 3 });
});

test('21 a second tab follows pins, tags and the archive without a reload', async ({
  user,
  openChat,
  context,
}) => {
  const { _id } = await user.api.createSession('Shared');
  const chat = await openChat();
  await expect(chat.chat('Shared')).toBeVisible();
  const other = await context.newPage();
  await other.goto('/chat-ui/');
  const there = other.getByRole('navigation', { name: 'Chats' });
  await expect(there.getByRole('link', { name: /^Shared/ })).toBeVisible();
  await pickFromMenu(chat, 'Shared', 'Pin');
  await expect(there.getByRole('region', { name: 'Pinned' })).toContainText('Shared');
  await user.api.call('PUT', `/chat/sessions/${_id}`, { archived: true });
  await expect(there.getByRole('link')).toHaveCount(0);
  await expect(chat.chats.getByRole('link')).toHaveCount(0);
});

for (const theme of ['light', 'dark'] as const) {
  test.describe(`54 axe finds nothing in ${theme}`, () => {
    test.use({ colorScheme: theme });

    test('on folders, their menu, and the question where to move one', async ({
      user,
      openChat,
      page,
    }) => {
      const { _id } = await user.api.createSession('Marked');
      const work = await user.api.call<ChatSession>('POST', '/chat/folders', {
        name: 'Work',
        color: 'yellow',
      });
      await user.api.call('POST', '/chat/folders', { name: 'Plans', parent_id: work._id });
      await user.api.call('PUT', `/chat/sessions/${_id}`, {
        pinned: true,
        unread: true,
        tags: ['travel'],
        folder_id: work._id,
      });
      await openChat();
      await page.getByRole('treeitem', { name: 'Work, 1 chat' }).click();
      await page.keyboard.press('ArrowRight');
      await expectNoViolations(page);
      await page.keyboard.press('Shift+F10');
      await expect(page.getByRole('menuitemradio', { name: 'Yellow' })).toBeVisible();
      await expectNoViolations(page);
      await page.getByRole('menuitem', { name: 'Move to…' }).click();
      await expect(page.getByRole('dialog', { name: 'Move the folder' })).toBeVisible();
      await expectNoViolations(page);
    });

    test('on marked chats, their tags, the filters and a selection', async ({
      user,
      openChat,
      page,
    }) => {
      const { _id } = await user.api.createSession('Marked');
      await user.api.createSession('Plain');
      await user.api.call('PUT', `/chat/sessions/${_id}`, {
        pinned: true,
        unread: true,
        tags: ['travel'],
      });
      const chat = await openChat();
      await pickFromMenu(chat, 'Marked', 'Tags…');
      await expect(page.getByRole('dialog', { name: 'Tags' })).toBeVisible();
      await expectNoViolations(page);
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Filter and select' }).click();
      await expectNoViolations(page);
      await page.getByRole('menuitem', { name: 'Select chats' }).click();
      await page.keyboard.press('Space');
      await expect(page.getByText('1 selected')).toBeVisible();
      await expectNoViolations(page);
    });

    test('in the drawer of a phone with folders and a selection', async ({
      user,
      openChat,
      page,
    }) => {
      await page.setViewportSize(PHONE);
      await user.api.createSession('A chat');
      await user.api.call('POST', '/chat/folders', { name: 'Work' });
      await openChat();
      await page.getByRole('button', { name: 'Show chats' }).click();
      await expect(page.getByRole('treeitem', { name: 'Work, 0 chats' })).toBeVisible();
      await page.getByRole('button', { name: 'Filter and select' }).click();
      await page.getByRole('menuitem', { name: 'Select chats' }).click();
      await page.getByRole('checkbox', { name: /^A chat/ }).click();
      await expectNoViolations(page);
      await page.keyboard.press('Escape');
      await expect(page.getByRole('checkbox')).toHaveCount(0);
      await expect(page.getByRole('dialog', { name: 'Chats' })).toBeVisible();
    });
  });
}
