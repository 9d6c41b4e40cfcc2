import type { Page } from '@playwright/test';
import { END_TOLERANCE_PX } from './support/chat-page.js';
import { expect, test } from './support/test.js';

/** How far what one looks at may move while something loads above it. */
const MOVE_TOLERANCE_PX = 2;
/** One turn of the wheel of someone in a hurry, upwards. */
const STEP_PX = -700;
const NARROW = { width: 320, height: 640 };

/** Messages of very different heights, so that no guessed height is right. */
const uneven = (count: number) =>
  Array.from({ length: count }, (_, at) => ({
    content: `message ${at}.${' A sentence of some length.'.repeat((at * 7) % 23)}`,
    role: at % 2 === 0 ? ('user' as const) : ('assistant' as const),
  }));

/**
 * From now on, also on pages that open later, notes after every painted frame that shows messages
 * how far the conversation is from its end.
 */
async function recordDistances(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const distances: number[] = [];
    const { port1: afterPaint, port2: ask } = new MessageChannel();
    afterPaint.onmessage = () => {
      const box = document.querySelector('[role="log"]');
      if (!box?.querySelector('[data-message-id]')) return;
      distances.push(box.scrollHeight - box.clientHeight - box.scrollTop);
    };
    const onFrame = (): void => {
      ask.postMessage(null);
      requestAnimationFrame(onFrame);
    };
    requestAnimationFrame(onFrame);
    Object.assign(window, { recordedDistances: distances });
  });
}

/** The distances noted so far; waits for enough frames to be able to see a flash. */
async function recordedDistances(page: Page): Promise<number[]> {
  const read = (): Promise<number[]> =>
    page.evaluate(() => (window as unknown as { recordedDistances: number[] }).recordedDistances);
  await expect.poll(async () => (await read()).length).toBeGreaterThan(15);
  return read();
}

test('22 a session opens at the bottom without a flash, on load and on a switch', async ({
  user,
  scenes,
  openChat,
  page,
}) => {
  const { _id: first } = await user.api.createSession('First');
  const { _id: second } = await user.api.createSession('Second');
  await Promise.all([
    scenes.addMessages(user.id, first, uneven(80)),
    scenes.addMessages(user.id, second, uneven(120)),
  ]);
  await recordDistances(page);
  const chat = await openChat(`/c/${first}`);
  await expect(chat.message('message 79.')).toBeInViewport();
  expect(Math.max(...(await recordedDistances(page)))).toBeLessThanOrEqual(END_TOLERANCE_PX);

  await page.evaluate(() => {
    (window as unknown as { recordedDistances: number[] }).recordedDistances.length = 0;
  });
  await chat.chat('Second').click();
  await expect(chat.message('message 119.')).toBeInViewport();
  expect(Math.max(...(await recordedDistances(page)))).toBeLessThanOrEqual(END_TOLERANCE_PX);
});

test('25 "Jump to latest" is there when one is up, and leads to the end', async ({
  user,
  scenes,
  openChat,
}) => {
  const { _id } = await user.api.createSession('Long');
  await scenes.addMessages(user.id, _id, uneven(150));
  const chat = await openChat(`/c/${_id}`);
  await expect(chat.message('message 149.')).toBeInViewport();
  await expect(chat.jumpToLatest).toHaveCount(0);
  await chat.log.hover();
  await chat.page.mouse.wheel(0, -900);
  await expect(chat.jumpToLatest).toBeVisible();
  await chat.page.mouse.wheel(0, -20_000);
  await expect(chat.message('message 149.')).not.toBeInViewport();
  await chat.jumpToLatest.click();
  await expect(chat.message('message 149.')).toBeInViewport();
  await expect(chat.jumpToLatest).toHaveCount(0);
  await expect.poll(() => chat.distanceToEnd()).toBeLessThanOrEqual(END_TOLERANCE_PX);
});

