import type { Message } from '@chat/shared-types';
import { expect, test, type TestUser } from './support/test.js';

const LINE_PX = 24;
const CONTENT_MAX = 100_000;

/** What the person wrote, without the replies to it. */
const stored = async (user: TestUser, sessionId: string): Promise<Message[]> =>
  (await user.api.call<Message[]>('GET', `/chat/sessions/${sessionId}/messages`)).filter(
    ({ role }) => role === 'user',
  );

test('1 the composer has the focus on load, on New Chat and on a switch of sessions', async ({
  user,
  openChat,
}) => {
  const { _id } = await user.api.createSession('First');
  await user.api.send(_id, 'Something said');
  await user.api.createSession('Second');
  const chat = await openChat();
  await expect(chat.composer).toBeFocused();
  await chat.chat('First').click();
  await expect(chat.page).toHaveURL(new RegExp(`/c/${_id}$`));
  await expect(chat.composer).toBeFocused();
  await chat.chat('Second').click();
  await expect(chat.page.getByRole('list', { name: 'Suggestions' })).toBeVisible();
  await expect(chat.composer).toBeFocused();
  await chat.newChat.click();
  await expect(chat.page.getByRole('textbox', { name: 'Chat title' })).toBeVisible();
  await expect(chat.composer).toBeFocused();
  await chat.page.goto(`/chat-ui/c/${_id}`);
  await expect(chat.bubble('Something said')).toBeVisible();
  await expect(chat.composer).toBeFocused();
});

test.describe('on touch', () => {
  test.use({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });

  test('1 the composer does not take the focus on load or on a switch of sessions on touch', async ({
    user,
    openChat,
  }) => {
    const { _id } = await user.api.createSession('Quiet');
    await user.api.send(_id, 'Something said');
    const chat = await openChat();
    await expect(chat.page.getByRole('list', { name: 'Suggestions' })).toBeVisible();
    await expect(chat.composer).not.toBeFocused();
    await chat.page.getByRole('button', { name: 'Show chats' }).tap();
    await chat.chat('Quiet').tap();
    await expect(chat.bubble('Something said')).toBeVisible();
    await expect(chat.page.getByRole('dialog')).toHaveCount(0);
    await expect(chat.composer).not.toBeFocused();
  });
});

test('2 Enter sends, Shift+Enter breaks the line, Enter inside an IME composition does not send', async ({
  user,
  openChat,
}) => {
  const { _id } = await user.api.createSession('Keys');
  const chat = await openChat(`/c/${_id}`);
  const { keyboard } = chat.page;
  await expect(chat.composer).toBeFocused();
  await keyboard.type('one');
  await keyboard.press('Shift+Enter');
  await keyboard.type('two');
  await expect(chat.composer).toHaveValue('one\ntwo');
  await keyboard.press('Enter');
  await expect(chat.composer).toHaveValue('');
  await expect(chat.ownMessages).toHaveCount(1);
  await chat.replyEnds();

  await keyboard.type('kanji: ');
  const devtools = await chat.page.context().newCDPSession(chat.page);
  await devtools.send('Input.imeSetComposition', {
    text: 'にほん',
    selectionStart: 3,
    selectionEnd: 3,
  });
  await expect(chat.composer).toHaveValue('kanji: にほん');
  // The input method takes this Enter for itself: the page hears of it, and no character follows.
  const enter = { key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13 };
  await devtools.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...enter });
  await devtools.send('Input.insertText', { text: '日本' });
  await devtools.send('Input.dispatchKeyEvent', { type: 'keyUp', ...enter });
  await expect(chat.composer).toHaveValue('kanji: 日本');
  await expect(chat.log.locator('.bubble.user')).toHaveCount(1);
  await keyboard.press('Enter');
  await expect(chat.ownMessages).toHaveCount(2);
  const contents = (await stored(user, _id)).map(({ content }) => content);
  expect(contents).toEqual(['one\ntwo', 'kanji: 日本']);
});

test('3 blank text never sends, and Send is disabled with a name', async ({ user, openChat }) => {
  const { _id } = await user.api.createSession('Blank');
  const chat = await openChat(`/c/${_id}`);
  await expect(chat.send).toBeDisabled();
  for (const blank of ['   ', '\n\n', ' \t\u00a0\n']) {
    await chat.composer.fill(blank);
    await expect(chat.send).toBeDisabled();
    await chat.composer.press('Enter');
    await expect(chat.composer).toHaveValue(blank);
  }
  await chat.composer.fill('x');
  await expect(chat.send).toBeEnabled();
  await chat.send.click();
  await expect(chat.ownMessages).toHaveCount(1);
  expect(await stored(user, _id)).toHaveLength(1);
});

test('4 the composer grows to about 8 lines, then scrolls', async ({ openChat }) => {
  const { composer } = await openChat();
  const heightOf = async (lines: number): Promise<number> => {
    await composer.fill(Array.from({ length: lines }, (_, at) => `line ${at + 1}`).join('\n'));
    return composer.evaluate((box) => box.clientHeight);
  };
  const scrolls = (): Promise<boolean> =>
    composer.evaluate((box) => box.scrollHeight > box.clientHeight + 1);

  const one = await heightOf(1);
  expect((await heightOf(4)) - one).toBeCloseTo(3 * LINE_PX, -1);
  expect(await scrolls()).toBe(false);
  const most = await heightOf(30);
  expect(most / LINE_PX).toBeGreaterThan(7.5);
  expect(most / LINE_PX).toBeLessThan(9.5);
  expect(await scrolls()).toBe(true);
  expect(await heightOf(1)).toBe(one);
});

