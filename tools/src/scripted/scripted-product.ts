import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProduct, type RunningProduct } from '@chat/product-harness';
import {
  scriptedEndpoint,
  startScriptedProvider,
  type ScriptedProvider,
} from '@chat/scripted-provider';

/** The product, answered by a provider in this process. */
export interface ScriptedProduct {
  readonly product: RunningProduct;
  readonly provider: ScriptedProvider;
  stop(): Promise<void>;
}

/**
 * @param models the provider's; in the product each is `scripted/<name>`.
 * @param repliesAtOnce how many replies a user may have running.
 */
export async function startScriptedProduct(
  workspaceRoot: string,
  models: readonly string[],
  repliesAtOnce = 5,
): Promise<ScriptedProduct> {
  const provider = await startScriptedProvider();
  const folder = await mkdtemp(join(tmpdir(), 'chat-scripted-'));
  const file = join(folder, 'assistants.json');
  await writeFile(file, JSON.stringify([scriptedEndpoint(provider, models)]));
  const product = await startProduct(workspaceRoot, {
    env: {
      NODE_ENV: 'production',
      DEMO_USERS: 'true',
      ASSISTANTS_FILE: file,
      MAX_RUNNING_REPLIES: String(repliesAtOnce),
      // What a script holds back must not end by itself.
      REPLY_IDLE_TIMEOUT: '300',
    },
  });
  return {
    product,
    provider,
    async stop() {
      await product.stop();
      await provider.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
