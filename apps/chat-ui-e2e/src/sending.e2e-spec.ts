import type { Message } from '@chat/shared-types';
import type { Page, Route } from '@playwright/test';
import { ChatPage, END_TOLERANCE_PX } from './support/chat-page.js';
import { expect, test, type TestUser } from './support/test.js';

const OWN_BUBBLE_MS = 100;
const SEND = /\/chat\/sessions\/[0-9a-f]{24}\/messages$/;

/** What the person wrote, without the replies to it. */
const contentsOf = async (user: TestUser, sessionId: string): Promise<string[]> =>
  (await user.api.call<Message[]>('GET', `/chat/sessions/${sessionId}/messages`))
    .filter(({ role }) => role === 'user')
    .map(({ content }) => content);

interface HeldSend {
  /** Resolves when the page has sent the request that is held. */
  readonly arrived: Promise<void>;
  release: () => void;
}

/** Keeps the page's sends from the server until they are released. */
async function holdSends(page: Page): Promise<HeldSend> {
  let release = (): void => undefined;
  let arrive = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  const arrived = new Promise<void>((resolve) => (arrive = resolve));
  await page.route(SEND, async (route) => {
    if (route.request().method() !== 'POST') return route.fallback();
    arrive();
    await released;
    return route.continue();
  });
  return { arrived, release };
}

/**
 * Watches for the bubble of a message that is about to be sent.
 *
 * @returns reads the milliseconds from Enter to the frame that shows it.
 */
async function measureOwnBubble(page: Page, text: string): Promise<() => Promise<number>> {
  const probe = await page.evaluateHandle((wanted) => {
    let pressed = Number.NaN;
    addEventListener('keydown', () => (pressed = performance.now()), { capture: true });
    const shown = new Promise<number>((resolve) => {
      const observer = new MutationObserver(() => {
        const bubbles = [...document.querySelectorAll('.bubble')];
        if (!bubbles.some(({ textContent }) => textContent.trim() === wanted)) return;
        observer.disconnect();
        requestAnimationFrame(() => resolve(performance.now() - pressed));
      });
      observer.observe(document.body, { childList: true, subtree: true });
    });
    return { shown };
  }, text);
  return () => probe.evaluate(({ shown }) => shown);
}

/** Lets the server store the message, and loses its answer on the way back. */
async function loseAnswer(route: Route): Promise<void> {
  if (route.request().method() !== 'POST') return route.fallback();
  await route.fetch();
  return route.abort('connectionreset');
}

test(
  '11 the own bubble shows within 100 ms of Enter, before the response',
  { tag: '@timed' },
  async ({ user, openChat }) => {
    const { _id } = await user.api.createSession('Quick');
    for (let n = 0; n < 30; n += 1) await user.api.send(_id, `earlier ${n}`);
    const chat = await openChat(`/c/${_id}`);
    await expect(chat.messages).toHaveCount(30);
    const held = await holdSends(chat.page);
    await chat.composer.fill('straight away');
    const probe = await measureOwnBubble(chat.page, 'straight away');
    await chat.page.keyboard.press('Enter');
    expect(await probe()).toBeLessThan(OWN_BUBBLE_MS);
    await held.arrived;
    await expect(chat.bubble('straight away')).toBeInViewport();
    expect(await contentsOf(user, _id)).toHaveLength(30);
    held.release();
    await expect(chat.message('straight away')).toBeVisible();
  },
);

test('12 a message is pending, then sent', async ({ user, openChat }) => {
  const { _id } = await user.api.createSession('Pending');
  const chat = await openChat(`/c/${_id}`);
  const held = await holdSends(chat.page);
  await chat.write('on its way');
  await held.arrived;
  const pending = chat.log.locator('[data-state="sending"]');
  await expect(pending).toContainText('on its way');
  await expect(pending.getByText('Sending…')).toBeVisible();
  held.release();
  await expect(chat.message('on its way')).toBeVisible();
  await expect(pending).toHaveCount(0);
  await expect(chat.page.getByText('Sending…')).toHaveCount(0);
  await expect(chat.bubble('on its way')).toHaveCount(1);
  await expect(chat.liveRegion).toHaveText(/^(A reply is coming\.$|Assistant: )/);
});

for (const [failure, script] of [
  ['no answer comes', (route: Route) => route.abort('connectionfailed')],
  ['the server breaks', (route: Route) => route.fulfill({ status: 503, body: 'Busy' })],
] as const) {
  test(`12 when ${failure} it says "Not sent" with Retry, and keeps the text`, async ({
    user,
    openChat,
    watch,
  }) => {
    watch.expectConsoleError(/Failed to load resource/);
    const { _id } = await user.api.createSession('Failing');
    const chat = await openChat(`/c/${_id}`);
    await expect(chat.composer).toBeFocused();
    await chat.page.route(SEND, (route) =>
      route.request().method() === 'POST' ? script(route) : route.fallback(),
    );
    await chat.write('do not lose me');
    await expect(chat.page.getByRole('alert')).toContainText('Not sent');
    await expect(chat.bubble('do not lose me')).toBeVisible();
    expect(await contentsOf(user, _id)).toEqual([]);
    await chat.page.unroute(SEND);
    await chat.page.getByRole('button', { name: 'Retry' }).click();
    await expect(chat.message('do not lose me')).toBeVisible();
    await expect(chat.page.getByRole('alert')).toHaveCount(0);
    expect(await contentsOf(user, _id)).toEqual(['do not lose me']);
  });
}

