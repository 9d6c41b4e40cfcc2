import type { ListedMessage } from '@chat/shared-types';
import { PROSE, THOUGHTS } from '@chat/scripted-provider';
import type { Locator, Page } from '@playwright/test';
import { HELD_TITLE } from './support/held-answers.js';
import { expect, test, type TestUser } from './support/test.js';

/** From the press to the page that says so. */
const STOP_MS = 300;

const stored = (user: TestUser, sessionId: string): Promise<ListedMessage[]> =>
  user.api.call('GET', `/chat/sessions/${sessionId}/messages`);

/**
 * Notes when Esc or a mouse button was pressed and when the page said that the reply was stopped.
 *
 * @returns reads the milliseconds between the two.
 */
async function measureStop(page: Page): Promise<() => Promise<number>> {
  const probe = await page.evaluateHandle(() => {
    let pressed = Number.NaN;
    const press = (): void => {
      pressed = performance.now();
    };
    addEventListener('keydown', press, { capture: true });
    addEventListener('pointerdown', press, { capture: true });
    const stopped = new Promise<number>((resolve) => {
      const look = (): void => {
        const marks = document.querySelectorAll('[data-ending]');
        const isStopped = [...marks].some(({ textContent }) => textContent.includes('Stopped'));
        if (isStopped) resolve(performance.now() - pressed);
        else requestAnimationFrame(look);
      };
      look();
    });
    return { stopped };
  });
  return () => probe.evaluate(({ stopped }) => stopped);
}

test('8 typing stays possible while a reply streams, Send turns into Stop, and the focus stays', async ({
  createSessionWith,
  held,
  openChat,
  user,
}) => {
  const { _id } = await createSessionWith('held', 'Typing');
  const chat = await openChat(`/c/${_id}`);
  await chat.write('a question');
  const answer = await held.next();
  await answer.say('The beginning ');
  await expect(chat.bubble('The beginning')).toBeVisible();
  await expect(chat.stop).toBeVisible();
  await expect(chat.send).toHaveCount(0);
  await expect(chat.composer).toBeFocused();
  await chat.page.keyboard.type('my next ');
  await answer.say('and more ');
  await expect(chat.bubble('and more')).toBeVisible();
  await chat.page.keyboard.type('question');
  await expect(chat.composer).toHaveValue('my next question');
  // It cannot be sent yet: nothing is lost, and why is said.
  await chat.page.keyboard.press('Enter');
  await expect(chat.liveRegion).toContainText('The reply is still being written');
  await expect(chat.composer).toHaveValue('my next question');
  await answer.finish();
  await expect(chat.send).toBeEnabled();
  await expect(chat.stop).toHaveCount(0);
  await expect(chat.composer).toBeFocused();
  await chat.page.keyboard.press('Enter');
  await (await held.next()).finish();
  await expect(chat.message('my next question')).toBeVisible();
  const contents = (await stored(user, _id)).map(({ content }) => content);
  expect(contents.slice(0, 3)).toEqual([
    'a question',
    'The beginning and more ',
    'my next question',
  ]);
});

test('14 a typing sign is there before the first token, and nothing jumps when it goes', async ({
  createSessionWith,
  held,
  openChat,
}) => {
  const { _id } = await createSessionWith('held', 'Typing sign');
  const chat = await openChat(`/c/${_id}`);
  await chat.write('a question');
  const answer = await held.next();
  const reply = chat.replies.last();
  const sign = reply.getByText('The reply is coming');
  await expect(sign).toBeAttached();
  await expect(reply.locator('.typing')).toBeVisible();
  const box = (part: Locator) => part.boundingBox();
  const before = {
    bubble: await box(reply.locator('.bubble')),
    question: await box(chat.bubble('a question')),
  };
  await answer.say('First');
  await expect(reply.locator('.bubble')).toHaveText('First');
  await expect(sign).toHaveCount(0);
  const after = {
    bubble: await box(reply.locator('.bubble')),
    question: await box(chat.bubble('a question')),
  };
  expect(after.question).toEqual(before.question);
  expect(after.bubble?.y).toBe(before.bubble?.y);
  expect(after.bubble?.height).toBe(before.bubble?.height);
  await answer.finish();
  await expect(chat.send).toBeVisible();
  expect((await box(reply.locator('.bubble')))?.y).toBe(before.bubble?.y);
});

