import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signIn, startProduct } from '@chat/product-harness';
import { ChatPage } from './support/chat-page.js';
import { startCuttableProxy } from './support/cuttable-proxy.js';
import { expect, test, WORKSPACE_ROOT } from './support/test.js';
import { watchPage } from './support/watch-page.js';

/** What the browser itself says about a connection that broke. */
const BROKEN_CONNECTION =
  /ERR_(CONNECTION_\w+|SOCKET_NOT_CONNECTED|INCOMPLETE_CHUNKED_ENCODING|EMPTY_RESPONSE)/;

test('16 a stream that the network drops resumes by itself, and not a word is lost or doubled', async ({
  browser,
  createSessionWith,
  held,
  product,
  signInContext,
}) => {
  const { _id } = await createSessionWith('held', 'Dropped');
  const proxy = await startCuttableProxy(product.url);
  const context = await browser.newContext({ baseURL: proxy.url });
  try {
    const watch = watchPage(context, proxy.url);
    watch.expectConsoleError(BROKEN_CONNECTION);
    await signInContext(context, proxy.url);
    const chat = new ChatPage(await context.newPage());
    await chat.page.goto(`/chat-ui/c/${_id}`);
    await chat.write('a question');
    const answer = await held.next();
    const bubble = chat.replies.last().locator('.bubble');
    let said = '';
    for (let drop = 1; drop <= 3; drop += 1) {
      await answer.say(`seen ${drop}. `);
      said += `seen ${drop}. `;
      await expect(bubble).toHaveText(said.trim());
      proxy.cut();
      await answer.say(`missed ${drop}. `);
      said += `missed ${drop}. `;
      proxy.mend();
      await expect(bubble).toHaveText(said.trim());
      await expect(chat.stop).toBeVisible();
    }
    await answer.finish();
    await expect(chat.send).toBeVisible();
    await expect(bubble).toHaveText(said.trim());
    watch.assertNothingWrong();
  } finally {
    await context.close();
    await proxy.close();
  }
});

test('16 where the server stays away it says "Interrupted – Continue", and Continue takes it up again', async ({
  browser,
  createSessionWith,
  held,
  product,
  signInContext,
}) => {
  const { _id } = await createSessionWith('held', 'Away');
  const proxy = await startCuttableProxy(product.url);
  const context = await browser.newContext({ baseURL: proxy.url });
  try {
    const watch = watchPage(context, proxy.url);
    watch.expectConsoleError(BROKEN_CONNECTION);
    await signInContext(context, proxy.url);
    const chat = new ChatPage(await context.newPage());
    await chat.page.goto(`/chat-ui/c/${_id}`);
    await chat.write('a question');
    const answer = await held.next();
    await answer.say('seen, ');
    const reply = chat.replies.last();
    await expect(reply.locator('.bubble')).toHaveText('seen,');
    proxy.cut();
    await answer.say('missed, ');
    await expect(reply).toContainText('Reconnecting…');
    // The page tries again at once when the browser says that there is a network.
    await expect(async () => {
      await chat.page.evaluate(() => window.dispatchEvent(new Event('online')));
      await expect(reply).toContainText('Interrupted', { timeout: 250 });
    }).toPass({ timeout: 10_000 });
    await expect(reply.locator('.bubble')).toHaveText('seen,');
    proxy.mend();
    await reply.getByRole('button', { name: 'Continue' }).click();
    await expect(reply.locator('.bubble')).toHaveText('seen, missed,');
    await answer.say('whole.');
    await answer.finish();
    await expect(reply.locator('.bubble')).toHaveText('seen, missed, whole.');
    await expect(chat.send).toBeVisible();
    await expect(reply).not.toContainText('Interrupted');
    watch.assertNothingWrong();
  } finally {
    await context.close();
    await proxy.close();
  }
});

test('16 a reply whose server ended says "Interrupted – Continue" without a reload, and goes on', async ({
  assistantsEnv,
  browser,
  held,
}) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'chat-interrupted-'));
  const context = await browser.newContext();
  try {
    const before = await startProduct(WORKSPACE_ROOT, { dataDir, env: assistantsEnv });
    const watch = watchPage(context, before.url);
    watch.expectConsoleError(/ERR_|status of 50\d/);
    const alice = await signIn(before.url);
    const { _id } = await alice.createSession('Cut short');
    await alice.call('PUT', `/chat/sessions/${_id}`, { model: 'scripted/held' });
    const page = await context.newPage();
    await page.goto(`${before.url}/chat-ui/c/${_id}`);
    await page.getByRole('textbox', { name: 'Username' }).fill('alice');
    await page.getByRole('textbox', { name: 'Password' }).fill('alicepass123');
    await page.getByRole('button', { name: 'Sign in' }).click();
    const chat = new ChatPage(page);
    await expect(chat.composer).toBeFocused();
    await chat.write('a question');
    await (await held.next()).say('The beginning');
    const reply = chat.replies.last();
    await expect(reply.locator('.bubble')).toHaveText('The beginning');
    await before.stop();
    const { port } = new URL(before.url);
    const after = await startProduct(WORKSPACE_ROOT, {
      dataDir,
      env: { ...assistantsEnv, PORT: port },
    });
    try {
      await expect(reply).toContainText('Interrupted');
      await expect(reply.locator('.bubble')).toHaveText('The beginning');
      await reply.getByRole('button', { name: 'Continue' }).click();
      const rest = await held.next();
      expect(rest.prefill).toBe('The beginning');
      await rest.say(' and the end.');
      await rest.finish();
      await expect(reply.locator('.bubble')).toHaveText('The beginning and the end.');
      await expect(reply).not.toContainText('Interrupted');
      watch.assertNothingWrong();
    } finally {
      await after.stop();
    }
  } finally {
    await context.close();
    await rm(dataDir, { recursive: true, force: true });
  }
});
