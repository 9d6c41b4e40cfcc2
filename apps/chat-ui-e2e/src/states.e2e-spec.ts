import type { Page, Route } from '@playwright/test';
import { expect, test } from './support/test.js';

const SKELETON_AFTER_MS = 150;
const NEWEST_MESSAGES = /\/messages\?order=desc/;
const SESSION_LIST = /\/chat\/sessions\?/;

const breakDown = (route: Route): Promise<void> => route.fulfill({ status: 503, body: 'Busy' });

test('47 a skeleton shows only after 150 ms', async ({ user, openChat, page }) => {
  const { _id } = await user.api.createSession('Slow');
  await user.api.send(_id, 'worth the wait');
  await page.clock.install();
  const chat = await openChat();
  await expect(chat.chat('Slow')).toBeVisible();
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  await page.route(NEWEST_MESSAGES, async (route) => {
    await released;
    await route.continue();
  });
  // From here on, time passes in this page only as far as the test says.
  await page.clock.pauseAt(await page.evaluate(() => Date.now() + 1000));
  const asked = page.waitForRequest(NEWEST_MESSAGES);
  await chat.chat('Slow').click();
  await asked;
  const skeleton = page.getByText('Loading messages');
  await page.clock.runFor(SKELETON_AFTER_MS - 1);
  await expect(page).toHaveURL(new RegExp(_id));
  await expect(skeleton).toHaveCount(0);
  await page.clock.runFor(1);
  await expect(skeleton).toHaveCount(1);
  release();
  await expect(chat.message('worth the wait')).toBeVisible();
  await expect(skeleton).toHaveCount(0);
});

test('48 the empty state offers prompts that fill the composer and send nothing', async ({
  user,
  openChat,
}) => {
  const chat = await openChat();
  // One name for one thing: what the button begins, the list calls, and the page is.
  await expect(chat.page).toHaveTitle(/^New Chat /);
  await expect(chat.page.getByRole('heading', { level: 1, name: 'New Chat' })).toBeVisible();
  const prompts = chat.page.getByRole('list', { name: 'Suggestions' }).getByRole('button');
  await expect(prompts).toHaveCount(4);
  await prompts.first().click();
  await expect(chat.composer).toBeFocused();
  await expect(chat.composer).not.toHaveValue('');
  const filled = await chat.composer.inputValue();
  await expect(chat.send).toBeEnabled();
  expect(await user.api.call('GET', '/chat/sessions')).toEqual([]);
  await chat.page.keyboard.type('the rest');
  await expect(chat.composer).toHaveValue(`${filled}the rest`);
  await chat.page.keyboard.press('Enter');
  await expect(chat.ownMessages).toHaveCount(1);
  // The message and its reply.
  expect(await user.api.call('GET', '/chat/sessions')).toMatchObject([{ message_count: 2 }]);
});

test('49 a list of chats that did not load has Retry in its place', async ({
  user,
  openChat,
  page,
  watch,
}) => {
  watch.expectConsoleError(/status of 503/);
  await user.api.createSession('There all along');
  await page.route(SESSION_LIST, breakDown);
  const chat = await openChat();
  const failure = chat.chats.getByRole('alert');
  await expect(failure).toContainText('Your chats did not load.');
  await page.unroute(SESSION_LIST);
  await failure.getByRole('button', { name: 'Retry' }).click();
  await expect(chat.chat('There all along')).toBeVisible();
  await expect(failure).toHaveCount(0);
});

test('49 messages that did not load have Retry in their place', async ({
  user,
  openChat,
  page,
  watch,
}) => {
  watch.expectConsoleError(/ERR_FAILED/);
  const { _id } = await user.api.createSession('There all along');
  await user.api.send(_id, 'said before');
  await page.route(NEWEST_MESSAGES, (route) => route.abort());
  // News of the session would have its messages read again, without a Retry.
  await page.route('**/chat/events', (route) => route.abort());
  const chat = await openChat(`/c/${_id}`);
  const failure = page.getByRole('main').getByRole('alert');
  await expect(failure).toContainText('The messages did not load.');
  await page.unroute(NEWEST_MESSAGES);
  await failure.getByRole('button', { name: 'Retry' }).click();
  await expect(chat.message('said before')).toBeVisible();
  await expect(failure).toHaveCount(0);
});

test('49 a server that is down at the start is asked again with Retry', async ({
  user,
  openChat,
  page,
  watch,
}) => {
  watch.expectConsoleError(/ERR_CONNECTION_REFUSED/);
  await user.api.createSession('Patient');
  const refresh = '**/auths/refresh';
  await page.route(refresh, (route) => route.abort('connectionrefused'));
  const chat = await openChat();
  const failure = page.getByRole('alert');
  await expect(failure).toContainText('The server did not answer.');
  await page.unroute(refresh);
  await failure.getByRole('button', { name: 'Retry' }).click();
  await expect(chat.chat('Patient')).toBeVisible();
});

