import type { ChatSession } from '@chat/shared-types';
import type { Locator } from '@playwright/test';
import type { ChatPage } from './support/chat-page.js';
import { expect, test } from './support/test.js';

const UNDO_MS = 6000;
/** Work that a page of 50 more chats may make, and that a frame may while one scrolls. */
const PAGE_MS = 100;
const FRAME_MS = 1000 / 60;
const WHEEL_TURNS = 40;
const SESSION = /\/chat\/sessions\/[0-9a-f]{24}$/;

const titleField = (chat: ChatPage): Locator =>
  chat.chats.getByRole('textbox', { name: 'Chat title' });

const selectedText = (field: Locator): Promise<string> =>
  field.evaluate((input) =>
    input instanceof HTMLInputElement
      ? input.value.slice(input.selectionStart ?? 0, input.selectionEnd ?? 0)
      : '',
  );

test('38 chats are grouped by day and month in the time zone of the user', async ({
  user,
  scenes,
  openChat,
  page,
}) => {
  // Half past midnight in Berlin, where these tests live; in UTC it is still the day before.
  await page.clock.setFixedTime('2030-07-15T22:30:00Z');
  const at = (title: string, iso: string) => ({ title, lastActivity: new Date(iso) });
  await scenes.addSessions(user.id, [
    at('after midnight', '2030-07-15T22:05:00Z'),
    at('before midnight', '2030-07-15T21:55:00Z'),
    at('first of yesterday', '2030-07-14T22:00:00Z'),
    at('two days ago', '2030-07-14T21:59:00Z'),
    at('seven days ago', '2030-07-08T22:00:00Z'),
    at('eight days ago', '2030-07-08T21:59:00Z'),
    at('thirty days ago', '2030-06-15T22:00:00Z'),
    at('thirty-one days ago', '2030-06-15T21:59:00Z'),
    at('in winter', '2029-12-31T23:30:00Z'),
    at('the year before', '2029-12-31T22:30:00Z'),
  ]);
  const chat = await openChat();
  const groups = chat.chats.getByRole('region');
  await expect(groups).toHaveCount(7);
  const listed = await groups.evaluateAll((sections) =>
    sections.map((section) => [
      section.querySelector('h3')?.textContent.trim(),
      [...section.querySelectorAll('[data-hint-text]')].map(({ textContent }) => textContent),
    ]),
  );
  expect(listed).toEqual([
    ['Today', ['after midnight']],
    ['Yesterday', ['before midnight', 'first of yesterday']],
    ['Previous 7 days', ['two days ago', 'seven days ago']],
    ['Previous 30 days', ['eight days ago', 'thirty days ago']],
    ['June 2030', ['thirty-one days ago']],
    ['January 2030', ['in winter']],
    ['December 2029', ['the year before']],
  ]);
});

test('39 the open chat is marked, each has a URL, and Back, Forward and deep links work', async ({
  user,
  openChat,
}) => {
  const one = await user.api.createSession('One');
  const two = await user.api.createSession('Two');
  await user.api.send(one._id, 'in one');
  await user.api.send(two._id, 'in two');
  const chat = await openChat(`/c/${one._id}`);
  const expectOpen = async (title: string, id: string): Promise<void> => {
    await expect(chat.page).toHaveURL(new RegExp(`/chat-ui/c/${id}$`));
    await expect(chat.chat(title)).toHaveAttribute('aria-current', 'page');
    await expect(chat.chats.locator('[aria-current]')).toHaveCount(1);
    await expect(chat.messages.locator('.bubble')).toHaveText([`in ${title.toLowerCase()}`]);
    await expect(chat.page).toHaveTitle(new RegExp(`^${title} `));
  };
  await expectOpen('One', one._id);
  await chat.chat('Two').click();
  await expectOpen('Two', two._id);
  await chat.page.goBack();
  await expectOpen('One', one._id);
  await chat.page.goForward();
  await expectOpen('Two', two._id);
  await chat.page.reload();
  await expectOpen('Two', two._id);
});

