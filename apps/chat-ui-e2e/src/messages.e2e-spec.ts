import { seenColours } from './support/contrast.js';
import { expect, test } from './support/test.js';

const VIOLET_600 = 'rgb(124, 58, 237)';
const WHITE = 'rgb(255, 255, 255)';
const MIN_CONTRAST = 4.5;

for (const theme of ['light', 'dark'] as const) {
  test(`30 the user is right on purple, the assistant left on its own ground, readable in ${theme}`, async ({
    user,
    openChat,
    page,
  }) => {
    await page.emulateMedia({ colorScheme: theme });
    const { _id } = await user.api.createSession('Both sides');
    await user.api.send(_id, 'mine');
    await user.api.send(_id, 'theirs', 'assistant');
    const chat = await openChat(`/c/${_id}`);
    await expect(chat.messages).toHaveCount(2);
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
    const column = await chat.log.getByRole('list').boundingBox();
    const mine = await chat.bubble('mine').boundingBox();
    const theirs = await chat.bubble('theirs').boundingBox();
    if (!column || !mine || !theirs) throw new Error('The conversation is not on the screen.');
    expect(mine.x + mine.width).toBeCloseTo(column.x + column.width, 0);
    expect(mine.x).toBeGreaterThan(column.x + column.width / 2);
    expect(theirs.x).toBeCloseTo(column.x, 0);
    expect(theirs.x + theirs.width).toBeLessThan(column.x + column.width / 2);

    const own = await seenColours(chat.bubble('mine'));
    expect(own).toMatchObject({ background: VIOLET_600, text: WHITE });
    expect(own.contrast).toBeGreaterThanOrEqual(MIN_CONTRAST);
    const other = await seenColours(chat.bubble('theirs'));
    expect(other.background).toBe(theme === 'light' ? WHITE : 'rgb(24, 24, 27)');
    expect(other.contrast).toBeGreaterThanOrEqual(MIN_CONTRAST);
  });
}

