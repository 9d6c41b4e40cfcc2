import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { signIn, startProduct, type ApiClient, type RunningProduct } from '@chat/product-harness';
import {
  SCENARIOS,
  scriptedEndpoint,
  startScriptedProvider,
  type ScriptedProvider,
} from '@chat/scripted-provider';
import type { ChatSession, User } from '@chat/shared-types';
import { test as base, type BrowserContext } from '@playwright/test';
import { ChatPage } from './chat-page.js';
import { HELD_MODEL, HeldAnswers } from './held-answers.js';
import { openSceneStore, type SceneStore } from './scene-store.js';
import { watchPage, type PageWatch } from './watch-page.js';

export { expect } from '@playwright/test';

export const WORKSPACE_ROOT = fileURLToPath(new URL('../../../..', import.meta.url));
const PASSWORD = 'correct horse battery staple';

/** A user of this test alone, registered over HTTP. */
export interface TestUser {
  readonly id: string;
  readonly username: string;
  readonly password: string;
  /** Prepares scenes, and looks at what the page made the server store. */
  readonly api: ApiClient;
}

interface WorkerFixtures {
  /** Answers the product's questions; its models are `scripted/<scenario>` there. */
  provider: ScriptedProvider;
  /** The environment of a product that asks `provider`, `scripted/fast` where nobody chose. */
  assistantsEnv: Readonly<Record<string, string>>;
  /** The product with an embedded database of its own, shared by the tests of one worker. */
  product: RunningProduct;
  /** Scenes that take more than the API can do. */
  scenes: SceneStore;
}

interface TestFixtures {
  user: TestUser;
  /**
   * What went wrong on any page of the test so far: console errors, uncaught errors, requests to
   * another host. The test fails at its end when there is any that it did not expect.
   */
  watch: PageWatch;
  /** What `scripted/held` is asked in this test, to be answered by it. */
  held: HeldAnswers;
  /** A session whose model is `scripted/<model>`. */
  createSessionWith: (model: string, title?: string) => Promise<ChatSession>;
  /**
   * Gives the context the login of `user`; the next page that opens is signed in.
   *
   * @param origin where the page finds the product; its own address when absent.
   */
  signInContext: (context?: BrowserContext, origin?: string) => Promise<void>;
  /** The page, signed in as `user`, at `path` below `/chat-ui`. */
  openChat: (path?: string) => Promise<ChatPage>;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  provider: [
    // Playwright reads the fixtures that are needed from the pattern, also where there are none.
    // eslint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const provider = await startScriptedProvider();
      await use(provider);
      await provider.stop();
    },
    { scope: 'worker' },
  ],
  assistantsEnv: [
    async ({ provider }, use) => {
      const folder = await mkdtemp(join(tmpdir(), 'chat-assistants-'));
      const file = join(folder, 'assistants.json');
      const endpoint = scriptedEndpoint(provider, [...Object.keys(SCENARIOS), HELD_MODEL]);
      await writeFile(file, JSON.stringify([endpoint]));
      await use({
        ASSISTANTS_FILE: file,
        DEFAULT_MODEL: 'scripted/fast',
        MAX_RUNNING_REPLIES: '100',
      });
      await rm(folder, { recursive: true, force: true });
    },
    { scope: 'worker' },
  ],
  product: [
    async ({ assistantsEnv }, use) => {
      const product = await startProduct(WORKSPACE_ROOT, { env: assistantsEnv });
      await use(product);
      await product.stop();
    },
    { scope: 'worker' },
  ],
  scenes: [
    async ({ product }, use) => {
      const scenes = await openSceneStore(product.dataDir);
      await use(scenes);
      await scenes.close();
    },
    { scope: 'worker' },
  ],
  baseURL: async ({ product }, use) => use(product.url),
  user: async ({ product }, use) => {
    const username = `user-${randomUUID().slice(0, 13)}`;
    const response = await fetch(`${product.url}/auths/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username, password: PASSWORD }),
    });
    if (!response.ok) throw new Error(`Registering answered ${response.status}.`);
    const { _id: id } = (await response.json()) as User;
    const api = await signIn(product.url, username, PASSWORD);
    await use({ id, username, password: PASSWORD, api });
  },
  watch: [
    async ({ context, product }, use) => {
      const watch = watchPage(context, product.url);
      await use(watch);
      watch.assertNothingWrong();
    },
    { auto: true },
  ],
  held: async ({ provider }, use) => use(new HeldAnswers(provider)),
  createSessionWith: async ({ user }, use) =>
    use(async (model, title) => {
      const { _id } = await user.api.createSession(title);
      return user.api.call('PUT', `/chat/sessions/${_id}`, { model: `scripted/${model}` });
    }),
  signInContext: async ({ context, product, user }, use) =>
    use(async (target = context, origin = product.url) => {
      const response = await target.request.post(`${origin}/auths/login`, {
        form: { username: user.username, password: user.password },
      });
      if (!response.ok()) throw new Error(`Signing in answered ${response.status()}.`);
      await rememberSignedIn(target, origin);
    }),
  openChat: async ({ page, signInContext }, use) =>
    use(async (path = '') => {
      await signInContext();
      await page.goto(`/chat-ui${path}`);
      return new ChatPage(page);
    }),
});

/** What the page leaves in a browser that is signed in; without it, it takes a visit for a first one. */
async function rememberSignedIn(context: BrowserContext, origin: string): Promise<void> {
  const { cookies } = await context.storageState();
  const localStorage = [{ name: 'chat.signed-in', value: '1' }];
  await context.setStorageState({ cookies, origins: [{ origin, localStorage }] });
}
