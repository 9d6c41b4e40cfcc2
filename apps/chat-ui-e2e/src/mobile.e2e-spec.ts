import type { Page } from '@playwright/test';
import { expect, test } from './support/test.js';

const TARGET_PX = 44;
const MIN_INPUT_PX = 16;
const PHONE = { width: 360, height: 740 };
/** What a phone's keyboard leaves of the page (`interactive-widget=resizes-content`). */
const ABOVE_KEYBOARD = { width: 360, height: 420 };

test.use({ viewport: PHONE, hasTouch: true, isMobile: true });

test('60 the drawer holds the focus, and Esc, the backdrop and Back close it', async ({
  user,
  openChat,
  page,
}) => {
  const { _id } = await user.api.createSession('Behind the drawer');
  const chat = await openChat(`/c/${_id}`);
  const drawer = page.getByRole('dialog', { name: 'Chats' });
  const opener = page.getByRole('button', { name: 'Show chats' });
  const open = async (): Promise<void> => {
    await opener.tap();
    await expect(drawer).toBeVisible();
    await expect(drawer.locator(':focus')).toHaveCount(1);
  };
  await open();
  for (const key of ['Tab', 'Shift+Tab']) {
    const stops = new Set<string>();
    for (let press = 0; press < 15; press += 1) {
      await page.keyboard.press(key);
      await expect(drawer.locator(':focus')).toHaveCount(1);
      stops.add(await drawer.locator(':focus').evaluate((element) => element.outerHTML));
    }
    expect(stops.size).toBeGreaterThan(4);
  }
  await page.keyboard.press('Escape');
  await expect(drawer).toHaveCount(0);
  await expect(opener).toBeFocused();

  await open();
  await page.touchscreen.tap(PHONE.width - 10, PHONE.height / 2);
  await expect(drawer).toHaveCount(0);
  await expect(opener).toBeFocused();

  await open();
  await page.goBack();
  await expect(drawer).toHaveCount(0);
  await expect(page).toHaveURL(new RegExp(`/c/${_id}$`));
  await expect(chat.composer).toBeVisible();

  await open();
  await drawer.getByRole('button', { name: 'Hide chats' }).tap();
  await expect(drawer).toHaveCount(0);
  await expect(opener).toBeFocused();
});

test('60 the drawer closes on a pick, and Back then leads to the page before it', async ({
  user,
  openChat,
  page,
}) => {
  const from = await user.api.createSession('From');
  const to = await user.api.createSession('To');
  await user.api.send(to._id, 'arrived');
  const chat = await openChat(`/c/${from._id}`);
  const drawer = page.getByRole('dialog', { name: 'Chats' });
  const opener = page.getByRole('button', { name: 'Show chats' });
  await opener.tap();
  await chat.chat('To').tap();
  await expect(drawer).toHaveCount(0);
  await expect(page).toHaveURL(new RegExp(`/c/${to._id}$`));
  await expect(chat.message('arrived')).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL(new RegExp(`/c/${from._id}$`));
  await expect(drawer).toHaveCount(0);
  await opener.tap();
  await chat.chat('From').tap();
  await expect(drawer).toHaveCount(0);
  await expect(page).toHaveURL(new RegExp(`/c/${from._id}$`));
  await opener.tap();
  await chat.newChat.tap();
  await expect(drawer).toHaveCount(0);
  await expect(page.getByRole('textbox', { name: 'Chat title' })).toBeVisible();
});

test('43 in the drawer, Undo is offered to everyone and works', async ({
  user,
  openChat,
  page,
}) => {
  const { _id } = await user.api.createSession('Slipped away');
  const chat = await openChat();
  await page.getByRole('button', { name: 'Show chats' }).tap();
  await chat.chats.getByRole('button', { name: 'Options for Slipped away' }).tap();
  await page.getByRole('menuitem', { name: 'Delete' }).tap();
  await page.getByRole('button', { name: 'Delete', exact: true }).tap();
  await expect(page.getByText('Deleted “Slipped away”.', { exact: true })).toBeVisible();
  await chat.notifications.getByRole('button', { name: 'Undo' }).tap();
  await expect
    .poll(() => user.api.call('GET', '/chat/sessions'))
    .toMatchObject([{ _id, title: 'Slipped away' }]);
});

