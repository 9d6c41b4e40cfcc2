import { TECHNICAL_ANSWER, THOUGHTS } from '@chat/scripted-provider';
import { expectNoViolations } from './support/accessibility.js';
import { expect, test } from './support/test.js';

const PHONE = { width: 360, height: 740 };

for (const theme of ['light', 'dark'] as const) {
  test.describe(`54 axe finds nothing in ${theme}`, () => {
    test.use({ colorScheme: theme });

    test('on the forms for login and for a new account, with their errors', async ({ page }) => {
      await page.goto('/chat-ui/login');
      await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
      await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
      await expectNoViolations(page);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await expect(page.getByRole('alert')).toBeVisible();
      await expectNoViolations(page);
      await page.getByRole('link', { name: 'Create an account' }).click();
      await page.getByRole('button', { name: 'Create account' }).click();
      await expect(page.getByRole('alert')).toBeVisible();
      await expectNoViolations(page);
    });

    test('on a chat, with a failed message, a note, and the menu of a message in use', async ({
      user,
      openChat,
      page,
      watch,
    }) => {
      watch.expectConsoleError(/ERR_FAILED/);
      const { _id } = await user.api.createSession('A chat');
      await user.api.createSession('Another chat');
      await user.api.send(_id, 'mine, with https://example.com');
      await user.api.send(_id, 'theirs, with https://example.com', 'assistant');
      const chat = await openChat(`/c/${_id}`);
      await expect(chat.messages).toHaveCount(2);
      await expectNoViolations(page);
      await page.route(/messages$/, (route) => route.abort());
      await chat.write('refused');
      await expect(page.getByRole('alert')).toContainText('Not sent');
      await chat.message('mine').hover();
      await chat.message('mine').getByRole('button', { name: 'Copy message' }).focus();
      await expectNoViolations(page);
    });

    test('on a technical answer, one that is being written, one that failed, and the model menu', async ({
      createSessionWith,
      held,
      openChat,
      page,
    }) => {
      const { _id } = await createSessionWith('held', 'Technical');
      const chat = await openChat(`/c/${_id}`);
      await chat.write('explain back-off');
      const answer = await held.next();
      await answer.think(THOUGHTS);
      await answer.say(TECHNICAL_ANSWER.slice(0, 700));
      await expect(chat.replies.last().locator('.katex').first()).toBeVisible();
      await expectNoViolations(page);
      await answer.say(TECHNICAL_ANSWER.slice(700));
      await answer.finish();
      await expect(chat.send).toBeVisible();
      const reply = chat.replies.first();
      await expect(reply.locator('.markdown-diagram svg')).toBeVisible();
      await reply.getByText('Reasoning', { exact: true }).click();
      await expectNoViolations(page);

      await reply.hover();
      await reply.getByRole('button', { name: 'Regenerate reply' }).click();
      await (await held.next()).refuse(401, 'The API key is not valid.');
      await expect(reply.getByRole('button', { name: 'Retry' })).toBeVisible();
      await expect(reply).toContainText('Version 2 of 2');
      await expectNoViolations(page);
      await page.getByRole('button', { name: 'Model: held' }).click();
      await expect(page.getByRole('menuitemradio', { name: /^held\b/ })).toBeVisible();
      // A long menu scrolls. Its items have the arrow keys, not Tab, as menus do: axe looks for Tab.
      await expectNoViolations(page, ['scrollable-region-focusable']);
      await page.keyboard.press('End');
      await expect(page.getByRole('menuitemradio').last()).toBeFocused();
      await expect(page.getByRole('menuitemradio').last()).toBeInViewport({ ratio: 1 });
      await page.keyboard.press('Home');
      await expect(page.getByRole('menuitemradio').first()).toBeInViewport({ ratio: 1 });
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Chat options' }).click();
      await page.getByRole('menuitem', { name: 'System prompt' }).click();
      await expect(page.getByRole('dialog', { name: 'System prompt' })).toBeVisible();
      await expectNoViolations(page);
    });

    test('on an empty chat and on the page without one', async ({ user, openChat, page }) => {
      const { _id } = await user.api.createSession();
      const chat = await openChat();
      await expect(chat.rows).toHaveCount(1);
      await expectNoViolations(page);
      await page.goto(`/chat-ui/c/${_id}`);
      await expect(page.getByRole('textbox', { name: 'Chat title' })).toBeVisible();
      await expectNoViolations(page);
    });

    test('in the question before a deletion, the account dialog and the menus', async ({
      user,
      openChat,
      page,
    }) => {
      await user.api.createSession('A chat');
      const chat = await openChat();
      await chat.openChatMenu('A chat');
      await expect(page.getByRole('menuitem', { name: 'Rename' })).toBeVisible();
      await expectNoViolations(page);
      await page.getByRole('menuitem', { name: 'Delete' }).click();
      await expect(page.getByRole('alertdialog')).toBeVisible();
      await expectNoViolations(page);
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Account and theme' }).click();
      await expect(page.getByRole('menuitemradio', { name: 'Dark' })).toBeVisible();
      await expectNoViolations(page);
      await page.getByRole('menuitem', { name: 'Account…' }).click();
      await expect(page.getByRole('dialog', { name: 'Account' })).toBeVisible();
      await expectNoViolations(page);
    });

    test('in the drawer of a phone', async ({ user, openChat, page }) => {
      await page.setViewportSize(PHONE);
      const { _id } = await user.api.createSession('A chat');
      await user.api.send(_id, 'something');
      const chat = await openChat(`/c/${_id}`);
      await expect(chat.messages).toHaveCount(1);
      await expectNoViolations(page);
      await page.getByRole('button', { name: 'Show chats' }).click();
      await expect(page.getByRole('dialog', { name: 'Chats' })).toBeVisible();
      await expectNoViolations(page);
    });
  });
}