test('41 activity lifts a chat to the top without a reload and without moving the focus', async ({
  user,
  openChat,
}) => {
  const old = await user.api.createSession('Old');
  await user.api.createSession('Middle');
  await user.api.createSession('New');
  const chat = await openChat(`/c/${old._id}`);
  const titles = chat.rows.locator('[data-hint-text]');
  await expect(titles).toHaveText(['New', 'Middle', 'Old']);
  await chat.write('something new');
  await expect(titles).toHaveText(['Old', 'New', 'Middle']);
  await expect(chat.composer).toBeFocused();

  // Also when the focus is in the list itself, on a row that others pass.
  await chat.chat('New').focus();
  await user.api.send(old._id, 'elsewhere');
  const [{ _id: middle } = { _id: '' }] = (
    await user.api.call<ChatSession[]>('GET', '/chat/sessions')
  ).filter(({ title }) => title === 'Middle');
  await user.api.send(middle, 'elsewhere');
  await chat.page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await expect(titles).toHaveText(['Middle', 'Old', 'New']);
  await expect(chat.chat('New')).toBeFocused();
});

test('42 renaming in place: F2, double click and menu select the text; Enter saves, Esc reverts', async ({
  user,
  openChat,
}) => {
  const { _id } = await user.api.createSession('Before');
  const chat = await openChat();
  const field = titleField(chat);
  await chat.chat('Before').focus();
  await chat.page.keyboard.press('F2');
  await expect(field).toBeFocused();
  expect(await selectedText(field)).toBe('Before');
  await chat.page.keyboard.type('Not this');
  await chat.page.keyboard.press('Escape');
  await expect(chat.chat('Before')).toBeFocused();

  await chat.chat('Before').dblclick();
  await expect(field).toBeFocused();
  expect(await selectedText(field)).toBe('Before');
  await chat.page.keyboard.type('After a double click');
  await chat.page.keyboard.press('Enter');
  await expect(chat.chat('After a double click')).toBeFocused();

  await chat.openChatMenu('After a double click');
  await chat.page.getByRole('menuitem', { name: 'Rename' }).click();
  await expect(field).toBeFocused();
  expect(await selectedText(field)).toBe('After a double click');
  await chat.page.keyboard.type('After the menu');
  await chat.page.keyboard.press('Enter');
  await expect(chat.chat('After the menu')).toBeFocused();
  await expect
    .poll(() => user.api.call('GET', `/chat/sessions/${_id}`))
    .toMatchObject({ title: 'After the menu' });
});

test('42 renaming in place: leaving the field saves, an empty title reverts', async ({
  user,
  openChat,
}) => {
  const { _id } = await user.api.createSession('First');
  const chat = await openChat();
  await chat.chat('First').focus();
  await chat.page.keyboard.press('F2');
  await titleField(chat).fill('Saved by leaving');
  await chat.composer.click();
  await expect(chat.chat('Saved by leaving')).toBeVisible();
  await expect(chat.composer).toBeFocused();
  await expect
    .poll(() => user.api.call('GET', `/chat/sessions/${_id}`))
    .toMatchObject({ title: 'Saved by leaving' });
  await chat.chat('Saved by leaving').focus();
  await chat.page.keyboard.press('F2');
  await titleField(chat).fill('   ');
  await chat.page.keyboard.press('Enter');
  await expect(chat.chat('Saved by leaving')).toBeFocused();
  expect(await user.api.call('GET', `/chat/sessions/${_id}`)).toMatchObject({
    title: 'Saved by leaving',
  });
});

test('42 renaming in place: a failure rolls the title back and says so', async ({
  user,
  openChat,
  watch,
}) => {
  watch.expectConsoleError(/Failed to load resource/);
  await user.api.createSession('As it was');
  const chat = await openChat();
  let answer = (): void => undefined;
  await chat.page.route(SESSION, async (route) => {
    if (route.request().method() !== 'PUT') return route.fallback();
    await new Promise<void>((resolve) => (answer = resolve));
    return route.fulfill({ status: 503, body: 'Busy' });
  });
  await chat.chat('As it was').focus();
  await chat.page.keyboard.press('F2');
  await titleField(chat).fill('Too hopeful');
  const asked = chat.page.waitForRequest(SESSION);
  await chat.page.keyboard.press('Enter');
  await expect(chat.chat('Too hopeful')).toBeVisible();
  await asked;
  answer();
  await expect(chat.chat('As it was')).toBeVisible();
  await expect(chat.chat('Too hopeful')).toHaveCount(0);
  await expect(chat.notifications).toContainText('The title was not saved.');
});

