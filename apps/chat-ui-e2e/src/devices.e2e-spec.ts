import type { Browser } from '@playwright/test';
import { ChatPage } from './support/chat-page.js';
import { expect, test } from './support/test.js';
import type { PageWatch } from './support/watch-page.js';

/** A browser of its own: it shares nothing with the other but the server. */
async function openDevice(
  browser: Browser,
  signInContext: (context: Awaited<ReturnType<Browser['newContext']>>) => Promise<void>,
  watch: PageWatch,
): Promise<ChatPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  watch.include(context);
  await signInContext(context);
  return new ChatPage(await context.newPage());
}

test('21 another device sees messages, words of a reply, its end, and what is changed, as they come', async ({
  browser,
  createSessionWith,
  held,
  openChat,
  product,
  signInContext,
  watch,
}) => {
  const { _id } = await createSessionWith('held', 'On two devices');
  const desk = await openChat(`/c/${_id}`);
  const phone = await openDevice(browser, signInContext, watch);
  await phone.page.goto(`${product.url}/chat-ui/c/${_id}`);
  await expect(phone.composer).toBeFocused();

  await desk.write('asked at the desk');
  const answer = await held.next();
  await expect(phone.message('asked at the desk')).toBeVisible();
  await expect(phone.stop).toBeVisible();
  await answer.say('The first words ');
  for (const device of [desk, phone]) {
    await expect(device.replies.last().locator('.bubble')).toHaveText('The first words');
  }
  await answer.say('and the next');
  for (const device of [desk, phone]) {
    await expect(device.replies.last().locator('.bubble')).toHaveText(
      'The first words and the next',
    );
  }
  // Whoever is nearer to it may stop it.
  await phone.stop.click();
  await expect(desk.replies.last()).toContainText('Stopped');
  await expect(desk.send).toBeVisible();
  await phone.replies.last().getByRole('button', { name: 'Continue' }).click();
  const rest = await held.next();
  await rest.say(' ones.');
  await rest.finish();
  for (const device of [desk, phone]) {
    await expect(device.replies.last().locator('.bubble')).toHaveText(
      'The first words and the next ones.',
    );
    await expect(device.send).toBeVisible();
  }

  await phone.startRenaming('On two devices');
  await phone.page.keyboard.type('Agreed');
  await phone.page.keyboard.press('Enter');
  await expect(desk.chat('Agreed')).toBeVisible();
  await expect(desk.page.getByRole('heading', { level: 1 })).toHaveText('Agreed');

  const own = desk.message('asked at the desk');
  await own.hover();
  await own.getByRole('button', { name: 'Delete message' }).click();
  await expect(phone.message('asked at the desk')).toHaveCount(0);
  await desk.notifications.getByRole('button', { name: 'Undo' }).click();
  await expect(phone.message('asked at the desk')).toBeVisible();
  await phone.page.context().close();
});

test('21 another device follows to the version that is shown, to new chats and to deleted ones', async ({
  browser,
  createSessionWith,
  openChat,
  product,
  signInContext,
  user,
  watch,
}) => {
  const { _id } = await createSessionWith('echo', 'Versions');
  await user.api.send(_id, 'as first asked');
  await user.api.send(_id, 'as first answered', 'assistant');
  const desk = await openChat(`/c/${_id}`);
  const phone = await openDevice(browser, signInContext, watch);
  await phone.page.goto(`${product.url}/chat-ui/c/${_id}`);
  await expect(phone.messages).toHaveCount(2);

  await desk.composer.press('ArrowUp');
  await desk.page.getByRole('textbox', { name: 'Edit message' }).fill('asked anew');
  await desk.page.keyboard.press('Enter');
  for (const device of [desk, phone]) {
    await expect(device.log.locator('.bubble')).toHaveText(['asked anew', 'asked anew']);
    await expect(device.messages.first()).toContainText('Version 2 of 2');
  }
  await phone.messages.first().getByRole('button', { name: 'Previous version' }).click();
  for (const device of [phone, desk]) {
    await expect(device.log.locator('.bubble')).toHaveText(['as first asked', 'as first answered']);
  }

  await desk.newChat.click();
  await expect(desk.page.getByRole('textbox', { name: 'Chat title' })).toBeVisible();
  await expect(phone.rows).toHaveCount(2);
  await desk.openChatMenu('Versions');
  await desk.page.getByRole('menuitem', { name: 'Delete' }).click();
  await desk.page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await expect(phone.chat('Versions')).toHaveCount(0);
  await expect(phone.rows).toHaveCount(1);
  await phone.page.context().close();
});

test('21 two tabs of one browser see a reply grow, and the tab that is left goes on hearing', async ({
  context,
  createSessionWith,
  held,
  openChat,
  user,
}) => {
  const { _id } = await createSessionWith('held', 'Two tabs');
  const first = await openChat(`/c/${_id}`);
  await expect(first.composer).toBeFocused();
  const second = new ChatPage(await context.newPage());
  await second.page.goto(`/chat-ui/c/${_id}`);
  await expect(second.composer).toBeFocused();
  await first.write('asked in the first tab');
  const answer = await held.next();
  await answer.say('Both tabs ');
  await expect(second.replies.last().locator('.bubble')).toHaveText('Both tabs');
  // The first one holds the connection that both hear by; the reply does not depend on it either.
  await first.page.close();
  await answer.say('or one.');
  await expect(second.replies.last().locator('.bubble')).toHaveText('Both tabs or one.');
  await answer.finish();
  await expect(second.send).toBeVisible();
  await user.api.createSession('Begun elsewhere');
  await expect(second.chat('Begun elsewhere')).toBeVisible();
  await user.api.send(_id, 'sent elsewhere');
  await expect(second.message('sent elsewhere')).toBeVisible();
});
