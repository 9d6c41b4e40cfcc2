import type { Locator, Page } from '@playwright/test';
import { ChatPage } from './support/chat-page.js';
import { expect, test } from './support/test.js';

const VIOLET_600 = 'rgb(124, 58, 237)';
const NARROWEST = { width: 320, height: 640 };

test('55 landmarks, one h1, a skip link that leads to the composer, and a sender for each message', async ({
  user,
  openChat,
  page,
}) => {
  const { _id } = await user.api.createSession('Structure');
  await user.api.send(_id, 'question');
  await user.api.send(_id, 'answer', 'assistant');
  const chat = await openChat(`/c/${_id}`);
  await expect(chat.messages).toHaveCount(2);
  await expect(page.getByRole('main')).toHaveCount(1);
  await expect(page.getByRole('complementary', { name: 'Sidebar' })).toHaveCount(1);
  await expect(chat.chats).toHaveCount(1);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(['Structure']);
  const articles = chat.log.getByRole('article');
  await expect(articles.first().getByRole('heading')).toHaveText('You');
  await expect(articles.last().getByRole('heading')).toHaveText('Assistant');
  await expect(chat.log).toContainText('question');

  await page.reload();
  await expect(chat.messages).toHaveCount(2);
  const skip = page.getByRole('link', { name: 'Skip to the message box' });
  await expect(skip).not.toBeInViewport();
  await page.getByRole('link', { name: 'Chat Sessions' }).focus();
  await page.keyboard.press('Shift+Tab');
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press('Enter');
  await expect(chat.composer).toBeFocused();
});

/** Notes from now on all that assistive technology is told; reads it. */
async function listen(page: Page): Promise<() => Promise<string[]>> {
  const said = await page.evaluateHandle(() => {
    const words: string[] = [];
    const note = (): void => {
      for (const region of document.querySelectorAll(
        '[aria-live]:not([aria-live="off"]), [role="status"], [role="alert"]',
      )) {
        const text = region.textContent.trim();
        if (text !== '' && words.at(-1) !== text) words.push(text);
      }
    };
    new MutationObserver(note).observe(document.body, {
      childList: true,
      subtree: true,
      characterData: true,
    });
    return words;
  });
  return () => said.jsonValue();
}

test('56 a live region says that a reply is coming, then the whole reply once, never per token', async ({
  createSessionWith,
  held,
  openChat,
  page,
}) => {
  const { _id } = await createSessionWith('held', 'Listening');
  const chat = await openChat(`/c/${_id}`);
  // Until the chat is there, the page may say that it is being loaded.
  await expect(page.getByRole('list', { name: 'Suggestions' })).toBeVisible();
  const said = await listen(page);
  await chat.write('a question');
  const answer = await held.next();
  await expect(chat.liveRegion).toHaveText('A reply is coming.');
  for (const word of ['One', ' word', ' after', ' the', ' other.']) {
    await answer.say(word);
    await expect(chat.replies.last().locator('.bubble')).toContainText(word.trim());
  }
  await answer.finish();
  await expect(chat.liveRegion).toContainText('One word after the other.');
  await expect(chat.send).toBeVisible();
  expect(await said()).toEqual([
    'Sending.',
    'A reply is coming.',
    'Assistant: One word after the other.',
  ]);
});

test('56 a reply that arrives is said once, as a whole', async ({ user, openChat, page }) => {
  const { _id } = await user.api.createSession('Listening');
  await user.api.send(_id, 'a question');
  const chat = await openChat(`/c/${_id}`);
  await expect(chat.messages).toHaveCount(1);
  const said = await listen(page);
  await user.api.send(
    _id,
    'The whole of the answer, in two sentences. Here is the other.',
    'assistant',
  );
  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await expect(chat.message('The whole of the answer')).toBeVisible();
  await expect(chat.liveRegion).toContainText('Here is the other.');
  const mentions = (await said()).filter((words) => words.includes('whole of the answer'));
  expect(mentions).toEqual([
    'Assistant: The whole of the answer, in two sentences. Here is the other.',
  ]);
  await expect(chat.log).toHaveAttribute('aria-live', 'off');
});

/** Whether an element is focused, and how the focus shows: `seen`, or why it does not. */
function focusOf(target: Locator): Promise<{ focused: boolean; ring: string }> {
  return target.evaluate((element) => {
    const at = document.activeElement;
    const focused = element === at;
    if (!at || at === document.body) return { focused, ring: 'nothing is focused' };
    // The composer fills its frame, and the frame has the ring.
    const bearer = at.id === 'composer' ? (at.closest('form') ?? at) : at;
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(bearer);
    const seen =
      outlineStyle !== 'none' &&
      Number.parseFloat(outlineWidth) >= 2 &&
      !/, 0\)$|transparent/.test(outlineColor);
    return { focused, ring: seen ? 'seen' : `no ring on ${at.outerHTML.slice(0, 200)}` };
  });
}