test('43 deleting asks by name with the focus on Cancel, and the focus goes on to the next chat', async ({
  user,
  openChat,
}) => {
  for (const title of ['Third', 'Second', 'First']) await user.api.createSession(title);
  const chat = await openChat();
  await chat.chat('Second').focus();
  await chat.page.keyboard.press('Delete');
  const question = chat.page.getByRole('alertdialog', { name: /Second/ });
  await expect(question).toHaveAccessibleName('Delete “Second”?');
  await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await chat.page.keyboard.press('Enter');
  await expect(question).toHaveCount(0);
  await expect(chat.chat('Second')).toBeFocused();

  await chat.page.keyboard.press('Delete');
  await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await chat.page.keyboard.press('Escape');
  await expect(chat.chat('Second')).toBeFocused();
  expect(await user.api.call('GET', '/chat/sessions')).toHaveLength(3);

  await chat.page.keyboard.press('Delete');
  await question.getByRole('button', { name: 'Delete' }).click();
  await expect(chat.chat('Second')).toHaveCount(0);
  await expect(chat.chat('Third')).toBeFocused();
  await chat.page.keyboard.press('Delete');
  await chat.page.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(chat.chat('Third')).toHaveCount(0);
  await expect(chat.chat('First')).toBeFocused();
});

test('43 Undo is there for at least 6 seconds and brings the chat back', async ({
  user,
  openChat,
  page,
}) => {
  await page.clock.install();
  const { _id } = await user.api.createSession('Come back');
  await user.api.send(_id, 'all of it');
  const chat = await openChat();
  await chat.chat('Come back').focus();
  await page.keyboard.press('Delete');
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  const undo = chat.notifications.getByRole('button', { name: 'Undo' });
  await expect(undo).toBeVisible();
  await page.clock.runFor(UNDO_MS);
  await undo.click();
  await expect(chat.chat('Come back')).toBeVisible();
  expect(await user.api.call('GET', '/chat/sessions')).toMatchObject([{ _id, message_count: 1 }]);
});

test('43 a chat that could not be deleted stays, and the page says so', async ({
  user,
  openChat,
  watch,
}) => {
  watch.expectConsoleError(/Failed to load resource/);
  await user.api.createSession('Stubborn');
  const chat = await openChat();
  await chat.page.route(SESSION, (route) =>
    route.request().method() === 'DELETE'
      ? route.fulfill({ status: 503, body: 'Busy' })
      : route.fallback(),
  );
  await chat.chat('Stubborn').focus();
  await chat.page.keyboard.press('Delete');
  await chat.page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await expect(chat.notifications).toContainText('The chat was not deleted.');
  await expect(chat.chat('Stubborn')).toBeVisible();
  await expect(chat.notifications.getByRole('button', { name: 'Undo' })).toHaveCount(0);
});

test('44 deleting the open chat goes to the next one, and after the last to the empty state', async ({
  user,
  openChat,
}) => {
  const older = await user.api.createSession('Older');
  const newer = await user.api.createSession('Newer');
  await user.api.send(newer._id, 'in newer');
  const chat = await openChat(`/c/${newer._id}`);
  const deleteOpen = async (): Promise<void> => {
    await chat.page.getByRole('button', { name: 'Chat options' }).click();
    await chat.page.getByRole('menuitem', { name: 'Delete' }).click();
    await chat.page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  };
  await deleteOpen();
  await expect(chat.page).toHaveURL(new RegExp(`/c/${older._id}$`));
  await expect(chat.chat('Older')).toHaveAttribute('aria-current', 'page');
  await expect(chat.chat('Older')).toBeFocused();
  await deleteOpen();
  await expect(chat.page).toHaveURL(/\/chat-ui\/?$/);
  await expect(chat.page.getByText('No chats yet.')).toBeVisible();
  await expect(chat.page.getByRole('list', { name: 'Suggestions' })).toBeVisible();
});

test('44 a stale URL says "Not found" and shows a way back', async ({ user, openChat, watch }) => {
  watch.expectConsoleError(/status of (404|400)/);
  const { _id } = await user.api.createSession('Short-lived');
  await user.api.call('DELETE', `/chat/sessions/${_id}`);
  const chat = await openChat(`/c/${_id}`);
  const heading = chat.page.getByRole('heading', { level: 1 });
  await expect(heading).toHaveText('Not found');
  await expect(chat.composer).toHaveCount(0);
  await chat.page.getByRole('link', { name: 'Back to your chats' }).click();
  await expect(chat.page).toHaveURL(/\/chat-ui\/?$/);
  await expect(chat.composer).toBeVisible();
  for (const path of ['/c/not-an-id', '/no/such/page']) {
    await chat.page.goto(`/chat-ui${path}`);
    await expect(heading).toHaveText('Not found');
    await expect(chat.page.getByRole('link', { name: /^Back to/ })).toBeVisible();
  }
});

