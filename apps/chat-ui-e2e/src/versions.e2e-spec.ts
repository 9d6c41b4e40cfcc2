import type { ListedMessage, MessageRevision } from '@chat/shared-types';
import { expect, test, type TestUser } from './support/test.js';

const stored = (user: TestUser, sessionId: string, query = ''): Promise<ListedMessage[]> =>
  user.api.call('GET', `/chat/sessions/${sessionId}/messages${query}`);
const contentsOf = async (user: TestUser, sessionId: string, query = ''): Promise<string[]> =>
  (await stored(user, sessionId, query)).map(({ content }) => content);

test('6 Up-arrow in the empty composer edits the last own message: a new version of it, and Esc restores', async ({
  createSessionWith,
  openChat,
  user,
}) => {
  const { _id } = await createSessionWith('echo', 'Recall');
  await user.api.send(_id, 'older words');
  await user.api.send(_id, 'an answer', 'assistant');
  await user.api.send(_id, 'last own words');
  await user.api.send(_id, 'another answer', 'assistant');
  const chat = await openChat(`/c/${_id}`);
  const editor = chat.page.getByRole('textbox', { name: 'Edit message' });
  await expect(chat.messages).toHaveCount(4);
  await chat.composer.press('ArrowUp');
  await expect(editor).toBeFocused();
  await expect(editor).toHaveValue('last own words');
  await chat.page.keyboard.type('!');
  await chat.page.keyboard.press('Escape');
  await expect(editor).toHaveCount(0);
  await expect(chat.composer).toBeFocused();
  await expect(chat.bubble('last own words')).toHaveText('last own words');
  expect(await stored(user, _id, '?branch=all')).toHaveLength(4);

  await chat.composer.fill('my draft');
  await chat.composer.press('ArrowUp');
  await expect(chat.composer).toHaveValue('my draft');
  await expect(editor).toHaveCount(0);
  await chat.composer.fill('');
  await chat.composer.press('ArrowUp');
  await expect(editor).toBeFocused();
  await chat.page.keyboard.type('!');
  await chat.page.keyboard.press('Enter');
  await expect(chat.log.locator('.bubble')).toHaveText([
    'older words',
    'an answer',
    'last own words!',
    'last own words!',
  ]);
  await expect(chat.message('last own words!').first()).toContainText('Version 2 of 2');
  await expect(chat.send).toBeVisible();
  expect(await contentsOf(user, _id)).toEqual([
    'older words',
    'an answer',
    'last own words!',
    'last own words!',
  ]);
  expect(await stored(user, _id, '?branch=all')).toHaveLength(6);
});

test('19 Regenerate keeps the old version under 1/2, and the arrows are named and reachable by keyboard', async ({
  createSessionWith,
  held,
  openChat,
  user,
}) => {
  const { _id } = await createSessionWith('held', 'Again');
  const chat = await openChat(`/c/${_id}`);
  await chat.write('a question');
  const first = await held.next();
  await first.say('The first answer.');
  await first.finish();
  await expect(chat.send).toBeVisible();
  const reply = chat.replies.last();
  await reply.hover();
  await reply.getByRole('button', { name: 'Regenerate reply' }).click();
  const second = await held.next();
  expect(second.question.turns).toEqual([{ role: 'user', content: 'a question' }]);
  await second.say('The second ');
  await expect(reply.locator('.bubble')).toHaveText('The second');
  await expect(chat.bubble('The first answer.')).toHaveCount(0);
  await second.say('answer.');
  await second.finish();
  await expect(chat.send).toBeVisible();

  const versions = reply.getByRole('group', { name: 'Versions' });
  await expect(versions).toContainText('2/2');
  const previous = versions.getByRole('button', { name: 'Previous version' });
  const next = versions.getByRole('button', { name: 'Next version' });
  await expect(next).toHaveAttribute('aria-disabled', 'true');
  await chat.log.focus();
  for (let stops = 0; stops < 20; stops += 1) {
    await chat.page.keyboard.press('Tab');
    if (await previous.evaluate((button) => button === document.activeElement)) break;
  }
  await expect(previous).toBeFocused();
  await chat.page.keyboard.press('Enter');
  await expect(reply.locator('.bubble')).toHaveText('The first answer.');
  await expect(versions).toContainText('1/2');
  await expect(previous).toBeFocused();
  await expect(previous).toHaveAttribute('aria-disabled', 'true');
  await expect(chat.liveRegion).toHaveText('Version 1 of 2.');
  expect((await stored(user, _id)).at(-1)?.content).toBe('The first answer.');
  await chat.page.reload();
  await expect(reply.locator('.bubble')).toHaveText('The first answer.');
  await next.focus();
  await chat.page.keyboard.press('Enter');
  await expect(reply.locator('.bubble')).toHaveText('The second answer.');
  await expect(chat.messages).toHaveCount(2);
  expect(await contentsOf(user, _id, '?branch=all')).toEqual([
    'a question',
    'The first answer.',
    'The second answer.',
  ]);
});

test('20 editing a user message branches, each version keeps its own answer, and cancel changes nothing', async ({
  createSessionWith,
  openChat,
  user,
}) => {
  const { _id } = await createSessionWith('echo', 'Branches');
  const chat = await openChat(`/c/${_id}`);
  const bubbles = chat.log.locator('.bubble');
  for (const [at, words] of ['first', 'second'].entries()) {
    await chat.write(words);
    await expect(bubbles).toHaveCount(at * 2 + 2);
    await expect(bubbles.last()).toHaveText(words);
  }
  await expect(chat.send).toBeVisible();
  const before = await stored(user, _id, '?branch=all');
  expect(before).toHaveLength(4);
  const own = chat.messages.first();
  const editor = chat.page.getByRole('textbox', { name: 'Edit message' });
  const open = async (): Promise<void> => {
    await own.hover();
    await own.getByRole('button', { name: 'Edit message' }).click();
    await expect(editor).toBeFocused();
  };

  await open();
  await editor.fill('thrown away');
  await chat.page.getByRole('button', { name: 'Cancel' }).click();
  await expect(editor).toHaveCount(0);
  await open();
  await editor.fill('thrown away as well');
  await chat.page.keyboard.press('Escape');
  await expect(editor).toHaveCount(0);
  await expect(bubbles).toHaveText(['first', 'first', 'second', 'second']);
  expect(await stored(user, _id, '?branch=all')).toEqual(before);

  await open();
  await editor.fill('changed');
  await chat.page.keyboard.press('Enter');
  await expect(bubbles).toHaveText(['changed', 'changed']);
  await expect(own).toContainText('Version 2 of 2');
  await expect(chat.send).toBeVisible();
  await own.getByRole('button', { name: 'Previous version' }).click();
  await expect(bubbles).toHaveText(['first', 'first', 'second', 'second']);
  await expect(own).toContainText('Version 1 of 2');
  expect(await stored(user, _id, '?branch=all')).toHaveLength(6);
  const revisions = await user.api.call<MessageRevision[]>(
    'GET',
    `/chat/sessions/${_id}/messages/${before[0]?._id ?? ''}/revisions`,
  );
  expect(revisions).toEqual([]);
});
