import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  SCENARIOS,
  startScriptedProvider,
  type Exchange,
  type ScriptedProvider,
} from '@chat/scripted-provider';
import type { Environment } from '../../src/config/app-config.js';
import { temporaryDir } from './database.js';
import { startTestApp, type TestApp, type TestAppOptions } from './test-app.js';

/** Models whose script a test gives. */
const OWN_MODELS = ['own', 'other', 'small-window'];
const SMALL_WINDOW = 1_000;

/** A provider that does as it is told, and the environment that points a server at it. */
export interface Scripted {
  readonly provider: ScriptedProvider;
  readonly env: Environment;
}

/** Every scenario as `scripted/<name>`, and `own`, `other` and `small-window` for scripts of a test. */
export async function startScripted(): Promise<Scripted> {
  const provider = await startScriptedProvider();
  const file = join(await temporaryDir(), 'assistants.json');
  const models = [...Object.keys(SCENARIOS), ...OWN_MODELS].map((id) => ({
    id,
    name: id,
    context_window: id === 'small-window' ? SMALL_WINDOW : 1_000_000,
  }));
  await writeFile(
    file,
    JSON.stringify([
      { id: 'scripted', name: 'Scripted', base_url: provider.openAiBaseUrl, models },
    ]),
  );
  return { provider, env: { ASSISTANTS_FILE: file, DEFAULT_MODEL: 'scripted/fast' } };
}

/** The application with a provider that does as it is told. */
export async function startScriptedApp(
  options: TestAppOptions = {},
): Promise<{ server: TestApp; provider: ScriptedProvider }> {
  const { provider, env } = await startScripted();
  const server = await startTestApp({ ...options, env: { ...env, ...options.env } });
  return {
    provider,
    server: {
      ...server,
      async stop() {
        await server.stop();
        await provider.stop();
      },
    },
  };
}

/** An answer in the hands of a test, piece by piece. */
export class Puppet {
  private readonly begun: Promise<Exchange>;
  private release: () => void = () => undefined;

  /** Takes the next requests of a model; a request for a title is answered by itself. */
  constructor(provider: ScriptedProvider, model = 'own') {
    this.begun = new Promise((begin) => {
      provider.script(model, async (exchange) => {
        if (isForTitle(exchange)) return exchange.finish();
        begin(exchange);
        const released = new Promise<void>((release) => {
          this.release = release;
        });
        await Promise.race([released, exchange.request.closed]);
      });
    });
  }

  exchange(): Promise<Exchange> {
    return this.begun;
  }

  async say(...pieces: string[]): Promise<void> {
    const exchange = await this.begun;
    for (const piece of pieces) await exchange.say(piece);
  }

  async finish(): Promise<void> {
    const exchange = await this.begun;
    await exchange.finish();
    this.release();
  }
}

/** Whether a title is asked for, not an answer. */
export function isForTitle({ question }: Pick<Exchange, 'question'>): boolean {
  return JSON.stringify(question).includes('You name conversations.');
}