test('50 offline there is a banner, a send waits, and all of it recovers by itself', async ({
  user,
  openChat,
  context,
  watch,
}) => {
  watch.expectConsoleError(/ERR_INTERNET_DISCONNECTED/);
  const { _id } = await user.api.createSession('Tunnel');
  const chat = await openChat(`/c/${_id}`);
  await expect(chat.composer).toBeFocused();
  await context.setOffline(true);
  const banner = chat.page.getByRole('status').filter({ hasText: 'You are offline.' });
  await expect(banner).toBeVisible();
  await chat.write('first from the tunnel');
  await chat.write('second from the tunnel');
  await expect(chat.page.getByText('Waits for a connection')).toHaveCount(2);
  await expect(chat.page.getByRole('alert')).toHaveCount(0);
  await user.api.send(_id, 'from above the ground');
  await context.setOffline(false);
  await expect(banner).toHaveCount(0);
  await chat.replyEnds();
  await expect(chat.ownMessages.locator('.bubble')).toHaveText([
    'from above the ground',
    'first from the tunnel',
    'second from the tunnel',
  ]);
  await expect(chat.page.getByText('Waits for a connection')).toHaveCount(0);
  expect(await user.api.call('GET', `/chat/sessions/${_id}`)).toMatchObject({ message_count: 5 });
});

test('62 the theme is light, dark, or what the system says, and stays chosen', async ({
  openChat,
  page,
}) => {
  await page.emulateMedia({ colorScheme: 'light' });
  const chat = await openChat();
  const ground = (): Promise<string> =>
    page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const choose = async (theme: string): Promise<void> => {
    await page.getByRole('button', { name: 'Account and theme' }).click();
    await page.getByRole('menuitemradio', { name: theme }).click();
    await page.keyboard.press('Escape');
  };
  const [light, dark] = ['rgb(250, 250, 250)', 'rgb(9, 9, 11)'];
  await expect(chat.composer).toBeVisible();
  expect(await ground()).toBe(light);
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(ground).toBe(dark);
  await choose('Light');
  await expect.poll(ground).toBe(light);
  await page.reload();
  await expect(chat.composer).toBeVisible();
  expect(await ground()).toBe(light);
  await choose('Dark');
  await page.emulateMedia({ colorScheme: 'light' });
  await expect.poll(ground).toBe(dark);
  await choose('System');
  await expect.poll(ground).toBe(light);
});

for (const [chosen, system, ground] of [
  ['dark', 'light', 'rgb(9, 9, 11)'],
  ['light', 'dark', 'rgb(250, 250, 250)'],
] as const) {
  test(`62 a chosen ${chosen} theme is there from the first frame on, without a flash`, async ({
    openChat,
    page,
  }) => {
    await page.emulateMedia({ colorScheme: system });
    const chat = await openChat();
    await expect(chat.composer).toBeVisible();
    await page.evaluate((theme) => localStorage.setItem('chat.theme', theme), chosen);
    await recordGrounds(page);
    await page.reload();
    await expect(chat.composer).toBeVisible();
    expect(await recordedGrounds(page)).toEqual([`${chosen} ${ground}`]);
  });
}

/** Notes on pages that open from now on which theme and ground each painted frame has. */
async function recordGrounds(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const grounds = new Set<string>();
    const { port1: afterPaint, port2: ask } = new MessageChannel();
    afterPaint.onmessage = () => {
      const { documentElement } = document;
      // Before the parser has come to it, there is no body to look at.
      const body = document.querySelector('body');
      if (!body) return;
      const theme = documentElement.dataset.theme ?? 'none';
      grounds.add(`${theme} ${getComputedStyle(body).backgroundColor}`);
    };
    const onFrame = (): void => {
      ask.postMessage(null);
      requestAnimationFrame(onFrame);
    };
    requestAnimationFrame(onFrame);
    Object.assign(window, { grounds });
  });
}

const recordedGrounds = (page: Page): Promise<string[]> =>
  page.evaluate(() => [...(window as unknown as { grounds: Set<string> }).grounds]);

test('66 nothing is fetched from another host, fonts and icons neither', async ({
  user,
  openChat,
  page,
  product,
}) => {
  const { _id } = await user.api.createSession('At home');
  await user.api.send(
    _id,
    'See https://example.com/picture.png and ![p](https://example.com/p.png)',
  );
  const origins = new Map<string, number>();
  page.on('request', (request) => {
    const { origin } = new URL(request.url());
    origins.set(origin, (origins.get(origin) ?? 0) + 1);
  });
  const chat = await openChat(`/c/${_id}`);
  await expect(chat.message('See https://example.com')).toBeVisible();
  await page.getByRole('button', { name: 'Account and theme' }).click();
  await page.getByRole('menuitem', { name: 'Account…' }).click();
  await expect(page.getByRole('dialog', { name: 'Account' })).toBeVisible();
  const fonts = await page.evaluate(async () => {
    await document.fonts.ready;
    return [...document.fonts]
      .filter(({ status }) => status === 'loaded')
      .map((font) => font.family);
  });
  expect(fonts.join()).toContain('Inter');
  expect([...origins.keys()]).toEqual([product.url]);
  expect(origins.get(product.url)).toBeGreaterThan(5);

  // And nothing could be: the page's own policy forbids it.
  const policy = (await page.request.get('/chat-ui/')).headers()['content-security-policy'] ?? '';
  const sources = policy.split(';').map((directive) => directive.trim());
  for (const kind of ['default-src', 'script-src', 'connect-src', 'font-src', 'img-src']) {
    const directive = sources.find((source) => source.startsWith(`${kind} `)) ?? '';
    expect(`${directive} `, policy).not.toMatch(/https?:|\*/);
  }
  expect(policy).toMatch(/default-src 'self'/);
  expect(policy).not.toMatch(/script-src[^;]*unsafe-inline/);
});