/** Presses Tab until the element has the focus; every stop on the way must be seen. */
async function tabTo(page: Page, target: Locator, key = 'Tab'): Promise<void> {
  for (let stops = 0; stops < 40; stops += 1) {
    await page.keyboard.press(key);
    const { focused, ring } = await focusOf(target);
    expect(ring).toBe('seen');
    if (focused) return;
  }
  throw new Error(`${String(target)} is not reached with ${key}.`);
}

test('57 the whole feature by keyboard alone, with a visible ring, and the focus returns to its opener', async ({
  user,
  page,
}) => {
  const chat = new ChatPage(page);
  const { keyboard } = page;
  await page.goto('/chat-ui/login');
  await expect(page.getByRole('textbox', { name: 'Username' })).toBeFocused();
  await keyboard.type(user.username);
  await keyboard.press('Tab');
  await keyboard.type(user.password);
  await keyboard.press('Enter');
  await expect(chat.composer).toBeFocused();
  expect(await focusOf(chat.composer)).toEqual({ focused: true, ring: 'seen' });

  await tabTo(page, chat.newChat, 'Shift+Tab');
  await keyboard.press('Enter');
  await expect(page.getByRole('textbox', { name: 'Chat title' })).toBeVisible();
  await expect(chat.composer).toBeFocused();
  await tabTo(page, page.getByRole('textbox', { name: 'Chat title' }), 'Shift+Tab');
  await keyboard.type('By keyboard');
  await keyboard.press('Enter');
  await expect(chat.composer).toBeFocused();
  await keyboard.type('typed and sent');
  await keyboard.press('Enter');
  await expect(chat.message('typed and sent')).toBeVisible();

  const options = chat.chats.getByRole('button', { name: 'Options for By keyboard' });
  await tabTo(page, options, 'Shift+Tab');
  await keyboard.press('Enter');
  await expect(page.getByRole('menuitem', { name: 'Rename' })).toBeFocused();
  await keyboard.press('Escape');
  await expect(page.getByRole('menu')).toHaveCount(0);
  await expect(options).toBeFocused();
  await keyboard.press('Enter');
  await expect(page.getByRole('menuitem', { name: 'Rename' })).toBeFocused();
  await keyboard.press('Enter');
  await expect(chat.chats.getByRole('textbox', { name: 'Chat title' })).toBeFocused();
  await keyboard.type('Renamed by keyboard');
  await keyboard.press('Enter');
  await expect(chat.chat('Renamed by keyboard')).toBeFocused();

  const remove = chat.message('typed and sent').getByRole('button', { name: 'Delete message' });
  await tabTo(page, remove);
  await keyboard.press('Enter');
  await expect(chat.message('typed and sent')).toHaveCount(0);
  const undo = chat.notifications.getByRole('button', { name: 'Undo' });
  await expect(undo).toBeVisible();
  await keyboard.press('F8');
  await expect(undo).toBeFocused();
  expect((await focusOf(chat.composer)).ring).toBe('seen');
  await keyboard.press('Enter');
  await expect(chat.message('typed and sent')).toBeVisible();

  const account = page.getByRole('button', { name: 'Account and theme' });
  await tabTo(page, account, 'Shift+Tab');
  await keyboard.press('Enter');
  await expect(page.getByRole('menuitem', { name: 'Account…' })).toBeFocused();
  await keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Account' })).toBeVisible();
  await keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(account).toBeFocused();

  await tabTo(page, chat.chat('Renamed by keyboard'), 'Shift+Tab');
  await keyboard.press('Delete');
  await expect(page.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await tabTo(page, page.getByRole('button', { name: 'Delete', exact: true }));
  await keyboard.press('Enter');
  await expect(chat.chat('Renamed by keyboard')).toHaveCount(0);
  await expect(undo).toBeVisible();
  await keyboard.press('F8');
  await keyboard.press('Enter');
  await expect(chat.chat('Renamed by keyboard')).toBeVisible();
  await expect(chat.message('typed and sent')).toBeVisible();

  await tabTo(page, page.getByRole('button', { name: 'Log out' }), 'Shift+Tab');
  await keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
});

test('57 the frame of the composer has a ring of 2 px while the composer has the focus', async ({
  openChat,
  page,
}) => {
  const chat = await openChat();
  await expect(chat.composer).toBeFocused();
  const frame = page.locator('form', { has: page.locator('#composer') });
  await page.keyboard.press('Shift+Tab');
  await expect(chat.composer).not.toBeFocused();
  await expect(frame).toHaveCSS('outline-style', 'none');
  await page.keyboard.press('Tab');
  await expect(chat.composer).toBeFocused();
  await expect(frame).toHaveCSS('outline-style', 'solid');
  await expect(frame).toHaveCSS('outline-width', '2px');
  await expect(frame).toHaveCSS('outline-color', VIOLET_600);
});

test('58 nothing moves under reduced motion', async ({ user, openChat, page }) => {
  await user.api.createSession('Still');
  const chat = await openChat();
  await expect(chat.chat('Still')).toBeVisible();
  const longest = async (): Promise<number> => {
    await chat.chat('Still').focus();
    const started = page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          const durations: number[] = [0];
          const deadline = performance.now() + 400;
          const look = (): void => {
            for (const animation of document.getAnimations()) {
              const { duration } = animation.effect?.getComputedTiming() ?? {};
              if (typeof duration === 'number') durations.push(duration);
            }
            if (performance.now() < deadline) requestAnimationFrame(look);
            else resolve(Math.max(...durations));
          };
          look();
        }),
    );
    await page.keyboard.press('Delete');
    await expect(page.getByRole('alertdialog')).toBeVisible();
    const duration = await started;
    await page.keyboard.press('Escape');
    await expect(page.getByRole('alertdialog')).toHaveCount(0);
    return duration;
  };
  expect(await longest()).toBeGreaterThanOrEqual(120);
  await expect.poll(() => page.evaluate(() => document.getAnimations().length)).toBe(0);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  expect(await longest()).toBeLessThan(1);
});