test('31 Copy message gives the Markdown source, and "Copied" is announced', async ({
  user,
  openChat,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const source =
    '# Title\n\n- **bold** and `code`\n\n```ts\nconst a = 1;\n```\n  two spaces, then\ttab ';
  const { _id } = await user.api.createSession('Source');
  await user.api.send(_id, 'another one');
  await user.api.send(_id, source, 'assistant');
  const chat = await openChat(`/c/${_id}`);
  const message = chat.message('const a = 1;');
  await message.hover();
  await message.getByRole('button', { name: 'Copy message' }).click();
  await expect(message.getByRole('button', { name: 'Copied' })).toBeVisible();
  await expect(chat.liveRegion).toHaveText('Copied');
  expect(await chat.page.evaluate(() => navigator.clipboard.readText())).toBe(source);
});

test('32 the actions of a message show on hover and on focus', async ({ user, openChat }) => {
  const { _id } = await user.api.createSession('Actions');
  await user.api.send(_id, 'first');
  await user.api.send(_id, 'second');
  const chat = await openChat(`/c/${_id}`);
  const actions = (text: string) =>
    chat.message(text).getByRole('group', { name: 'Message actions' });
  await chat.composer.hover();
  await expect(actions('first')).toHaveCSS('opacity', '0');
  await chat.message('first').hover();
  await expect(actions('first')).toHaveCSS('opacity', '1');
  await expect(actions('second')).toHaveCSS('opacity', '0');
  await chat.composer.hover();
  await expect(actions('first')).toHaveCSS('opacity', '0');
  await chat.log.focus();
  await chat.page.keyboard.press('Tab');
  await chat.page.keyboard.press('Tab');
  await expect(chat.message('first').getByRole('button', { name: 'Copy message' })).toBeFocused();
  await expect(actions('first')).toHaveCSS('opacity', '1');
  await expect(actions('second')).toHaveCSS('opacity', '0');
});

test.describe('on touch', () => {
  test.use({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });

  test('32 the actions of a message always show on touch', async ({ user, openChat }) => {
    const { _id } = await user.api.createSession('Fingers');
    await user.api.send(_id, 'tap me');
    const chat = await openChat(`/c/${_id}`);
    const actions = chat.message('tap me').getByRole('group', { name: 'Message actions' });
    await expect(actions).toHaveCSS('opacity', '1');
    await actions.getByRole('button', { name: 'Delete message' }).tap();
    await expect(chat.message('tap me')).toHaveCount(0);
  });
});

test('34 nothing that someone writes ever runs, and links get rel=noopener', async ({
  user,
  openChat,
  page,
}) => {
  const hostile = [
    '<script>window.hostileRan = "script"</script>',
    '<img src="/nothing" onerror="window.hostileRan = \'onerror\'">',
    '<svg onload="window.hostileRan = \'onload\'"></svg>',
    '<a href="javascript:window.hostileRan = 1">click</a>',
    '[click](javascript:window.hostileRan=1)',
    'javascript:window.hostileRan=1',
    'data:text/html,<script>parent.hostileRan=1</script>',
    '{{ constructor.constructor("window.hostileRan = 1")() }}',
  ];
  const dialogs: string[] = [];
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  const { _id } = await user.api.createSession('<img src=x onerror="window.hostileRan=1">');
  for (const content of hostile) {
    await user.api.send(_id, content);
    await user.api.send(_id, content, 'assistant');
  }
  await user.api.send(_id, 'See https://example.com/path?a=1&b=2 for more.');
  const chat = await openChat(`/c/${_id}`);
  await expect(chat.messages).toHaveCount(hostile.length * 2 + 1);
  for (const content of hostile) {
    const own = chat.log.locator('.bubble.user').getByText(content, { exact: true });
    await expect(own).toHaveCount(1);
  }
  await chat.write('<img src=x onerror="window.hostileRan=1">');
  await expect(chat.message('<img src=x')).toBeVisible();
  await chat.replyEnds();
  await expect(chat.log.locator('.bubble :is(script, img, svg, iframe)')).toHaveCount(0);
  await expect(page.locator('[href^="javascript:" i], [href^="data:" i]')).toHaveCount(0);
  const links = chat.log.getByRole('link');
  await expect(links).toHaveCount(1);
  await expect(links).toHaveAttribute('href', 'https://example.com/path?a=1&b=2');
  await expect(links).toHaveAttribute('rel', /\bnoopener\b/);
  await expect(links).toHaveAttribute('target', '_blank');
  expect(await page.evaluate(() => 'hostileRan' in window)).toBe(false);
  expect(dialogs).toEqual([]);
});

test('35 long words wrap, and each message has the direction of its own text', async ({
  user,
  openChat,
}) => {
  const { _id } = await user.api.createSession('Directions');
  const word = 'Donaudampfschifffahrtsgesellschaft'.repeat(12);
  await user.api.send(_id, word);
  await user.api.send(_id, 'שלום עולם, מה שלומך?');
  await user.api.send(_id, 'مرحبا بالعالم', 'assistant');
  await user.api.send(_id, 'left to right');
  const chat = await openChat(`/c/${_id}`);
  const text = (part: string) => chat.bubble(part).locator('[dir="auto"]');
  const box = await text(word).evaluate((element) => ({
    over: element.scrollWidth - element.clientWidth,
    lines: element.clientHeight / Number.parseFloat(getComputedStyle(element).lineHeight),
  }));
  expect(box.over).toBe(0);
  expect(box.lines).toBeGreaterThan(3);
  await expect(text('שלום')).toHaveCSS('direction', 'rtl');
  await expect(text('مرحبا')).toHaveCSS('direction', 'rtl');
  await expect(text('left to right')).toHaveCSS('direction', 'ltr');
  await chat.composer.fill('שלום');
  await expect(chat.composer).toHaveCSS('direction', 'rtl');
});

test('36 the time is machine-readable, and absolute on hover and on focus', async ({
  user,
  openChat,
}) => {
  const { _id } = await user.api.createSession('When');
  const { created_at } = await user.api.send(_id, 'now');
  const chat = await openChat(`/c/${_id}`);
  const time = chat.message('now').locator('time');
  await expect(time).toHaveAttribute('datetime', created_at);
  const inBerlin = (options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'Europe/Berlin' }).format(
      new Date(created_at),
    );
  await expect(time).toHaveText(inBerlin({ hour: '2-digit', minute: '2-digit' }));
  const absolute = chat.page.getByRole('tooltip');
  const expected = inBerlin({ dateStyle: 'full', timeStyle: 'medium' });
  await expect(absolute).toHaveCount(0);
  await time.hover();
  await expect(absolute).toHaveText(expected);
  await chat.composer.hover();
  await expect(absolute).toHaveCount(0);
  await chat.log.focus();
  await chat.page.keyboard.press('Tab');
  await expect(time).toBeFocused();
  await expect(absolute).toHaveText(expected);
  await expect(time).toHaveAccessibleDescription(expected);
});