test('5 a draft per session survives switching and reload, and is gone on send only', async ({
  user,
  openChat,
}) => {
  const first = await user.api.createSession('Letters');
  await user.api.createSession('Numbers');
  const chat = await openChat(`/c/${first._id}`);
  await chat.composer.fill('abc');
  await chat.chat('Numbers').click();
  await expect(chat.composer).toHaveValue('');
  await chat.composer.fill('123');
  await chat.chat('Letters').click();
  await expect(chat.composer).toHaveValue('abc');
  await chat.page.reload();
  await expect(chat.composer).toHaveValue('abc');
  await chat.chat('Numbers').click();
  await expect(chat.composer).toHaveValue('123');
  await chat.composer.press('Enter');
  await expect(chat.composer).toHaveValue('');
  await expect(chat.ownMessages).toHaveCount(1);
  await chat.page.reload();
  await expect(chat.ownMessages).toHaveCount(1);
  await expect(chat.composer).toHaveValue('');
  await chat.chat('Letters').click();
  await expect(chat.composer).toHaveValue('abc');
});

test('6 Up-arrow in the empty composer edits the last own message, Esc restores', async ({
  user,
  openChat,
}) => {
  const { _id } = await user.api.createSession('Recall');
  await user.api.send(_id, 'older words');
  await user.api.send(_id, 'last own words');
  await user.api.send(_id, 'an answer', 'assistant');
  const chat = await openChat(`/c/${_id}`);
  const editor = chat.page.getByRole('textbox', { name: 'Edit message' });
  await expect(chat.messages).toHaveCount(3);
  await chat.composer.press('ArrowUp');
  await expect(editor).toHaveValue('last own words');
  await expect(editor).toBeFocused();
  await editor.press('End');
  await editor.press('?');
  await editor.press('Escape');
  await expect(editor).toHaveCount(0);
  await expect(chat.composer).toBeFocused();
  await expect(chat.composer).toHaveValue('');
  await expect(chat.messages.locator('.bubble')).toHaveText([
    'older words',
    'last own words',
    'an answer',
  ]);
  await chat.composer.fill('my draft');
  await chat.composer.press('ArrowUp');
  await expect(chat.composer).toHaveValue('my draft');
  await expect(editor).toHaveCount(0);
  await chat.composer.fill('');
  await chat.composer.press('ArrowUp');
  await editor.press('End');
  await editor.press('!');
  await editor.press('Enter');
  await expect(chat.ownMessages.locator('.bubble')).toHaveText(['older words', 'last own words!']);
  await expect(chat.message('an answer')).toHaveCount(0);
  await expect
    .poll(async () => (await stored(user, _id)).map(({ content }) => content))
    .toEqual(['older words', 'last own words!']);
});

test('7 a double Enter or click makes one message', async ({ user, openChat }) => {
  const { _id } = await user.api.createSession('Once');
  const chat = await openChat(`/c/${_id}`);
  await expect(chat.composer).toBeFocused();
  await chat.composer.fill('by key');
  await chat.composer.evaluate((field) => {
    for (let press = 0; press < 2; press += 1) {
      const init = { key: 'Enter', code: 'Enter', bubbles: true, cancelable: true };
      field.dispatchEvent(new KeyboardEvent('keydown', init));
    }
  });
  await expect(chat.message('by key')).toBeVisible();
  await chat.replyEnds();
  await chat.composer.fill('by key again');
  await chat.page.keyboard.press('Enter');
  await chat.page.keyboard.press('Enter');
  await expect(chat.message('by key again')).toBeVisible();
  await chat.replyEnds();
  await chat.composer.fill('by click');
  await chat.send.dblclick();
  await expect(chat.message('by click')).toBeVisible();
  await chat.replyEnds();
  await chat.composer.fill('by both');
  await chat.send.evaluate((button) => {
    if (!(button instanceof HTMLElement)) return;
    button.click();
    button.click();
  });
  await expect(chat.message('by both')).toBeVisible();
  const contents = (await stored(user, _id)).map(({ content }) => content);
  expect(contents).toEqual(['by key', 'by key again', 'by click', 'by both']);
});

test('9 over the limit there is a counter and a reason, and nothing is cut', async ({
  user,
  openChat,
}) => {
  const { _id } = await user.api.createSession('Long');
  const chat = await openChat(`/c/${_id}`);
  await chat.composer.fill('x'.repeat(CONTENT_MAX + 2));
  const reason = chat.page.getByRole('alert');
  await expect(reason).toContainText('100,002 / 100,000');
  await expect(reason).toContainText('Too long by 2');
  await expect(chat.composer).toHaveAttribute('aria-invalid', 'true');
  await expect(chat.send).toBeDisabled();
  await chat.composer.press('Enter');
  expect(await chat.composer.inputValue()).toHaveLength(CONTENT_MAX + 2);
  expect(await stored(user, _id)).toEqual([]);
  await chat.composer.press('Backspace');
  await chat.composer.press('Backspace');
  await expect(chat.page.getByText('100,000 / 100,000')).toBeVisible();
  await expect(reason).toBeHidden();
  await chat.composer.press('Enter');
  await expect(chat.ownMessages).toHaveCount(1);
  const [message] = await stored(user, _id);
  expect(message?.content).toHaveLength(CONTENT_MAX);
});