for (const way of ['Esc', 'the button'] as const) {
  test(
    `15 ${way} stops a reply within 300 ms, and the text so far stays, marked`,
    { tag: '@timed' },
    async ({ createSessionWith, held, openChat, user }) => {
      const { _id } = await createSessionWith('held', 'Stopped');
      const chat = await openChat(`/c/${_id}`);
      await chat.write('a long story');
      const answer = await held.next();
      await answer.say('Once upon a time');
      await expect(chat.bubble('Once upon a time')).toBeVisible();
      const took = await measureStop(chat.page);
      if (way === 'Esc') await chat.page.keyboard.press('Escape');
      else await chat.stop.click();
      expect(await took()).toBeLessThan(STOP_MS);
      await expect(chat.composer).toBeFocused();
      // The provider is told as well: nobody pays for what nobody reads.
      await answer.request.closed;
      expect(answer.request.aborted).toBe(true);
      const reply = chat.replies.last();
      await expect(reply.getByRole('button', { name: 'Continue' })).toBeVisible();
      await expect(reply.locator('.bubble')).toHaveText('Once upon a time');
      await expect(chat.send).toBeVisible();
      expect((await stored(user, _id)).at(-1)).toMatchObject({
        content: 'Once upon a time',
        status: 'stopped',
      });

      await chat.page.reload();
      await expect(reply).toContainText('Stopped');
      await reply.getByRole('button', { name: 'Continue' }).click();
      const rest = await held.next();
      expect(rest.prefill).toBe('Once upon a time');
      await rest.say(' there was an end.');
      await rest.finish();
      await expect(reply.locator('.bubble')).toHaveText('Once upon a time there was an end.');
      await expect(chat.send).toBeVisible();
      await expect(reply).not.toContainText('Stopped');
      expect((await stored(user, _id)).at(-1)).toMatchObject({
        content: 'Once upon a time there was an end.',
        status: 'complete',
      });
    },
  );
}

test('17 a switch of sessions mid-stream leaks nothing across, and coming back shows all of it', async ({
  createSessionWith,
  held,
  openChat,
  user,
}) => {
  const { _id: left } = await createSessionWith('held', 'Left');
  const { _id: right } = await createSessionWith('held', 'Right');
  const chat = await openChat(`/c/${left}`);
  await chat.write('left question');
  const inLeft = await held.next();
  await inLeft.say('left one ');
  await expect(chat.bubble('left one')).toBeVisible();
  await chat.chat('Right').click();
  await expect(chat.page.getByRole('heading', { level: 1 })).toHaveText('Right');
  await expect(chat.send).toBeVisible();
  await chat.write('right question');
  const inRight = await held.next();
  await inRight.say('right one ');
  await expect(chat.bubble('right one')).toBeVisible();
  await inLeft.say('left two ');
  await inRight.say('right two ');
  await expect(chat.bubble('right two')).toBeVisible();
  await expect(chat.log.locator('.bubble')).toHaveText(['right question', 'right one right two']);

  await chat.chat('Left').click();
  await expect(chat.log.locator('.bubble')).toHaveText(['left question', 'left one left two']);
  await expect(chat.stop).toBeVisible();
  await inLeft.say('left three');
  await expect(chat.replies.last().locator('.bubble')).toHaveText('left one left two left three');
  await inRight.say('right three');
  await inRight.finish();
  await chat.chat('Right').click();
  await expect(chat.log.locator('.bubble')).toHaveText([
    'right question',
    'right one right two right three',
  ]);
  await expect(chat.send).toBeVisible();
  await inLeft.finish();
  await chat.chat('Left').click();
  await expect(chat.send).toBeVisible();
  await expect(chat.log.locator('.bubble')).toHaveText([
    'left question',
    'left one left two left three',
  ]);
  for (const id of [left, right]) expect(await stored(user, id)).toHaveLength(2);
});

test('18 a reload mid-stream goes on streaming', async ({ createSessionWith, held, openChat }) => {
  const { _id } = await createSessionWith('held', 'Reloaded');
  const chat = await openChat(`/c/${_id}`);
  await chat.write('a question');
  const answer = await held.next();
  await answer.say('before the reload ');
  await expect(chat.bubble('before the reload')).toBeVisible();
  await chat.page.reload();
  await expect(chat.replies.last().locator('.bubble')).toHaveText('before the reload');
  await expect(chat.stop).toBeVisible();
  await answer.say('after it');
  await expect(chat.replies.last().locator('.bubble')).toHaveText('before the reload after it');
  expect(answer.request.aborted).toBe(false);
  await answer.finish();
  await expect(chat.send).toBeVisible();
  await expect(chat.replies.last().locator('.bubble')).toHaveText('before the reload after it');
});

test('a reply that fails says why, keeps the question, and Retry makes it go on', async ({
  createSessionWith,
  held,
  openChat,
  user,
}) => {
  const { _id } = await createSessionWith('held', 'Refused');
  const chat = await openChat(`/c/${_id}`);
  await chat.write('a question');
  await (await held.next()).refuse(401, 'The API key sk-secret is not valid.');
  const reply = chat.replies.last();
  await expect(reply.getByRole('button', { name: 'Retry' })).toBeVisible();
  await expect(reply).toContainText(/refused|key/i);
  await expect(reply).not.toContainText('sk-secret');
  await expect(chat.bubble('a question')).toBeVisible();
  await expect(chat.send).toBeVisible();
  await chat.page.reload();
  await reply.getByRole('button', { name: 'Retry' }).click();
  const again = await held.next();
  await again.say('This time it works.');
  await again.finish();
  await expect(reply.locator('.bubble')).toHaveText('This time it works.');
  await expect(reply.getByRole('button', { name: 'Retry' })).toHaveCount(0);
  await expect(chat.messages).toHaveCount(2);
  await chat.replyEnds();
  expect((await stored(user, _id)).at(-1)).toMatchObject({ status: 'complete', error: null });
});

