import type { Page } from '@playwright/test';
import { END_TOLERANCE_PX } from './support/chat-page.js';
import { expect, test } from './support/test.js';

const NARROW = { width: 320, height: 640 };
/** How far the conversation may stand from where it was left. */
const KEPT_TOLERANCE_PX = 2;

const paragraph = (at: number): string =>
  `Paragraph ${at}. ${'It goes on for a while. '.repeat(8)}\n\n`;

/** Notes from now on, after every painted frame, how far the conversation is from its end. */
async function recordDistances(page: Page): Promise<() => Promise<number[]>> {
  const probe = await page.evaluateHandle(() => {
    const distances: number[] = [];
    const { port1: afterPaint, port2: ask } = new MessageChannel();
    afterPaint.onmessage = () => {
      const box = document.querySelector('[role="log"]');
      if (box) distances.push(box.scrollHeight - box.clientHeight - box.scrollTop);
    };
    const onFrame = (): void => {
      ask.postMessage(null);
      requestAnimationFrame(onFrame);
    };
    requestAnimationFrame(onFrame);
    return distances;
  });
  return () => probe.jsonValue();
}

/** Where the conversation stands once it has not moved for a few frames. */
function topAtRest(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const box = document.querySelector('[role="log"]');
    let top = Number.NaN;
    for (let still = 0; still < 5;) {
      await new Promise(requestAnimationFrame);
      const now = box?.scrollTop ?? 0;
      still = now === top ? still + 1 : 0;
      top = now;
    }
    return top;
  });
}

test('23 at the bottom it follows the stream, with a gap of at most 2 px in every frame', async ({
  createSessionWith,
  held,
  openChat,
}) => {
  const { _id } = await createSessionWith('held', 'Followed');
  const chat = await openChat(`/c/${_id}`);
  await chat.write('tell me a lot');
  const answer = await held.next();
  await answer.say(paragraph(0));
  await expect(chat.log.getByText('Paragraph 0.')).toBeVisible();
  const distances = await recordDistances(chat.page);
  const pieces = [
    ...Array.from({ length: 10 }, (_, at) => paragraph(at + 1)),
    '```ts\nconst wide = 1;\n'.padEnd(200, 'x'),
    '\n```\n\n| a | b |\n|---|---|\n',
    '| 1 | 2 |\n'.repeat(6),
    '\nThe last line.',
  ];
  for (const piece of pieces) await answer.say(piece);
  await expect(chat.log.getByText('The last line.')).toBeInViewport();
  await answer.finish();
  await expect(chat.send).toBeVisible();
  expect(await chat.log.evaluate((box) => box.scrollTop)).toBeGreaterThan(500);
  const seen = await distances();
  expect(seen.length).toBeGreaterThan(10);
  expect(Math.max(...seen)).toBeLessThanOrEqual(END_TOLERANCE_PX);
});

test('24 one wheel tick up and the stream leaves the reader alone, until the end is wanted again', async ({
  createSessionWith,
  held,
  openChat,
}) => {
  const { _id } = await createSessionWith('held', 'Left alone');
  const chat = await openChat(`/c/${_id}`);
  await chat.write('tell me a lot');
  const answer = await held.next();
  for (let at = 0; at < 14; at += 1) await answer.say(paragraph(at));
  await expect(chat.log.getByText('Paragraph 13.')).toBeInViewport();
  await chat.log.hover();
  await chat.page.mouse.wheel(0, -100);
  await expect(chat.jumpToLatest).toBeVisible();
  const top = (): Promise<number> => chat.log.evaluate((box) => box.scrollTop);
  const left = await topAtRest(chat.page);
  for (let at = 14; at < 24; at += 1) await answer.say(paragraph(at));
  await expect(chat.log.getByText('Paragraph 23.')).toBeAttached();
  expect(await top()).toBe(left);
  await chat.jumpToLatest.click();
  await expect(chat.log.getByText('Paragraph 23.')).toBeInViewport();
  for (let at = 24; at < 28; at += 1) await answer.say(paragraph(at));
  await expect(chat.log.getByText('Paragraph 27.')).toBeInViewport();
  expect(await chat.distanceToEnd()).toBeLessThanOrEqual(END_TOLERANCE_PX);
  await chat.page.mouse.wheel(0, -100);
  await expect(chat.jumpToLatest).toBeVisible();
  const leftAgain = await topAtRest(chat.page);
  await answer.finish();
  await expect(chat.send).toBeVisible();
  expect(await top()).toBe(leftAgain);
});

