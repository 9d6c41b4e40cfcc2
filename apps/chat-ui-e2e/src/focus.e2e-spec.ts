import type { Locator, Page } from '@playwright/test';
import { ChatPage } from './support/chat-page.js';
import { expect, test } from './support/test.js';

async function openFromChatMenu(page: Page, item: string): Promise<void> {
  await page.getByRole('button', { name: 'Chat options' }).press('Enter');
  await page.getByRole('menuitem', { name: item }).press('Enter');
}

async function openFromAccountMenu(page: Page, item: string): Promise<void> {
  await page.getByRole('button', { name: /Account and theme/ }).press('Enter');
  await page.getByRole('menuitem', { name: item }).press('Enter');
}

async function press(button: Locator): Promise<void> {
  await button.focus();
  await button.press('Enter');
}

/** Esc as an input method takes it: to put a candidate aside, not to close anything. */
const pressComposedEscape = (field: Locator): Promise<void> =>
  field.dispatchEvent('keydown', {
    key: 'Escape',
    isComposing: true,
    keyCode: 229,
    bubbles: true,
    cancelable: true,
  });

test('57 a dialog begins with what it is about, and with no hint over it', async ({
  user,
  openChat,
  page,
}) => {
  const { _id } = await user.api.createSession('A chat');
  await user.api.send(_id, 'a message');
  await openChat(`/c/${_id}`);
  const hint = page.getByRole('tooltip');

  await openFromChatMenu(page, 'System prompt');
  await expect(page.getByRole('textbox', { name: 'System prompt' })).toBeFocused();
  await expect(hint).toHaveCount(0);
  await page.keyboard.press('Escape');
  await openFromChatMenu(page, 'Export…');
  await expect(page.getByRole('radio', { name: /^Markdown/ })).toBeFocused();
  await expect(hint).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Chat options' })).toBeFocused();
  await openFromAccountMenu(page, 'Account…');
  await expect(page.getByRole('textbox', { name: 'Display name' })).toBeFocused();
  await page.keyboard.press('Escape');
  await openFromAccountMenu(page, 'Export everything…');
  const everything = page.getByRole('dialog', { name: 'Export everything' });
  await expect(everything.getByRole('button', { name: 'Close' })).toBeVisible();
  await expect(everything.getByRole('button', { name: 'Close' })).not.toBeFocused();
  await expect(hint).toHaveCount(0);
});

test('57 the focus goes on after a button that its own press takes away', async ({
  user,
  openChat,
  createSessionWith,
  page,
  watch,
}) => {
  watch.expectConsoleError(/ERR_FAILED/);
  const { _id } = await createSessionWith('length', 'A chat');
  const chat = await openChat(`/c/${_id}`);
  await chat.write('a question');
  await chat.replyEnds();

  await press(chat.log.getByRole('button', { name: 'Continue' }));
  await expect(chat.composer).toBeFocused();
  await chat.replyEnds();

  const question = chat.message('a question');
  const react = question.getByRole('button', { name: 'Add reaction' });
  await press(react);
  await page.getByRole('button', { name: 'Thumbs up' }).press('Enter');
  await press(question.getByRole('button', { name: 'Thumbs up, 1' }));
  await expect(react).toBeFocused();

  const other = await user.api.createSession('Does not load');
  await user.api.send(other._id, 'comes late');
  await page.route(`**/${other._id}/messages?**`, (route) => route.abort());
  await chat.chat('Does not load').click();
  const retry = page.getByRole('main').getByRole('button', { name: 'Retry' });
  await expect(retry).toBeVisible();
  await page.unroute(`**/${other._id}/messages?**`);
  await press(retry);
  await expect(chat.message('comes late')).toBeVisible();
  await expect(chat.composer).toBeFocused();
});

test('63 a shortcut leads nowhere else while a dialog is open', async ({
  user,
  openChat,
  page,
}) => {
  const { _id } = await user.api.createSession('A chat');
  await user.api.send(_id, 'a message');
  await openChat(`/c/${_id}`);
  const palette = page.getByRole('combobox', { name: 'Search chats and messages' });

  await openFromChatMenu(page, 'System prompt');
  const prompt = page.getByRole('textbox', { name: 'System prompt' });
  await prompt.fill('Half a prompt');
  await page.keyboard.press('Control+Shift+O');
  await page.keyboard.press('Control+k');
  // What either would have fetched or drawn by now.
  await user.api.createSession('Elsewhere');
  await expect(page.getByRole('link', { name: /^Elsewhere/, includeHidden: true })).toBeAttached();
  await expect(prompt).toHaveValue('Half a prompt');
  await expect(palette).toHaveCount(0);
  await expect(page).toHaveURL(new RegExp(`/c/${_id}$`));
  await page.keyboard.press('Escape');

  await openFromChatMenu(page, 'Delete');
  await page.keyboard.press('Control+Shift+O');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Chat options' })).toBeFocused();
  await expect(page).toHaveURL(new RegExp(`/c/${_id}$`));
  await page.keyboard.press('Control+Shift+O');
  await expect(page).not.toHaveURL(new RegExp(`/c/${_id}$`));
});