test('58 forced colours keep what only colour said: the open chat, the focus, the borders', async ({
  user,
  openChat,
  page,
}) => {
  await page.emulateMedia({ forcedColors: 'active' });
  const { _id } = await user.api.createSession('Open');
  await user.api.createSession('Closed');
  await user.api.send(_id, 'bordered');
  const chat = await openChat(`/c/${_id}`);
  const row = (title: string) => chat.chat(title).locator('xpath=..');
  await expect(row('Open')).toHaveCSS('outline-style', 'solid');
  await expect(row('Closed')).toHaveCSS('outline-style', 'none');
  await expect(chat.bubble('bordered')).toHaveCSS('border-style', 'solid');
  await expect(chat.send).toHaveCSS('border-style', 'solid');
  await chat.composer.focus();
  await page.keyboard.press('Shift+Tab');
  expect((await focusOf(chat.composer)).ring).toBe('seen');
});

/** Controls that can be seen but not reached: beyond an edge of the page, or cut. */
function lostControls(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const lost: string[] = [];
    if (document.documentElement.scrollWidth > innerWidth) lost.push('the page scrolls sideways');
    const controls = document.querySelectorAll<HTMLElement>('button, a[href], input, textarea, h1');
    for (const control of controls) {
      const style = getComputedStyle(control);
      const box = control.getBoundingClientRect();
      const hidden =
        !control.checkVisibility({ visibilityProperty: true }) ||
        control.closest('.sr-only, [aria-hidden="true"]') !== null ||
        control.matches('a[href^="#"]') ||
        box.width < 2;
      if (hidden) continue;
      const label = control.getAttribute('aria-label') ?? control.textContent.trim();
      if (box.left < -1 || box.right > innerWidth + 1) lost.push(`${label}: beyond the edge`);
      const cut = control.scrollWidth > control.clientWidth + 1 && style.overflowX !== 'visible';
      // A long title may be cut: it is readable in full on hover and focus.
      if (cut && !control.dataset.hint && !control.querySelector('.truncate')) {
        lost.push(`${label}: cut`);
      }
    }
    return lost;
  });
}

for (const [name, viewport, fontSize] of [
  ['200 % text', { width: 1280, height: 800 }, '200%'],
  ['200 % text on a tablet', { width: 820, height: 1180 }, '200%'],
  ['320 px', NARROWEST, '100%'],
] as const) {
  test(`59 ${name} loses nothing`, async ({ user, openChat, page }) => {
    await page.setViewportSize(viewport);
    await page.addInitScript((size) => {
      addEventListener('DOMContentLoaded', () => {
        document.documentElement.style.fontSize = size;
      });
    }, fontSize);
    await page.goto('/chat-ui/login');
    await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
    expect(await lostControls(page)).toEqual([]);
    const { _id } = await user.api.createSession('A chat with a title of some length');
    await user.api.send(_id, 'Words, and more of them. '.repeat(12));
    const chat = await openChat(`/c/${_id}`);
    await expect(chat.messages).toHaveCount(1);
    await expect(chat.composer).toBeInViewport({ ratio: 1 });
    await expect(chat.send).toBeInViewport({ ratio: 1 });
    await expect(page.getByRole('button', { name: 'Chat options' })).toBeInViewport({ ratio: 1 });
    expect(await chat.log.evaluate((box) => box.clientHeight)).toBeGreaterThan(100);
    expect(await lostControls(page)).toEqual([]);
    const show = page.getByRole('button', { name: 'Show chats' });
    if (await show.isVisible()) await show.click();
    await expect(chat.newChat).toBeInViewport({ ratio: 1 });
    await expect(page.getByRole('button', { name: 'Log out' })).toBeInViewport({ ratio: 1 });
    await chat.chat('A chat with a title of some length').focus();
    expect(await lostControls(page)).toEqual([]);
    await page.keyboard.press('Delete');
    await expect(page.getByRole('alertdialog').getByRole('button')).toHaveCount(2);
    expect(await lostControls(page)).toEqual([]);
  });
}