test('45 a cut title is readable in full, by pointer and by keyboard', async ({
  user,
  openChat,
}) => {
  const title = `Everything about ${'the long way home and '.repeat(7)}back`.slice(0, 200);
  await user.api.createSession(title);
  await user.api.createSession('Short');
  const chat = await openChat();
  const row = chat.chat(title);
  const cut = await row
    .locator('[data-hint-text]')
    .evaluate((text) => text.scrollWidth > text.clientWidth);
  expect(cut).toBe(true);
  const whole = chat.page.getByRole('tooltip');
  await row.hover();
  await expect(whole).toHaveText(title);
  await chat.composer.hover();
  await expect(whole).toHaveCount(0);
  await chat.chat('Short').focus();
  await chat.page.keyboard.press('ArrowDown');
  await expect(row).toBeFocused();
  await expect(whole).toHaveText(title);
  await expect(whole).toBeInViewport({ ratio: 1 });
});

test(
  '45 a thousand chats scroll smoothly to the last one',
  { tag: '@timed' },
  async ({ user, scenes, openChat, page }) => {
    const now = Date.now();
    await scenes.addSessions(
      user.id,
      Array.from({ length: 1000 }, (_, at) => ({
        title: `Chat number ${at}`,
        lastActivity: new Date(now - at * 3_600_000),
      })),
    );
    const chat = await openChat();
    await expect(chat.chat('Chat number 0')).toBeVisible();
    const devtools = await page.context().newCDPSession(page);
    // The processor time of the page's own thread: other programs of the machine do not count.
    await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
    const busyMs = async (): Promise<number> => {
      const { metrics } = await devtools.send('Performance.getMetrics');
      return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1000;
    };
    // Names of a thousand links would be computed inside the page and count against it: only count.
    const listed = (): Promise<number> =>
      page.evaluate(() => document.querySelectorAll('[data-session-id]').length);

    await chat.chats.hover();
    const beforeLoading = await busyMs();
    while ((await listed()) < 1000) await page.mouse.wheel(0, 3000);
    await page.mouse.wheel(0, 50_000);
    await expect(page.locator('[data-session-id]').last()).toBeInViewport();
    const perPage = ((await busyMs()) - beforeLoading) / 19;

    const frames = await page.evaluateHandle(() => {
      const counter = { count: 0 };
      const onFrame = (): void => {
        counter.count += 1;
        requestAnimationFrame(onFrame);
      };
      requestAnimationFrame(onFrame);
      return counter;
    });
    const beforeScrolling = await busyMs();
    for (let turn = 0; turn < WHEEL_TURNS; turn += 1) await page.mouse.wheel(0, -300);
    const work = (await busyMs()) - beforeScrolling;
    const { count } = await frames.jsonValue();
    expect(perPage, 'ms of work for each page of chats').toBeLessThan(PAGE_MS);
    expect(work / count, 'ms of work for each frame while scrolling').toBeLessThan(FRAME_MS);
    expect(await page.evaluate(() => document.querySelectorAll('*').length)).toBeLessThan(20_000);
    const last = page.locator('[data-session-id]').last().locator('a');
    await expect(last).toContainText('Chat number 999');
    await last.click();
    await expect(last).toHaveAttribute('aria-current', 'page');
  },
);

test('45 the list goes on loading for someone who stays at its end', async ({
  user,
  scenes,
  openChat,
}) => {
  const now = Date.now();
  await scenes.addSessions(
    user.id,
    Array.from({ length: 180 }, (_, at) => ({
      title: `Chat ${at}`,
      lastActivity: new Date(now - at * 60_000),
    })),
  );
  const chat = await openChat();
  await expect(chat.chat('Chat 0')).toBeVisible();
  await chat.chats.evaluate((list) => {
    const toEnd = (): void => list.scrollTo({ top: list.scrollHeight });
    new MutationObserver(toEnd).observe(list, { childList: true, subtree: true });
    toEnd();
  });
  await expect(chat.rows).toHaveCount(180);
  await expect(chat.chats.getByText('Loading older chats…')).toHaveCount(0);
});