test('the tokens that a reply took are shown', async ({ createSessionWith, openChat, user }) => {
  const { _id } = await createSessionWith('usage', 'Counted');
  const chat = await openChat(`/c/${_id}`);
  await chat.write('twelve chars');
  const usage = chat.replies.last().getByText(/^\d+ tokens$/);
  await expect(usage).toHaveText('7 tokens');
  expect((await stored(user, _id)).at(-1)?.usage).toEqual({ input_tokens: 3, output_tokens: 4 });
  await usage.hover();
  await expect(chat.page.getByRole('tooltip')).toHaveText('3 tokens read, 4 tokens written');
});

test('what the model thought is folded away, and there for whoever wants it', async ({
  createSessionWith,
  openChat,
}) => {
  const { _id } = await createSessionWith('reasoning', 'Thoughts');
  const chat = await openChat(`/c/${_id}`);
  await chat.write('a question');
  const reply = chat.replies.last();
  await expect(reply).toContainText(PROSE.slice(0, 40));
  await expect(reply.getByText(THOUGHTS)).toBeHidden();
  await reply.getByText('Reasoning', { exact: true }).click();
  await expect(reply.getByText(THOUGHTS)).toBeVisible();
});

test('the model that is chosen answers in this session alone, after a reload as well', async ({
  user,
  openChat,
  provider,
}) => {
  const { _id } = await user.api.createSession('Chosen');
  const { _id: other } = await user.api.createSession('Not chosen');
  const chat = await openChat(`/c/${_id}`);
  await chat.page.getByRole('button', { name: 'Model: fast' }).click();
  await chat.page.getByRole('menuitemradio', { name: /^echo\b/ }).click();
  const chosen = chat.page.getByRole('button', { name: 'Model: echo' });
  await expect(chosen).toBeVisible();
  await chat.page.reload();
  await expect(chosen).toBeVisible();
  await chat.write('say this back');
  await expect(chat.replies.last().locator('.bubble')).toHaveText('say this back');
  expect((await stored(user, _id)).at(-1)?.model).toBe('scripted/echo');
  await chat.page.goto(`/chat-ui/c/${other}`);
  await chat.write(`asked of the default ${other}`);
  await expect(chat.replies.last()).toContainText(PROSE.slice(0, 40));
  const asked = provider.requests.find(({ question }) =>
    question.turns.some(({ content }) => content.includes(other)),
  );
  expect(asked?.question.model).toBe('fast');
});

test('the system prompt of a session is what the model is told first', async ({
  createSessionWith,
  held,
  openChat,
  user,
}) => {
  const { _id } = await createSessionWith('held', 'Told first');
  const chat = await openChat(`/c/${_id}`);
  const options = chat.page.getByRole('button', { name: 'Chat options' });
  await options.click();
  await chat.page.getByRole('menuitem', { name: 'System prompt' }).click();
  const dialog = chat.page.getByRole('dialog', { name: 'System prompt' });
  const field = dialog.getByRole('textbox', { name: 'System prompt' });
  await field.fill('Answer like a\nlighthouse keeper.');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(options).toBeFocused();
  await chat.write('a question');
  const answer = await held.next();
  expect(answer.question).toMatchObject({
    system: 'Answer like a\nlighthouse keeper.',
    turns: [{ role: 'user', content: 'a question' }],
  });
  await answer.finish();
  await chat.page.reload();
  await options.click();
  await chat.page.getByRole('menuitem', { name: 'System prompt' }).click();
  await expect(field).toHaveValue('Answer like a\nlighthouse keeper.');
  await field.fill('');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toHaveCount(0);
  expect(await user.api.call('GET', `/chat/sessions/${_id}`)).toMatchObject({
    system_prompt: null,
  });
});

test('a chat without a name gets one after its first reply, and a name by its owner stays', async ({
  createSessionWith,
  held,
  openChat,
}) => {
  const { _id } = await createSessionWith('held');
  const { _id: named } = await createSessionWith('held', 'My own name');
  const chat = await openChat(`/c/${_id}`);
  const title = chat.page.getByRole('heading', { level: 1 });
  await chat.write('a question');
  const answer = await held.next();
  await answer.say('An answer.');
  await expect(chat.bubble('An answer.')).toBeVisible();
  await expect(title).not.toHaveText(HELD_TITLE);
  await answer.finish();
  await expect(title).toHaveText(HELD_TITLE);
  await expect(chat.chat(HELD_TITLE)).toHaveAttribute('aria-current', 'page');
  await expect(chat.page).toHaveTitle(new RegExp(`^${HELD_TITLE}`));

  await chat.page.goto(`/chat-ui/c/${named}`);
  await chat.write('another question');
  const second = await held.next();
  await second.say('Another answer.');
  await second.finish();
  await expect(chat.send).toBeVisible();
  await expect(chat.bubble('Another answer.')).toBeVisible();
  await expect(title).toHaveText('My own name');
});
