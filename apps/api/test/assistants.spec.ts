import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import {
  MULTI_BYTE,
  PROSE,
  startScriptedProvider,
  THOUGHTS,
  type ReceivedRequest,
  type ScriptedProvider,
} from '@chat/scripted-provider';
import {
  AssistantError,
  type AssistantDelta,
  type Prompt,
  type PromptTurn,
} from '../src/assistants/assistant.port.js';
import { ProviderAssistant, type RetryPolicy } from '../src/assistants/provider-assistant.js';
import { providerClient } from '../src/assistants/provider-clients.js';
import type { ProviderProtocol } from '../src/config/assistants-settings.js';

const KEY = 'sk-test-0123456789-do-not-tell';
const QUICK: RetryPolicy = { retries: 2, baseDelayMs: 1, longestDelayMs: 2_000 };
const PROTOCOLS: readonly ProviderProtocol[] = ['openai', 'anthropic', 'openai-compatible'];

describe.each(PROTOCOLS)('an assistant that speaks %s', (protocol) => {
  let provider: ScriptedProvider;
  let asked = 0;
  const surprises: unknown[] = [];
  const surprise = (reason: unknown): void => void surprises.push(reason);

  beforeAll(async () => {
    provider = await startScriptedProvider({ apiKey: KEY });
    process.on('unhandledRejection', surprise);
  });
  afterAll(async () => {
    await provider.stop();
    process.off('unhandledRejection', surprise);
    expect(surprises).toEqual([]);
  });

  const assistant = (options: { baseUrl?: string; apiKey?: string; policy?: RetryPolicy } = {}) => {
    const { baseUrl = provider.openAiBaseUrl, apiKey = KEY, policy = QUICK } = options;
    const client = providerClient({
      id: 'mine',
      name: 'Mine',
      protocol,
      baseUrl,
      apiKey,
      models: [],
    });
    return new ProviderAssistant(client, policy);
  };
  /** Asks what nobody asked before, so that scenarios that count attempts count these alone. */
  const promptFor = (model: string, ...turns: PromptTurn[]): Prompt => {
    asked += 1;
    return { model, turns: [{ role: 'user', content: `Question ${asked}` }, ...turns] };
  };
  const ask = async (
    prompt: Prompt,
    from = assistant(),
    signal = new AbortController().signal,
  ): Promise<{ deltas: AssistantDelta[]; text: string; error?: AssistantError }> => {
    const deltas: AssistantDelta[] = [];
    let error: unknown;
    try {
      for await (const delta of from.stream(prompt, signal)) deltas.push(delta);
    } catch (thrown) {
      error = thrown;
    }
    const text = deltas.map((delta) => (delta.type === 'text' ? delta.text : '')).join('');
    return error === undefined
      ? { deltas, text }
      : { deltas, text, error: error as AssistantError };
  };
  const requestsOf = ({ turns: [first] }: Prompt): ReceivedRequest[] =>
    provider.requests.filter(({ question }) => question.turns[0]?.content === first?.content);

  it.each([
    ['fast', PROSE],
    ['one-byte', PROSE],
    ['split-utf8', MULTI_BYTE],
  ])(
    'yields every word of %s and then its end',
    async (model, text) => {
      const answer = await ask(promptFor(model));
      expect(answer.error).toBeUndefined();
      expect(answer.text).toBe(text);
      expect(answer.deltas.at(-1)).toEqual({ type: 'finish', reason: 'stop' });
      expect(answer.deltas.filter(({ type }) => type === 'finish')).toHaveLength(1);
    },
    20_000,
  );

  it('yields a piece while the provider is still silent about the next', async () => {
    let goOn: () => void = () => undefined;
    const held = new Promise<void>((settle) => (goOn = settle));
    provider.script('held', async (exchange) => {
      await exchange.say('one ');
      await held;
      await exchange.say('two');
      await exchange.finish();
    });
    const deltas: AssistantDelta[] = [];
    for await (const delta of assistant().stream(promptFor('held'), new AbortController().signal)) {
      deltas.push(delta);
      goOn();
    }
    expect(deltas.slice(0, 2)).toEqual([
      { type: 'text', text: 'one ' },
      { type: 'text', text: 'two' },
    ]);
  });

  it('tells the tokens that the provider counted, right before the end', async () => {
    const { deltas } = await ask(promptFor('usage'));
    expect(deltas.slice(-2)).toEqual([
      {
        type: 'usage',
        usage: { input_tokens: expect.any(Number) as number, output_tokens: 4 },
      },
      { type: 'finish', reason: 'stop' },
    ]);
  });

  it('ends with the reason length where the model reached its limit', async () => {
    const { deltas, text } = await ask(promptFor('length'));
    expect(PROSE.startsWith(text)).toBe(true);
    expect(deltas.at(-1)).toEqual({ type: 'finish', reason: 'length' });
  });

  it('keeps up with an answer of more than a million characters', async () => {
    const { text, error } = await ask(promptFor('very-long'));
    expect([text.length, error]).toEqual([1_200_000, undefined]);
  });

  it('yields thoughts apart from the text, where the protocol tells them', async () => {
    const { deltas, text } = await ask(promptFor('reasoning'));
    const thoughts = deltas.map((delta) => (delta.type === 'reasoning' ? delta.text : '')).join('');
    // OpenAI's own chat completions keep to themselves what a model thinks.
    expect([thoughts, text]).toEqual([protocol === 'openai' ? '' : THOUGHTS, PROSE]);
  });

  it('sends the system prompt, the turns, the key and the limit', async () => {
    const prompt = {
      ...promptFor(
        'fast',
        { role: 'assistant', content: 'Yes?' },
        { role: 'user', content: 'Go.' },
      ),
      system: 'You are brief.',
      maxOutputTokens: 77,
    };
    await ask(prompt);
    const [{ question, headers, body } = {} as ReceivedRequest] = requestsOf(prompt);
    expect(question).toEqual({
      model: 'fast',
      system: 'You are brief.',
      turns: prompt.turns,
      stream: true,
    });
    expect(body).toMatchObject({ max_tokens: 77 });
    expect([headers.authorization, headers['x-api-key']]).toEqual(
      protocol === 'anthropic' ? [undefined, KEY] : [`Bearer ${KEY}`, undefined],
    );
  });

  it('goes on from a partial answer', async () => {
    const partial = PROSE.slice(0, 42);
    const prompt = promptFor('fast', { role: 'assistant', content: partial });
    const { text } = await ask(prompt);
    expect(partial + text).toBe(PROSE);
    const last = requestsOf(prompt)[0]?.question.turns.at(-1);
    expect(last?.role).toBe(protocol === 'openai-compatible' ? 'assistant' : 'user');
  });

  it('takes an end without a word for an end, where it goes on from a partial answer', async () => {
    const { deltas, error } = await ask(promptFor('empty', { role: 'assistant', content: 'All.' }));
    expect([deltas.at(-1), error]).toEqual([{ type: 'finish', reason: 'stop' }, undefined]);
  });

  it.each<[model: string, code: string, requests: number]>([
    ['unauthorized', 'provider-key-refused', 1],
    ['missing', 'provider-model-missing', 1],
    ['rate-limited', 'provider-rate-limited', 1],
    ['failing', 'provider-failed', 3],
    ['refusing', 'provider-request-refused', 1],
    ['empty', 'reply-empty', 1],
    ['garbage', 'provider-failed', 1],
  ])('fails for %s with %s after %i request(s)', async (model, code, requests) => {
    const prompt = promptFor(model);
    const { deltas, error } = await ask(prompt);
    expect(error).toBeInstanceOf(AssistantError);
    expect(error?.code).toBe(code);
    expect(deltas.filter(({ type }) => type === 'text')).toEqual([]);
    expect(requestsOf(prompt)).toHaveLength(requests);
  });

  it.each([
    ['broken', 'provider-stream-broken'],
    ['truncated', 'provider-stream-broken'],
    ['malformed', 'provider-failed'],
    ['filtered', 'reply-filtered'],
  ])('yields what came before %s failed with %s, and does not ask again', async (model, code) => {
    const prompt = promptFor(model);
    const { text, error, deltas } = await ask(prompt);
    expect(error?.code).toBe(code);
    expect(text.length).toBeGreaterThan(50);
    expect(PROSE.startsWith(text)).toBe(true);
    expect(deltas.some(({ type }) => type === 'finish')).toBe(false);
    expect(requestsOf(prompt)).toHaveLength(1);
  });

  it('lets a slow reader have every word that arrived before the connection broke', async () => {
    const prompt = promptFor('broken');
    let text = '';
    const reading = async (): Promise<void> => {
      for await (const delta of assistant().stream(prompt, new AbortController().signal)) {
        if (text === '') await requestsOf(prompt)[0]?.closed;
        if (delta.type === 'text') text += delta.text;
        await setImmediate();
      }
    };
    await expect(reading()).rejects.toMatchObject({ code: 'provider-stream-broken' });
    const sent = requestsOf(prompt)[0]
      ?.sent.map((piece) => piece.text)
      .join('');
    expect(text).toBe(sent);
  });

  it.each(['failing-once', 'rate-limited-once'])('answers %s at the second try', async (model) => {
    const prompt = promptFor(model);
    const { text, error } = await ask(prompt);
    expect([text, error]).toEqual([PROSE, undefined]);
    const [first, second] = requestsOf(prompt);
    expect(second?.attempt).toBe(2);
    const waitedMs = (second?.atMs ?? 0) - (first?.atMs ?? 0);
    if (model === 'rate-limited-once') expect(waitedMs).toBeGreaterThanOrEqual(990);
  });

  it('waits longer before each repetition', async () => {
    const prompt = promptFor('failing');
    await ask(prompt, assistant({ policy: { ...QUICK, baseDelayMs: 100 } }));
    const [first = 0, second = 0, third = 0] = requestsOf(prompt).map(({ atMs }) => atMs);
    // Half of a delay is random.
    expect(second - first).toBeGreaterThanOrEqual(49);
    expect(third - second).toBeGreaterThanOrEqual(99);
  });

  it('says how long to wait where the provider asks for more patience than it has', async () => {
    const { error } = await ask(promptFor('rate-limited'));
    expect(error?.detail).toBe('Too much was asked of this model. Wait 30 s, then retry.');
  });

  it('repeats what the provider says about a conversation that it refuses', async () => {
    const { error } = await ask(promptFor('refusing'));
    expect(error?.detail).toMatch(/It says: "The conversation is too long for this model/);
  });

  it.each(['unauthorized', 'refusing'])(
    'never tells the key where %s repeats it',
    async (model) => {
      const { error } = await ask(promptFor(model));
      const { message, detail, stack, cause } = error!;
      expect(`${message} ${detail ?? ''} ${stack ?? ''} ${JSON.stringify(error)}`).not.toContain(
        KEY,
      );
      expect(cause).toBeUndefined();
    },
  );

  it('fails with provider-key-refused for another key', async () => {
    const { error } = await ask(promptFor('fast'), assistant({ apiKey: 'sk-another' }));
    expect(error?.code).toBe('provider-key-refused');
    expect(error?.message).not.toContain('sk-another');
  });

  it('fails with provider-unreachable where nobody listens', async () => {
    const server = createServer();
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as AddressInfo;
    await new Promise((closed) => server.close(closed));
    const nobody = assistant({ baseUrl: `http://127.0.0.1:${port}/v1` });
    const { error } = await ask(promptFor('fast'), nobody);
    expect(error?.code).toBe('provider-unreachable');
    const nowhere = assistant({ baseUrl: 'http://nowhere.invalid/v1' });
    expect((await ask(promptFor('fast'), nowhere)).error?.code).toBe('provider-unreachable');
  });

  it.each(['silent', 'hanging', 'steady'])(
    'ends %s with an AbortError and closes the connection when it is stopped',
    async (model) => {
      const stop = new AbortController();
      const prompt = promptFor(model);
      const answer = ask(prompt, assistant(), stop.signal);
      const request = await provider.waitForRequest(
        ({ question }) => question.turns[0]?.content === prompt.turns[0]?.content,
      );
      stop.abort();
      expect((await answer).error?.name).toBe('AbortError');
      await request.closed;
      expect(request.aborted).toBe(true);
    },
  );

  it('closes the connection when its reader stops reading', async () => {
    const prompt = promptFor('steady');
    for await (const delta of assistant().stream(prompt, new AbortController().signal)) {
      expect(delta.type).toBe('text');
      break;
    }
    const [request] = requestsOf(prompt);
    await request?.closed;
    expect(request?.aborted).toBe(true);
  });

  it('asks nobody where it was stopped before', async () => {
    const prompt = promptFor('fast');
    const { error } = await ask(prompt, assistant(), AbortSignal.abort());
    expect([error?.name, requestsOf(prompt)]).toEqual(['AbortError', []]);
  });

  it('can be stopped while it waits for the next try', async () => {
    const stop = new AbortController();
    const prompt = promptFor('failing');
    const patient = assistant({ policy: { ...QUICK, baseDelayMs: 60_000 } });
    const answer = ask(prompt, patient, stop.signal);
    const request = await provider.waitForRequest(
      ({ question }) => question.turns[0]?.content === prompt.turns[0]?.content,
    );
    await request.closed;
    stop.abort();
    expect((await answer).error?.name).toBe('AbortError');
    expect(requestsOf(prompt)).toHaveLength(1);
  });

  it('uses connections again that an answer was read from', async () => {
    const ports = new Set<number | undefined>();
    const from = assistant();
    provider.script('counted', async (exchange) => {
      ports.add(exchange.request.remotePort);
      await exchange.say('Yes.');
      await exchange.finish();
    });
    for (let time = 0; time < 8; time += 1) await ask(promptFor('counted'), from);
    // The next question may come before the connection of the last is free again.
    expect(ports.size).toBeLessThanOrEqual(2);
  });
});

describe('an endpoint that refuses a partial answer at the end', () => {
  it('is asked to go on in words instead', async () => {
    const provider = await startScriptedProvider();
    provider.script('strict', async (exchange) => {
      const last = exchange.question.turns.at(-1);
      if (last?.role === 'assistant') await exchange.refuse(400, 'No prefill here.');
      else await exchange.say(exchange.rest(PROSE)).then(() => exchange.finish());
    });
    const client = providerClient({
      id: 'strict',
      name: 'Strict',
      protocol: 'openai-compatible',
      baseUrl: provider.openAiBaseUrl,
      apiKey: undefined,
      models: [],
    });
    const partial = PROSE.slice(0, 20);
    let text = partial;
    const prompt: Prompt = {
      model: 'strict',
      turns: [
        { role: 'user', content: 'Tell me.' },
        { role: 'assistant', content: partial },
      ],
    };
    const answer = new ProviderAssistant(client).stream(prompt, new AbortController().signal);
    for await (const delta of answer) if (delta.type === 'text') text += delta.text;
    expect(text).toBe(PROSE);
    expect(provider.requests).toHaveLength(2);
    expect(provider.requests[0]?.headers.authorization).toBeUndefined();
    await provider.stop();
  });
});
