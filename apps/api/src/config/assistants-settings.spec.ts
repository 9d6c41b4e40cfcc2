import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, readConfig, type Environment } from './app-config.js';

const OLLAMA = {
  id: 'ollama',
  name: 'Ollama on this machine',
  base_url: 'http://127.0.0.1:11434/v1/',
  models: [{ id: 'llama3.3:70b', name: 'Llama 3.3', context_window: 131_072 }],
};

describe('the settings of assistants', () => {
  let dir: string;
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'assistants-'));
  });
  afterAll(() => {
    rmSync(dir, { recursive: true });
  });

  const file = (content: unknown): string => {
    const path = join(dir, 'assistants.json');
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  };
  const settings = (env: Environment) => readConfig(env).assistants;
  const refusal = (env: Environment): string => {
    try {
      readConfig(env);
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigError);
      return (error as ConfigError).message;
    }
    throw new Error('It was accepted.');
  };

  it('are empty where nothing is configured, and the built-in guide answers', () => {
    expect(settings({})).toEqual({ providers: [], defaultModel: 'builtin/guide' });
  });

  it('hold the models of a provider once its key is set', () => {
    const { providers, defaultModel } = settings({ OPENAI_API_KEY: ' sk-1 ' });
    expect(providers).toEqual([
      {
        id: 'openai',
        name: 'OpenAI',
        protocol: 'openai',
        baseUrl: 'https://api.openai.com/v1',
        apiKey: 'sk-1',
        models: [
          { id: 'gpt-5.5', name: 'GPT-5.5', contextWindow: 1_050_000 },
          { id: 'gpt-5.4-mini', name: 'GPT-5.4 mini', contextWindow: 400_000 },
          { id: 'gpt-4.1', name: 'GPT-4.1', contextWindow: 1_047_576 },
        ],
      },
    ]);
    expect(defaultModel).toBe('openai/gpt-5.5');
  });

  it('take lists of models and addresses as they are given', () => {
    const { providers } = settings({
      ANTHROPIC_API_KEY: 'key',
      ANTHROPIC_BASE_URL: 'https://proxy.example/claude/',
      ANTHROPIC_MODELS: 'claude-haiku-4-5-20251001, of-my-own,of-my-own',
    });
    expect(providers[0]).toMatchObject({
      baseUrl: 'https://proxy.example/claude',
      models: [
        { id: 'claude-haiku-4-5-20251001', contextWindow: 200_000 },
        { id: 'of-my-own', name: 'of-my-own', contextWindow: 8_192 },
      ],
    });
  });

  it('list OpenAI, Anthropic and the file in this order; the first is the default', () => {
    const env = { OPENAI_API_KEY: 'a', ANTHROPIC_API_KEY: 'b', ASSISTANTS_FILE: file([OLLAMA]) };
    const { providers, defaultModel } = settings(env);
    expect(providers.map(({ id }) => id)).toEqual(['openai', 'anthropic', 'ollama']);
    expect(defaultModel).toBe('openai/gpt-5.5');
    expect(settings({ ...env, DEFAULT_MODEL: 'ollama/llama3.3:70b' }).defaultModel).toBe(
      'ollama/llama3.3:70b',
    );
    expect(settings({ ...env, DEFAULT_MODEL: 'builtin/guide' }).defaultModel).toBe('builtin/guide');
  });

  it('read the keys of the file from the variables that it names', () => {
    const env = {
      ASSISTANTS_FILE: file([{ ...OLLAMA, api_key_env: 'MY_KEY' }]),
      MY_KEY: 'secret-1',
    };
    expect(settings(env).providers).toEqual([
      {
        id: 'ollama',
        name: 'Ollama on this machine',
        protocol: 'openai-compatible',
        baseUrl: 'http://127.0.0.1:11434/v1',
        apiKey: 'secret-1',
        models: [{ id: 'llama3.3:70b', name: 'Llama 3.3', contextWindow: 131_072 }],
      },
    ]);
  });

  it('assume a context window of 8192 tokens where the file gives none', () => {
    const models = [{ id: 'tiny', name: 'Tiny' }];
    const { providers } = settings({ ASSISTANTS_FILE: file([{ ...OLLAMA, models }]) });
    expect(providers[0]?.models[0]?.contextWindow).toBe(8_192);
  });

  it.each<[fault: string, content: unknown, line: RegExp]>([
    ['no JSON', '[{]', /its content must be JSON without comments/],
    ['no list', OLLAMA, /its content must be a JSON array of at least one endpoint/],
    ['an empty list', [], /a JSON array of at least one endpoint/],
    ['no object', ['ollama'], /entry 1 must be an object with id, name, base_url/],
    ['an unknown field', [{ ...OLLAMA, api_key: 'sk' }], /entry 1.*"api_key".*with only id, name/],
    ['no id', [{ ...OLLAMA, id: undefined }], /"id" of entry 1 must be 1 to 40 of a-z/],
    ['an id with a slash', [{ ...OLLAMA, id: 'a/b' }], /"id" of entry 1/],
    [
      'a reserved id',
      [{ ...OLLAMA, id: 'openai' }],
      /"id" of entry 1.*another than builtin, openai/,
    ],
    ['an id twice', [OLLAMA, OLLAMA], /"id" of entry 2.*another than "ollama"/],
    ['no name', [{ ...OLLAMA, name: ' ' }], /"name" of entry 1 \("ollama"\).*1 to 80 characters/],
    ['no address', [{ ...OLLAMA, base_url: 'localhost' }], /"base_url" of entry 1 \("ollama"\)/],
    ['a password', [{ ...OLLAMA, base_url: 'http://u:p@h/v1' }], /"base_url".*without a user/],
    [
      'no models',
      [{ ...OLLAMA, models: [] }],
      /"models" of entry 1 \("ollama"\).*at least one model/,
    ],
    [
      'a model as a text',
      [{ ...OLLAMA, models: ['m'] }],
      /model 1 of entry 1 \("ollama"\).*object/,
    ],
    [
      'a model twice',
      [{ ...OLLAMA, models: [...OLLAMA.models, ...OLLAMA.models] }],
      /"id" of their own/,
    ],
    [
      'a window as a text',
      [{ ...OLLAMA, models: [{ id: 'm', name: 'M', context_window: '8k' }] }],
      /"context_window" of model 1 of entry 1 \("ollama"\).*from 256 to/,
    ],
    [
      'a key that is not set',
      [{ ...OLLAMA, api_key_env: 'NOT_SET' }],
      /"api_key_env" of entry 1 \("ollama"\).*\(NOT_SET is not\)/,
    ],
    [
      'a key for a name',
      [{ ...OLLAMA, api_key_env: 'sk-a-real-key' }],
      /the name of an environment variable/,
    ],
  ])('are refused with one line for a file with %s', (_, content, line) => {
    const path = file(content);
    const message = refusal({ ASSISTANTS_FILE: path });
    expect(message).toContain(`ASSISTANTS_FILE "${path}" cannot be used: `);
    expect(message).toMatch(line);
    expect(message).not.toMatch(/\n|sk-a-real-key/);
  });

  it('name the choice where the default model is none of them', () => {
    const env = { ASSISTANTS_FILE: file([OLLAMA]), DEFAULT_MODEL: 'ollama/mistral' };
    expect(refusal(env)).toMatch(
      /DEFAULT_MODEL "ollama\/mistral".*\(ollama\/llama3\.3:70b, builtin\/guide\)/,
    );
  });
});