test('60 at 768 px the list stands beside the page, below it is a drawer', async ({
  openChat,
  page,
}) => {
  await openChat();
  const sidebar = page.getByRole('complementary', { name: 'Sidebar' });
  await page.setViewportSize({ width: 768, height: 740 });
  await expect(sidebar).toBeVisible();
  await page.setViewportSize({ width: 767, height: 740 });
  await expect(sidebar).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Show chats' })).toBeVisible();
});

/** What a finger could miss: controls on the screen that are smaller than a finger, by name. */
function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate((least) => {
    const small: string[] = [];
    const controls = document.querySelectorAll<HTMLElement>(
      'button, a[href], input, textarea, [role^="menuitem"]',
    );
    for (const control of controls) {
      if (!control.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
      const box = control.getBoundingClientRect();
      if (box.bottom < 0 || box.right < 0) continue;
      // A link inside a sentence is as high as its line; the rule excepts it (WCAG 2.5.8).
      if (control.matches('p a')) continue;
      // A field inside a larger control is pressed with it.
      if (box.width + 0.5 < least || box.height + 0.5 < least) {
        const label = control.getAttribute('aria-label') ?? control.textContent.trim();
        small.push(`${label}: ${Math.round(box.width)} × ${Math.round(box.height)}`);
      }
    }
    return small;
  }, TARGET_PX);
}

