import type { ListedMessage } from '@chat/shared-types';
import type { Locator, Page } from '@playwright/test';
import { expectNoViolations } from './support/accessibility.js';
import { ChatPage } from './support/chat-page.js';
import { expect, test } from './support/test.js';

const pickerOf = (page: Page): Locator => page.getByRole('dialog', { name: 'Add a reaction' });

async function openPicker(chat: ChatPage, text: string): Promise<Locator> {
  await chat.message(text).hover();
  await chat.message(text).getByRole('button', { name: 'Add reaction' }).click();
  return pickerOf(chat.page);
}

test('a reaction is picked, counted under its message, taken back, and seen in another tab', async ({
  user,
  openChat,
  page,
  context,
}) => {
  const { _id } = await user.api.createSession('A chat');
  await user.api.send(_id, 'good news', 'assistant');
  await user.api.send(_id, 'no reaction here');
  const chat = await openChat(`/c/${_id}`);
  const other = new ChatPage(await context.newPage());
  await other.page.goto(`/chat-ui/c/${_id}`);
  await expect(other.message('good news')).toBeVisible();
  await expect(chat.log.getByRole('list', { name: 'Reactions' })).toHaveCount(0);

  const picker = await openPicker(chat, 'good news');
  await picker.getByRole('button', { name: 'Party' }).click();
  await expect(picker).toHaveCount(0);
  const chip = chat.message('good news').getByRole('button', { name: 'Party, 1' });
  await expect(chip).toHaveAttribute('aria-pressed', 'true');
  await expect(chat.log.getByRole('list', { name: 'Reactions' })).toHaveCount(1);
  await expect(other.message('good news').getByRole('button', { name: 'Party, 1' })).toBeVisible();
  const [stored] = await user.api.call<ListedMessage[]>('GET', `/chat/sessions/${_id}/messages`);
  expect(stored?.reactions).toEqual([{ emoji: '🎉', count: 1, mine: true }]);

  await chip.click();
  await expect(chip).toHaveCount(0);
  await expect(other.log.getByRole('list', { name: 'Reactions' })).toHaveCount(0);
  await page.reload();
  await expect(chat.message('good news')).toBeVisible();
  await expect(chat.log.getByRole('list', { name: 'Reactions' })).toHaveCount(0);
});

test('57 the picker is a grid for the arrow keys, and gives the focus back', async ({
  user,
  openChat,
  page,
}) => {
  const { _id } = await user.api.createSession('A chat');
  await user.api.send(_id, 'good news', 'assistant');
  const chat = await openChat(`/c/${_id}`);
  const opener = chat.message('good news').getByRole('button', { name: 'Add reaction' });
  await opener.focus();
  await page.keyboard.press('Enter');
  const picker = pickerOf(page);
  await expect(picker.getByRole('button', { name: 'Thumbs up' })).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(picker.getByRole('button', { name: 'Thumbs up' })).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  await expect(picker.getByRole('button', { name: 'Thanks' })).toBeFocused();
  await page.keyboard.press('End');
  await expect(picker.getByRole('button', { name: 'Angry' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(picker).toHaveCount(0);
  await expect(opener).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(picker.getByRole('button', { name: 'Thumbs up' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(
    chat.message('good news').getByRole('button', { name: 'Thumbs up, 1' }),
  ).toBeVisible();
  await expect(opener).toBeFocused();
});

test('a reaction shows before the answer, and goes again where it was refused', async ({
  user,
  openChat,
  page,
  watch,
}) => {
  watch.expectConsoleError(/503/);
  const { _id } = await user.api.createSession('A chat');
  await user.api.send(_id, 'good news', 'assistant');
  const chat = await openChat(`/c/${_id}`);
  let refuse: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (refuse = resolve));
  await page.route('**/reactions/*', async (route) => {
    await held;
    await route.fulfill({ status: 503, body: '' });
  });
  const picker = await openPicker(chat, 'good news');
  await picker.getByRole('button', { name: 'Fire' }).click();
  const chip = chat.message('good news').getByRole('button', { name: 'Fire, 1' });
  await expect(chip).toBeVisible();
  refuse();
  await expect(chip).toHaveCount(0);
  await expect(chat.notifications).toContainText('The reaction was not added.');
});

for (const theme of ['light', 'dark'] as const) {
  test.describe(`54 axe finds nothing in ${theme}`, () => {
    test.use({ colorScheme: theme });

    test('on reactions and in the picker', async ({ user, openChat, page }) => {
      const { _id } = await user.api.createSession('A chat');
      const { _id: id } = await user.api.send(_id, 'good news', 'assistant');
      await user.api.send(_id, 'mine');
      const thumb = encodeURIComponent('👍');
      await user.api.call('PUT', `/chat/sessions/${_id}/messages/${id}/reactions/${thumb}`);
      const chat = await openChat(`/c/${_id}`);
      await expect(chat.log.getByRole('list', { name: 'Reactions' })).toHaveCount(1);
      await expectNoViolations(page);
      await openPicker(chat, 'good news');
      await expect(pickerOf(page)).toBeVisible();
      await expectNoViolations(page);
    });
  });
}