test('26 an older page loads before the top is reached, and what one looks at moves at most 2 px', async ({
  user,
  scenes,
  openChat,
}) => {
  const { _id } = await user.api.createSession('Deep');
  await scenes.addMessages(user.id, _id, uneven(180));
  const chat = await openChat(`/c/${_id}`);
  await expect(chat.message('message 179.')).toBeInViewport();

  // The page is answered only when the reader has come to rest, so that the move can be measured.
  let release = (): void => undefined;
  let asked = 0;
  await chat.page.route(/cursor=/, async (route) => {
    asked += 1;
    await new Promise<void>((resolve) => (release = resolve));
    await route.continue();
  });
  await chat.log.hover();
  while (asked === 0) {
    await chat.page.mouse.wheel(0, STEP_PX);
    await settled(chat.page);
  }
  expect(await chat.log.evaluate((box) => box.scrollTop)).toBeGreaterThan(0);

  for (let page = 1; page <= 2; page += 1) {
    const looked = await messageInTheMiddle(chat.page);
    const before = await topOf(chat.page, looked);
    const rows = await chat.messages.count();
    release();
    await expect.poll(() => chat.messages.count()).toBeGreaterThan(rows);
    await settled(chat.page);
    const moved = Math.abs((await topOf(chat.page, looked)) - before);
    expect(moved, `after older page ${page}`).toBeLessThanOrEqual(MOVE_TOLERANCE_PX);
    while (asked === page && page < 2) {
      await chat.page.mouse.wheel(0, STEP_PX);
      await settled(chat.page);
    }
  }
});

test('26 older messages that did not load can be asked for again in place', async ({
  user,
  scenes,
  openChat,
  watch,
}) => {
  watch.expectConsoleError(/ERR_FAILED/);
  const { _id } = await user.api.createSession('Interrupted');
  await scenes.addMessages(user.id, _id, uneven(60));
  const chat = await openChat(`/c/${_id}`);
  await expect(chat.message('message 59.')).toBeInViewport();
  await chat.page.route(/cursor=/, (route) => route.abort());
  await chat.log.hover();
  await chat.page.mouse.wheel(0, -50_000);
  const failure = chat.page.getByRole('alert').filter({ hasText: 'Older messages did not load.' });
  await expect(failure).toBeVisible();
  await chat.page.unroute(/cursor=/);
  await failure.getByRole('button', { name: 'Retry' }).click();
  await expect(failure).toHaveCount(0);
  await expect(chat.messages).toHaveCount(60);
  await chat.page.mouse.wheel(0, -50_000);
  await expect(chat.message('message 0.')).toBeInViewport();
});

test('29 nothing makes the page scroll sideways at 320 px', async ({ user, openChat }) => {
  const { _id } = await user.api.createSession('W'.repeat(200));
  const wide = [
    'x'.repeat(500),
    '```js\nconst line = "' + 'long '.repeat(60) + '";\n```',
    '| a | b |\n|---|---|\n| ' + 'cell '.repeat(50) + ' | ' + '-'.repeat(200) + ' |',
    `https://example.com/${'path/'.repeat(60)}`,
  ];
  for (const content of wide) await user.api.send(_id, content);
  for (const content of wide) await user.api.send(_id, content, 'assistant');
  const chat = await openChat(`/c/${_id}`);
  await chat.page.setViewportSize(NARROW);
  await expect(chat.messages).toHaveCount(8);
  const widths = await chat.page.evaluate(() => {
    const box = document.querySelector('[role="log"]');
    const root = document.documentElement;
    scrollTo(100, 0);
    box?.scrollTo({ left: 100 });
    return {
      page: root.scrollWidth - innerWidth,
      pageMoved: scrollX,
      log: (box?.scrollWidth ?? 0) - (box?.clientWidth ?? 0),
      logMoved: box?.scrollLeft,
    };
  });
  expect(widths).toEqual({ page: 0, pageMoved: 0, log: 0, logMoved: 0 });
  for (const bubble of await chat.messages.locator('.bubble').all()) {
    const box = await bubble.boundingBox();
    expect(box?.x).toBeGreaterThanOrEqual(0);
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(NARROW.width);
  }
});

/** Resolves when the conversation has not moved for a few frames. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const box = document.querySelector('[role="log"]');
    let last = Number.NaN;
    for (let still = 0; still < 3;) {
      await new Promise(requestAnimationFrame);
      const { scrollTop, scrollHeight } = box ?? { scrollTop: 0, scrollHeight: 0 };
      const now = scrollTop + scrollHeight * 1e7;
      still = now === last ? still + 1 : 0;
      last = now;
    }
  });
}

/** The id of the message that crosses the middle of the conversation. */
function messageInTheMiddle(page: Page): Promise<string> {
  return page.evaluate(() => {
    const box = document.querySelector('[role="log"]')?.getBoundingClientRect();
    const middle = box ? box.top + box.height / 2 : 0;
    for (const row of document.querySelectorAll<HTMLElement>('[data-message-id]')) {
      if (row.getBoundingClientRect().bottom > middle) return row.dataset.messageId ?? '';
    }
    throw new Error('No message is in the middle of the conversation.');
  });
}

function topOf(page: Page, messageId: string): Promise<number> {
  return page
    .locator(`[data-message-id="${messageId}"]`)
    .evaluate((row) => row.getBoundingClientRect().top);
}