test('61 every touch target is at least 44 px, on the page, in the drawer, menus and dialogs', async ({
  user,
  openChat,
  page,
  watch,
}) => {
  watch.expectConsoleError(/ERR_FAILED/);
  await page.goto('/chat-ui/login');
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
  expect(await smallTargets(page)).toEqual([]);
  const { _id } = await user.api.createSession('Fingers');
  await user.api.send(_id, 'mine');
  await user.api.send(_id, 'theirs', 'assistant');
  const chat = await openChat();
  await expect(page.getByRole('list', { name: 'Suggestions' })).toBeVisible();
  expect(await smallTargets(page)).toEqual([]);
  await page.goto(`/chat-ui/c/${_id}`);
  await expect(chat.messages).toHaveCount(2);
  await page.route(/messages$/, (route) => route.abort());
  await chat.composer.fill('refused');
  await chat.send.tap();
  await expect(page.getByRole('alert')).toContainText('Not sent');
  expect(await smallTargets(page)).toEqual([]);

  await page.getByRole('button', { name: 'Show chats' }).tap();
  await expect(chat.chat('Fingers')).toBeVisible();
  expect(await smallTargets(page)).toEqual([]);
  await chat.chats.getByRole('button', { name: 'Options for Fingers' }).tap();
  await expect(page.getByRole('menuitem', { name: 'Rename' })).toBeVisible();
  expect(await smallTargets(page)).toEqual([]);
  await page.getByRole('menuitem', { name: 'Rename' }).tap();
  await expect(chat.chats.getByRole('textbox', { name: 'Chat title' })).toBeFocused();
  expect(await smallTargets(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await chat.chats.getByRole('button', { name: 'Options for Fingers' }).tap();
  await page.getByRole('menuitem', { name: 'Delete' }).tap();
  await expect(page.getByRole('alertdialog')).toBeVisible();
  expect(await smallTargets(page)).toEqual([]);
  await page.getByRole('button', { name: 'Delete', exact: true }).tap();
  await expect(page.getByRole('button', { name: 'Undo', includeHidden: true })).toBeVisible();
  expect(await smallTargets(page)).toEqual([]);
});

test('61 the page is as high as the screen that is left, and the composer stays above the keyboard', async ({
  user,
  openChat,
  page,
}) => {
  const { _id } = await user.api.createSession('Keyboard');
  for (let n = 0; n < 12; n += 1) await user.api.send(_id, `message ${n}`);
  const chat = await openChat(`/c/${_id}`);
  await expect(chat.message('message 11')).toBeInViewport();
  const overflow = (): Promise<number> =>
    page.evaluate(() => document.documentElement.scrollHeight - innerHeight);
  expect(await overflow()).toBe(0);
  await chat.composer.tap();
  await page.setViewportSize(ABOVE_KEYBOARD);
  await expect(chat.composer).toBeInViewport({ ratio: 1 });
  await expect(chat.send).toBeInViewport({ ratio: 1 });
  await expect(chat.message('message 11')).toBeInViewport();
  expect(await overflow()).toBe(0);
  await expect(page.locator('meta[name="viewport"]')).toHaveAttribute(
    'content',
    /interactive-widget=resizes-content/,
  );
});

test('61 the composer and the list keep clear of the notch and the home bar', async ({
  user,
  openChat,
  page,
}) => {
  const { _id } = await user.api.createSession('Rounded corners');
  const chat = await openChat(`/c/${_id}`);
  await expect(chat.composer).toBeVisible();
  await expect(page.locator('meta[name="viewport"]')).toHaveAttribute(
    'content',
    /viewport-fit=cover/,
  );
  const devtools = await page.context().newCDPSession(page);
  const insets = { top: 47, bottom: 34 };
  await devtools.send('Emulation.setSafeAreaInsetsOverride', { insets });
  const bottomOf = async (element: typeof chat.composer): Promise<number> => {
    const box = await element.boundingBox();
    return (box?.y ?? 0) + (box?.height ?? 0);
  };
  const topOf = async (element: typeof chat.composer): Promise<number> =>
    (await element.boundingBox())?.y ?? 0;
  await expect.poll(() => bottomOf(chat.send)).toBeLessThanOrEqual(PHONE.height - insets.bottom);
  const opener = page.getByRole('button', { name: 'Show chats' });
  expect(await topOf(opener)).toBeGreaterThanOrEqual(insets.top);
  await opener.tap();
  await expect(chat.newChat).toBeVisible();
  expect(await topOf(page.getByRole('button', { name: 'Hide chats' }))).toBeGreaterThanOrEqual(
    insets.top,
  );
  expect(await bottomOf(page.getByRole('button', { name: 'Log out' }))).toBeLessThanOrEqual(
    PHONE.height - insets.bottom,
  );
});

test('61 text fields have at least 16 px, so that the phone does not zoom', async ({
  user,
  openChat,
  page,
}) => {
  const sizes = (): Promise<number[]> =>
    page.evaluate(() =>
      [...document.querySelectorAll('input, textarea')]
        .filter((field) => field.checkVisibility())
        .map((field) => Number.parseFloat(getComputedStyle(field).fontSize)),
    );
  const expectLargeEnough = async (fields: number): Promise<void> => {
    const found = await sizes();
    expect(found).toHaveLength(fields);
    expect(Math.min(...found)).toBeGreaterThanOrEqual(MIN_INPUT_PX);
  };
  await page.goto('/chat-ui/login');
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
  await expectLargeEnough(2);
  await page.getByRole('link', { name: 'Create an account' }).tap();
  await expect(page.getByRole('button', { name: 'Create account' })).toBeVisible();
  await expectLargeEnough(3);
  const { _id } = await user.api.createSession();
  const chat = await openChat(`/c/${_id}`);
  await expect(page.getByRole('textbox', { name: 'Chat title' })).toBeVisible();
  await expectLargeEnough(2);
  await page.getByRole('button', { name: 'Show chats' }).tap();
  await page.getByRole('button', { name: 'Account and theme' }).tap();
  await page.getByRole('menuitem', { name: 'Account…' }).tap();
  await expect(page.getByRole('dialog', { name: 'Account' })).toBeVisible();
  expect(Math.min(...(await sizes()))).toBeGreaterThanOrEqual(MIN_INPUT_PX);
  await expect(chat.page.getByRole('textbox', { name: 'Display name' })).toBeVisible();
});