test('13 Retry makes no duplicate when only the answer was lost', async ({
  user,
  openChat,
  watch,
}) => {
  watch.expectConsoleError(/ERR_CONNECTION_RESET/);
  const { _id } = await user.api.createSession('Answer lost');
  const chat = await openChat(`/c/${_id}`);
  await expect(chat.composer).toBeFocused();
  await chat.page.route(SEND, loseAnswer);
  await chat.write('just once');
  await expect(chat.page.getByRole('alert')).toContainText('Not sent');
  expect(await contentsOf(user, _id)).toEqual(['just once']);
  await chat.page.unroute(SEND);
  await chat.page.getByRole('button', { name: 'Retry' }).click();
  await expect(chat.message('just once')).toBeVisible();
  await expect(chat.bubble('just once')).toHaveCount(1);
  expect(await contentsOf(user, _id)).toEqual(['just once']);
});

test('13 Retry makes no duplicate after a reload, and the page shows the message once', async ({
  user,
  openChat,
  watch,
}) => {
  watch.expectConsoleError(/ERR_CONNECTION_RESET/);
  const { _id } = await user.api.createSession('Reloaded');
  const chat = await openChat(`/c/${_id}`);
  await expect(chat.composer).toBeFocused();
  await chat.page.route(SEND, loseAnswer);
  await chat.write('once, whatever happens');
  await expect(chat.page.getByRole('alert')).toContainText('Not sent');
  await chat.page.unroute(SEND);
  await chat.page.reload();
  await chat.page.getByRole('button', { name: 'Retry' }).click();
  await expect(chat.page.getByRole('button', { name: 'Retry' })).toHaveCount(0);
  await expect(chat.message('once, whatever happens')).toBeVisible();
  await expect(chat.bubble('once, whatever happens')).toHaveCount(1);
  expect(await contentsOf(user, _id)).toEqual(['once, whatever happens']);
  await chat.page.reload();
  await expect(chat.message('once, whatever happens')).toBeVisible();
  await expect(chat.bubble('once, whatever happens')).toHaveCount(1);
});

test('21 two tabs agree without a reload', async ({ user, openChat, context }) => {
  const { _id } = await user.api.createSession('Shared');
  const left = await openChat(`/c/${_id}`);
  const right = new ChatPage(await context.newPage());
  await right.page.goto(`/chat-ui/c/${_id}`);
  await expect(right.composer).toBeFocused();
  await left.write('from the left');
  await expect(right.message('from the left')).toBeVisible();
  await right.replyEnds();
  await left.send.waitFor();
  await right.write('from the right');
  await expect(left.message('from the right')).toBeVisible();

  await left.message('from the right').hover();
  await left.message('from the right').getByRole('button', { name: 'Delete message' }).click();
  await expect(right.message('from the right')).toHaveCount(0);
  await right.startRenaming('Shared');
  await right.page.keyboard.type('Agreed');
  await right.page.keyboard.press('Enter');
  await expect(left.chat('Agreed')).toBeVisible();
  await expect(left.page.getByRole('heading', { level: 1 })).toHaveText('Agreed');
});

test('21 what another device did is there when the window gets the focus', async ({
  user,
  openChat,
}) => {
  const { _id } = await user.api.createSession('At home');
  const kept = await user.api.send(_id, 'kept');
  const gone = await user.api.send(_id, 'gone');
  const chat = await openChat(`/c/${_id}`);
  await expect(chat.messages).toHaveCount(2);
  await user.api.send(_id, 'from the phone');
  await user.api.call('DELETE', `/chat/sessions/${_id}/messages/${gone._id}`);
  await user.api.createSession('Begun on the phone');
  await chat.page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await expect(chat.message('from the phone')).toBeVisible();
  await expect(chat.message('gone')).toHaveCount(0);
  await expect(chat.message(kept.content)).toBeVisible();
  await expect(chat.chat('Begun on the phone')).toBeVisible();
  await expect(chat.composer).toBeFocused();
});

test('27 an own send scrolls down from wherever one was', async ({ user, scenes, openChat }) => {
  const { _id } = await user.api.createSession('Far up');
  await scenes.addMessages(
    user.id,
    _id,
    Array.from({ length: 60 }, (_, at) => ({ content: `line ${at}` })),
  );
  const chat = await openChat(`/c/${_id}`);
  await expect(chat.message('line 59')).toBeInViewport();
  await chat.log.hover();
  await chat.page.mouse.wheel(0, -1500);
  await expect(chat.message('line 59')).not.toBeInViewport();
  await chat.write('back to now');
  await expect(chat.bubble('back to now')).toBeInViewport();
  await expect(chat.message('back to now')).toBeVisible();
  expect(await chat.distanceToEnd()).toBeLessThanOrEqual(END_TOLERANCE_PX);
});
