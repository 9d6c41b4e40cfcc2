import type { Page } from '@playwright/test';
import { ChatPage } from './support/chat-page.js';
import { expect, test, type TestUser } from './support/test.js';

const ACCESS_TOKEN_LIFE_MS = 15 * 60_000;

const field = (page: Page, name: string) => page.getByRole('textbox', { name, exact: true });

async function signIn(page: Page, user: TestUser): Promise<void> {
  await field(page, 'Username').fill(user.username);
  await field(page, 'Password').fill(user.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

test('51 a login that expired while the page was open keeps the draft and returns to the same URL', async ({
  user,
  openChat,
  page,
  context,
  watch,
}) => {
  watch.expectConsoleError(/status of 401/);
  await page.clock.install();
  const { _id } = await user.api.createSession('Interrupted work');
  await user.api.send(_id, 'what was there');
  const chat = await openChat(`/c/${_id}`);
  await expect(chat.message('what was there')).toBeVisible();
  await expect(chat.chat('Interrupted work')).toBeVisible();
  await chat.composer.fill('half a thought');
  await context.clearCookies();
  await page.clock.fastForward(ACCESS_TOKEN_LIFE_MS);
  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await expect(page.getByText('Your session has expired.')).toBeVisible();
  await expect(page.getByText('what was there')).toHaveCount(0);
  await signIn(page, user);
  await expect(page).toHaveURL(new RegExp(`/chat-ui/c/${_id}$`));
  await expect(chat.composer).toHaveValue('half a thought');
  await expect(chat.message('what was there')).toBeVisible();
});

test('51 a message sent after the login expired is kept, and goes out once after the next login', async ({
  user,
  openChat,
  page,
  context,
  watch,
}) => {
  watch.expectConsoleError(/status of 401/);
  await page.clock.install();
  const { _id } = await user.api.createSession('Cut off');
  const chat = await openChat(`/c/${_id}`);
  await expect(chat.chat('Cut off')).toBeVisible();
  await expect(page.getByRole('list', { name: 'Suggestions' })).toBeVisible();
  await context.clearCookies();
  // Whatever asks for a new token first, the page does not know yet that there is none.
  let letGo = (): void => undefined;
  const written = new Promise<void>((resolve) => (letGo = resolve));
  await page.route('**/auths/refresh', async (route) => {
    await written;
    await route.continue();
  });
  await page.clock.fastForward(ACCESS_TOKEN_LIFE_MS);
  await chat.write('written too late');
  await expect(chat.bubble('written too late')).toBeVisible();
  letGo();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await signIn(page, user);
  await expect(chat.message('written too late')).toBeVisible();
  // The message and its reply.
  expect(await user.api.call('GET', `/chat/sessions/${_id}`)).toMatchObject({ message_count: 2 });
});

test('51 a login that was revoked before a reload keeps the draft and returns to the same URL', async ({
  user,
  openChat,
  page,
  context,
  watch,
}) => {
  watch.expectConsoleError(/status of 401/);
  const { _id } = await user.api.createSession('Revoked');
  const chat = await openChat(`/c/${_id}`);
  await expect(chat.composer).toBeFocused();
  await chat.composer.fill('still mine');
  await context.clearCookies();
  await page.reload();
  await expect(page.getByText('Your session has expired.')).toBeVisible();
  await signIn(page, user);
  await expect(page).toHaveURL(new RegExp(`/chat-ui/c/${_id}$`));
  await expect(chat.composer).toHaveValue('still mine');
});

test('51 an access token that ran out is renewed without anyone noticing', async ({
  user,
  openChat,
  page,
}) => {
  await page.clock.install();
  const { _id } = await user.api.createSession('Long lunch');
  const chat = await openChat(`/c/${_id}`);
  await expect(chat.chat('Long lunch')).toBeVisible();
  await expect(page.getByRole('list', { name: 'Suggestions' })).toBeVisible();
  await page.clock.fastForward(ACCESS_TOKEN_LIFE_MS);
  const renewed = page.waitForResponse('**/auths/refresh');
  await chat.write('back again');
  expect((await renewed).ok()).toBe(true);
  await expect(chat.message('back again')).toBeVisible();
});

test('52 the login form: labels, autocomplete, and an error that is said with the focus on the first bad field', async ({
  user,
  page,
  watch,
}) => {
  watch.expectConsoleError(/status of 401/);
  await page.goto('/chat-ui/login');
  const [username, password] = [field(page, 'Username'), field(page, 'Password')];
  await expect(username).toBeFocused();
  await expect(username).toHaveAttribute('autocomplete', 'username');
  await expect(password).toHaveAttribute('autocomplete', 'current-password');
  await expect(password).toHaveAttribute('type', 'password');
  await expect(page.getByText('Username', { exact: true })).toBeVisible();
  await expect(page.getByText('Password', { exact: true })).toBeVisible();

  const submit = page.getByRole('button', { name: 'Sign in' });
  const alert = page.getByRole('alert');
  await submit.click();
  await expect(alert).toHaveText('Enter your username.');
  await expect(username).toBeFocused();
  await expect(username).toHaveAttribute('aria-invalid', 'true');
  await username.fill(user.username);
  await submit.click();
  await expect(alert).toHaveText('Enter your password.');
  await expect(password).toBeFocused();
  await password.fill('not the password');
  await submit.click();
  await expect(alert).toContainText(/username|password/i);
  await expect(password).toBeFocused();
  await expect(password).toHaveValue('');
  await expect(username).toHaveValue(user.username);
  await password.fill(user.password);
  await password.press('Enter');
  await expect(page.getByRole('region', { name: 'Your account' })).toContainText(user.username);
});

test('52 the form for a new account says what is wrong at the field it is wrong in', async ({
  user,
  page,
  watch,
}) => {
  watch.expectConsoleError(/status of (400|409)/);
  await page.goto('/chat-ui/register');
  const [username, password] = [field(page, 'Username'), field(page, 'Password')];
  await expect(username).toHaveAttribute('autocomplete', 'username');
  await expect(password).toHaveAttribute('autocomplete', 'new-password');
  const submit = page.getByRole('button', { name: 'Create account' });
  await username.fill(`${user.username}-2`);
  await password.fill('short');
  await submit.click();
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(password).toBeFocused();
  await expect(password).toHaveAttribute('aria-invalid', 'true');
  await expect(password).toHaveAccessibleDescription(/\d+ characters/);
  await username.fill(user.username);
  await password.fill('long enough to be taken');
  await submit.click();
  await expect(username).toBeFocused();
  await expect(username).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByRole('alert')).toBeVisible();
});

test('53 logout clears stores, drafts and caches here and in the other tabs, and Back shows nothing', async ({
  user,
  openChat,
  page,
  context,
}) => {
  const { _id } = await user.api.createSession('Private title');
  await user.api.send(_id, 'private words');
  const chat = await openChat(`/c/${_id}`);
  await expect(chat.message('private words')).toBeVisible();
  await chat.composer.fill('private draft');
  const other = new ChatPage(await context.newPage());
  await other.page.goto(`/chat-ui/c/${_id}`);
  await expect(other.message('private words')).toBeVisible();
  await expect(other.composer).toHaveValue('private draft');
  await chat.chats.getByRole('link').first().click();
  await page.getByRole('link', { name: 'Chat Sessions' }).click();
  await expect(page).toHaveURL(/\/chat-ui\/?$/);

  await page.getByRole('button', { name: 'Log out' }).click();
  for (const tab of [page, other.page]) {
    await expect(tab.getByRole('heading', { name: 'Sign in' })).toBeVisible();
    await expect(tab.locator('body')).not.toContainText('private');
    await expect(tab.locator('body')).not.toContainText(user.username);
  }
  const kept = await page.evaluate(async () => ({
    storage: JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)]),
    caches: await caches.keys(),
    databases: await indexedDB.databases(),
  }));
  expect(kept.storage).not.toMatch(/private|chat\.user/i);
  expect(kept.storage).not.toContain(user.id);
  expect(kept.caches).toEqual([]);
  expect(kept.databases).toEqual([]);
  const cookies = (await context.cookies(`${new URL(page.url()).origin}/auths`)).filter(
    ({ value }) => value !== '',
  );
  expect(cookies).toEqual([]);

  for (const tab of [page, other.page]) {
    await tab.goBack();
    await expect(tab.locator('body')).not.toContainText('private');
    await tab.goto(`/chat-ui/c/${_id}`);
    await expect(tab.getByRole('heading', { name: 'Sign in' })).toBeVisible();
    await expect(tab.locator('body')).not.toContainText('private');
  }
  await signIn(page, user);
  await expect(page).toHaveURL(new RegExp(_id));
  await expect(chat.message('private words')).toBeVisible();
  await expect(chat.composer).toHaveValue('');
});

test('53 after a logout the next user finds nothing of the one before', async ({
  user,
  openChat,
  page,
}) => {
  const { _id } = await user.api.createSession('Of the first user');
  const chat = await openChat(`/c/${_id}`);
  await chat.composer.fill('a draft of the first user');
  // The draft is in the browser before it is gone: the check below could not fail otherwise.
  const stored = (): Promise<string> => page.evaluate(() => JSON.stringify(localStorage));
  await expect.poll(stored).toContain('a draft of the first user');
  await page.getByRole('button', { name: 'Log out' }).click();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  expect(await stored()).not.toContain('first user');
  expect(await stored()).not.toContain(user.id);
  await field(page, 'Username').fill('testuser');
  await field(page, 'Password').fill('testpass123');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('region', { name: 'Your account' })).toContainText('@testuser');
  await expect(chat.composer).toHaveValue('');
  await expect(page.locator('body')).not.toContainText('first user');
});