test('57 Esc inside an IME composition closes nothing', async ({ user, openChat, page }) => {
  const { _id } = await user.api.createSession('A chat');
  await user.api.send(_id, 'a message');
  const chat = await openChat(`/c/${_id}`);

  await press(chat.message('a message').getByRole('button', { name: 'Edit message' }));
  const editor = chat.log.getByRole('textbox', { name: 'Edit message' });
  await editor.fill('another text');
  await pressComposedEscape(editor);
  await expect(editor).toHaveValue('another text');
  await editor.press('Escape');
  await expect(editor).toHaveCount(0);

  await page.keyboard.press('Control+k');
  const palette = page.getByRole('combobox', { name: 'Search chats and messages' });
  await palette.fill('mess');
  await pressComposedEscape(palette);
  await expect(page.getByRole('option').first()).toBeVisible();
  await expect(palette).toHaveValue('mess');
  await palette.press('Escape');
  await expect(palette).toHaveCount(0);
});

const NOT_LOADED = 'That did not load. Check your connection and try again.';

test('what does not load when it is opened says so, and opens at the next press', async ({
  user,
  openChat,
  page,
  watch,
}) => {
  watch.expectConsoleError(/ERR_FAILED|Failed to fetch dynamically imported module/);
  const { _id } = await user.api.createSession('A chat');
  await user.api.send(_id, 'a message');
  const chat = await openChat(`/c/${_id}`);
  const message = chat.message('a message');
  const options = page.getByRole('button', { name: 'Chat options' });
  const account = page.getByRole('button', { name: /Account and theme/ });
  const cases: { open: () => Promise<void>; opened: Locator; opener: Locator }[] = [
    {
      open: () => page.keyboard.press('Control+k'),
      opened: page.getByRole('dialog', { name: 'Search' }),
      opener: options,
    },
    {
      open: () => openFromChatMenu(page, 'Tags…'),
      opened: page.getByRole('dialog', { name: 'Tags' }),
      opener: options,
    },
    {
      open: () => openFromChatMenu(page, 'Export…'),
      opened: page.getByRole('dialog', { name: 'Export chat' }),
      opener: options,
    },
    {
      open: () => openFromAccountMenu(page, 'Account…'),
      opened: page.getByRole('dialog', { name: 'Account' }),
      opener: account,
    },
    {
      open: () => press(message.getByRole('button', { name: 'Add reaction' })),
      opened: page.getByRole('dialog', { name: 'Add a reaction' }),
      opener: message.getByRole('button', { name: 'Add reaction' }),
    },
  ];
  // The menu of a chat is fetched ahead; the focus goes back to its button.
  await openFromChatMenu(page, 'Mark as unread');
  for (const { open, opened, opener } of cases) {
    await page.route('**/assets/*.js', (route) => route.abort());
    await open();
    await expect(chat.notifications.getByText(NOT_LOADED)).toBeVisible();
    await expect(opener).toBeFocused();
    await expect(opened).toHaveCount(0);
    await chat.notifications.getByRole('button', { name: 'Dismiss' }).click();
    await page.unroute('**/assets/*.js');
    await open();
    await expect(opened).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(opened).toHaveCount(0);
  }
});

test('a page that does not load says so, and Retry opens it', async ({ openChat, page, watch }) => {
  watch.expectConsoleError(/ERR_FAILED|Failed to fetch dynamically imported module/);
  const chat: ChatPage = await openChat();
  await page.route('**/assets/*.js', (route) => route.abort());
  await page.getByRole('link', { name: 'Trash' }).click();
  await expect(chat.notifications.getByText(NOT_LOADED)).toBeVisible();
  await page.unroute('**/assets/*.js');
  await chat.notifications.getByRole('button', { name: 'Retry' }).click();
  await expect(page.getByRole('heading', { name: 'Trash' })).toBeVisible();
});

test('57 the focus stays in a list whose rest is asked for again', async ({
  user,
  scenes,
  openChat,
  page,
  watch,
}) => {
  watch.expectConsoleError(/ERR_FAILED/);
  const sessions = Array.from({ length: 120 }, (_unused, at) => ({
    title: `Chat ${at}`,
    lastActivity: new Date(Date.now() - at * 60_000),
  }));
  const ids = await scenes.addSessions(user.id, sessions);
  await page.route(/cursor=/, (route) => route.abort());
  const chat = await openChat();

  await expect(chat.rows).toHaveCount(50);
  await chat.rows.last().scrollIntoViewIfNeeded();
  await press(chat.chats.getByRole('button', { name: /^Older chats did not load/ }));
  await expect(chat.chats.getByRole('link', { name: /^Chat 49/ })).toBeFocused();

  await user.api.call('POST', '/chat/sessions/bulk', { ids, action: 'delete' });
  await page.goto('/chat-ui/trash');
  const trash = page.getByRole('list', { name: 'Trash' }).getByRole('listitem');
  await expect(trash).toHaveCount(50);
  await trash.last().scrollIntoViewIfNeeded();
  await press(page.getByRole('button', { name: /^The rest did not load/ }));
  await expect(trash.last().getByRole('button')).toBeFocused();
});
