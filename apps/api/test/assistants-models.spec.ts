import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AssistantModel } from '@chat/shared-types';
import { GUIDE_TEXT } from '../src/assistants/guide-text.js';
import { ModelRegistry } from '../src/assistants/model-registry.js';
import type { Environment } from '../src/config/app-config.js';
import { expectProblem } from './support/api-client.js';
import { temporaryDir } from './support/database.js';
import { refusedStart } from './support/server-process.js';
import { startTestApp, type TestApp } from './support/test-app.js';

const GUIDE = {
  id: 'builtin/guide',
  name: 'Built-in guide (no AI)',
  provider: 'Chat Sessions',
  context_window: 8_192,
};

describe('GET /assistants/models', () => {
  let dir: string;
  let server: TestApp | undefined;
  beforeAll(async () => {
    dir = await temporaryDir();
  });
  afterEach(async () => {
    await server?.stop();
    server = undefined;
  });
  afterAll(() => rm(dir, { recursive: true }));

  const file = async (content: string): Promise<string> => {
    const path = join(dir, 'assistants.json');
    await writeFile(path, content);
    return path;
  };
  const modelsOf = async (env: Environment): Promise<AssistantModel[]> => {
    server = await startTestApp({ env });
    const me = await server.newUser();
    const answer = await me.call<AssistantModel[]>('GET', '/assistants/models');
    expect(answer.status).toBe(200);
    return answer.body;
  };

  it('asks for a token', async () => {
    server = await startTestApp();
    const answer = await server.anonymous.call('GET', '/assistants/models');
    expectProblem(answer, 401, 'authentication-required');
  });

  it('lists the built-in guide as the default where nothing is configured', async () => {
    expect(await modelsOf({})).toEqual([{ ...GUIDE, is_default: true }]);
    const registry = server!.app.get(ModelRegistry);
    expect(registry.resolve(null)).toBe(registry.resolve('builtin/guide'));
    expect(registry.resolve('openai/gpt-5.5')).toBeUndefined();
  });

  it('lists what is configured before the guide, and never a key or an address', async () => {
    const path = await file(
      JSON.stringify([
        {
          id: 'local',
          name: 'This machine',
          base_url: 'http://models.internal.invalid:11434/v1',
          api_key_env: 'LOCAL_KEY',
          models: [{ id: 'org/tiny:1b', name: 'Tiny', context_window: 4096 }],
        },
      ]),
    );
    const models = await modelsOf({
      ANTHROPIC_API_KEY: 'sk-secret-a',
      ANTHROPIC_MODELS: 'claude-haiku-4-5',
      ASSISTANTS_FILE: path,
      LOCAL_KEY: 'sk-secret-b',
      DEFAULT_MODEL: 'local/org/tiny:1b',
    });
    expect(models).toEqual([
      {
        id: 'anthropic/claude-haiku-4-5',
        name: 'Claude Haiku 4.5',
        provider: 'Anthropic',
        context_window: 200_000,
        is_default: false,
      },
      {
        id: 'local/org/tiny:1b',
        name: 'Tiny',
        provider: 'This machine',
        context_window: 4_096,
        is_default: true,
      },
      { ...GUIDE, is_default: false },
    ]);
    expect(JSON.stringify(models)).not.toMatch(/secret|internal|http/);
    expect(server!.app.get(ModelRegistry).resolve(null)?.name).toBe('org/tiny:1b');
  });

  it('accepts the file that the guide shows as an example', async () => {
    const example = /```json\n([^`]+)```/.exec(GUIDE_TEXT)?.[1] ?? '';
    const models = await modelsOf({ ASSISTANTS_FILE: await file(example) });
    expect(models.map(({ id, is_default }) => [id, is_default])).toEqual([
      ['ollama/llama3.2', true],
      ['builtin/guide', false],
    ]);
  });

  it.each<[variable: string, env: Environment, line: RegExp]>([
    ['DEFAULT_MODEL', { DEFAULT_MODEL: 'openai/none' }, /one of the configured models/],
    ['ASSISTANTS_FILE', { ASSISTANTS_FILE: '/nowhere.json' }, /that this user may read \(ENOENT\)/],
  ])('a bad %s ends the start with one line', async (variable, env, line) => {
    const { code, output } = await refusedStart({ DATA_DIR: dir, ...env });
    expect([code, output.trim().split('\n').length]).toEqual([1, 1]);
    expect(output).toContain(variable);
    expect(output).toMatch(line);
  });
});
