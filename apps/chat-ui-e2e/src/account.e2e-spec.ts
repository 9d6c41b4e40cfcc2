import type { Page } from '@playwright/test';
import { expectNoViolations } from './support/accessibility.js';
import { ChatPage } from './support/chat-page.js';
import { expect, test } from './support/test.js';

async function openAccount(page: Page): Promise<void> {
  await page.getByRole('button', { name: /Account and theme/ }).click();
  await page.getByRole('menuitem', { name: 'Account…' }).click();
  await expect(page.getByRole('dialog', { name: 'Account' })).toBeVisible();
}

test('another device is seen and signed out', async ({
  browser,
  openChat,
  page,
  product,
  signInContext,
  watch,
}) => {
  watch.expectConsoleError(/401/);
  await openChat();
  const context = await browser.newContext();
  watch.include(context);
  await signInContext(context);
  const other = new ChatPage(await context.newPage());
  await other.page.goto(`${product.url}/chat-ui`);
  await expect(other.composer).toBeVisible();

  await openAccount(page);
  const devices = page.getByRole('dialog').getByRole('listitem');
  await expect(devices.filter({ hasText: 'This device' })).toHaveCount(1);
  // The login of the test's own client is one of them.
  const before = await devices.count();
  expect(before).toBeGreaterThanOrEqual(2);
  await expectNoViolations(page);
  for (let left = before; left > 1; left--) {
    await page
      .getByRole('button', { name: /^Sign out .*, last used/ })
      .first()
      .click();
    await expect(devices).toHaveCount(left - 1);
  }
  await expect(page.getByRole('heading', { name: 'Signed-in devices' })).toBeFocused();

  await other.page.reload();
  await expect(other.page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: /Account and theme/ })).toBeFocused();
  await context.close();
});

test('an account is deleted with its password asked again, and everything can be taken away first', async ({
  user,
  openChat,
  page,
  watch,
}) => {
  watch.expectConsoleError(/40[01]/);
  const { _id } = await user.api.createSession('Mine');
  await user.api.send(_id, 'hello');
  const chat = await openChat(`/c/${_id}`);
  await openAccount(page);
  await page.getByRole('button', { name: 'Download everything first…' }).click();
  await expect(page.getByRole('dialog', { name: 'Export everything' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: /Account and theme/ })).toBeFocused();

  await openAccount(page);
  await page.getByRole('button', { name: 'Delete account…' }).click();
  const password = page.getByLabel('Your password, to delete the account');
  await expect(password).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByText('Enter your password.')).toBeVisible();
  await password.fill('not this one');
  await page.keyboard.press('Enter');
  await expect(password).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByText('Enter your password.')).toHaveCount(0);
  await expectNoViolations(page);
  await password.fill(user.password);
  await page.getByRole('button', { name: 'Delete account for good' }).click();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await expect(chat.chat('Mine')).toHaveCount(0);

  await page.getByLabel('Username').fill(user.username);
  await page.getByLabel('Password').fill(user.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
});