test('28 the position in a chat is kept, also while a reply grows below it', async ({
  createSessionWith,
  held,
  openChat,
  scenes,
  user,
}) => {
  const { _id } = await createSessionWith('held', 'Kept');
  await scenes.addMessages(
    user.id,
    _id,
    Array.from({ length: 40 }, (_, at) => ({
      content: paragraph(at).trim(),
      role: at % 2 === 0 ? ('user' as const) : ('assistant' as const),
    })),
  );
  await user.api.createSession('Elsewhere');
  const chat = await openChat(`/c/${_id}`);
  await expect(chat.message('Paragraph 39.')).toBeInViewport();
  await chat.write('and more');
  const answer = await held.next();
  await answer.say(paragraph(100));
  await expect(chat.log.getByText('Paragraph 100.')).toBeInViewport();
  const looked = chat.message('Paragraph 30.');
  await chat.log.hover();
  while (!(await looked.isVisible()) || !(await isInView())) await chat.page.mouse.wheel(0, -300);
  const topOf = async (): Promise<number> => (await looked.boundingBox())?.y ?? Number.NaN;
  await expect
    .poll(async () => {
      const [one, other] = [await topOf(), await topOf()];
      return one - other;
    })
    .toBe(0);
  const before = await topOf();
  await chat.chat('Elsewhere').click();
  await expect(chat.page.getByRole('heading', { level: 1 })).toHaveText('Elsewhere');
  for (let at = 101; at < 108; at += 1) await answer.say(paragraph(at));
  await chat.chat('Kept').click();
  await expect(looked).toBeInViewport();
  await expect(chat.log.getByText('Paragraph 107.')).toBeAttached();
  await expect
    .poll(async () => Math.abs((await topOf()) - before))
    .toBeLessThanOrEqual(KEPT_TOLERANCE_PX);
  await answer.finish();
  await expect(chat.send).toBeVisible();
  expect(Math.abs((await topOf()) - before)).toBeLessThanOrEqual(KEPT_TOLERANCE_PX);

  function isInView(): Promise<boolean> {
    return looked.evaluate((row) => {
      const { top, bottom } = row.getBoundingClientRect();
      return top > 100 && bottom < innerHeight - 150;
    });
  }
});

test('29 wide code, tables, formulas and diagrams of an answer scroll inside, the page never, at 320 px', async ({
  createSessionWith,
  held,
  openChat,
}) => {
  const { _id } = await createSessionWith('held', 'Narrow');
  const chat = await openChat(`/c/${_id}`);
  await chat.page.setViewportSize(NARROW);
  await chat.write('something wide');
  const answer = await held.next();
  const cells = Array.from({ length: 12 }, (_, at) => `column${at}`).join(' | ');
  await answer.say(`\`\`\`ts\nconst line = "${'long '.repeat(40)}";\n\`\`\`\n\n`);
  await answer.say(`| ${cells} |\n|${'---|'.repeat(12)}\n| ${cells} |\n\n`);
  await answer.say(`$$\n${'a + '.repeat(60)} b\n$$\n\n`);
  await answer.say(
    `\`\`\`mermaid\nsequenceDiagram\n  A->>B: one\n  B->>C: two\n  C->>D: three\n\`\`\`\n\n`,
  );
  await answer.say(`A word of ${'x'.repeat(300)} and https://example.com/${'path/'.repeat(40)}`);
  await answer.finish();
  await expect(chat.send).toBeVisible();
  const reply = chat.replies.last();
  await expect(reply.locator('.markdown-diagram svg')).toBeVisible();
  await expect(reply.locator('.katex').first()).toBeVisible();
  const regions = {
    code: reply.getByRole('group', { name: 'TypeScript, scrolls sideways' }),
    table: reply.getByRole('group', { name: 'Table, scrolls sideways' }),
    formula: reply.getByRole('group', { name: 'Formula, scrolls sideways' }),
  };
  for (const [name, region] of Object.entries(regions)) {
    const moved = await region.evaluate((box) => {
      box.scrollLeft = 50;
      return box.scrollLeft;
    });
    expect(moved, name).toBe(50);
    await expect(region).toHaveAttribute('tabindex', '0');
  }
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
});
