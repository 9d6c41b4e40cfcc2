import { ClientGone } from './exchange.js';
import { monotonicMs } from './monotonic-clock.js';
import { startScriptedProvider, type ScriptedProvider } from './provider.js';
import { BURST_TEXT, SCENARIOS, STEADY_TEXT } from './scenarios.js';
import { MULTI_BYTE, PROSE, TECHNICAL_ANSWER, THOUGHTS } from './texts.js';

interface OpenAiChunk {
  readonly choices: readonly {
    readonly delta: { readonly content?: string; readonly reasoning_content?: string };
    readonly finish_reason: string | null;
  }[];
  readonly usage?: { readonly prompt_tokens: number; readonly completion_tokens: number };
}
interface AnthropicEvent {
  readonly type: string;
  readonly index?: number;
  readonly delta?: {
    readonly text?: string;
    readonly thinking?: string;
    readonly stop_reason?: string;
  };
}

describe('the scripted provider', () => {
  let provider: ScriptedProvider;
  beforeAll(async () => {
    provider = await startScriptedProvider();
  });
  afterAll(() => provider.stop());

  const post = (path: string, body: object, signal?: AbortSignal): Promise<Response> =>
    fetch(`${provider.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer a-key' },
      body: JSON.stringify(body),
      ...(signal === undefined ? {} : { signal }),
    });
  const ask = (model: string, turns: object[] = [{ role: 'user', content: 'Tell me.' }]) =>
    post('/v1/chat/completions', {
      model,
      stream: true,
      stream_options: { include_usage: true },
      messages: turns,
    });
  const frames = (text: string): string[] =>
    text
      .split('\n\n')
      .filter((frame) => frame !== '')
      .map((frame) => /^data: (.*)$/m.exec(frame)?.[1] ?? '');
  const chunks = async (response: Response): Promise<OpenAiChunk[]> => {
    const all = frames(await response.text());
    expect(all.pop()).toBe('[DONE]');
    return all.map((data) => JSON.parse(data) as OpenAiChunk);
  };
  const spoken = (all: OpenAiChunk[]): string =>
    all.map(({ choices: [choice] }) => choice?.delta.content ?? '').join('');

  it.each([
    ['fast', PROSE],
    ['fast@2', PROSE],
    ['one-byte', PROSE],
    ['split-utf8', MULTI_BYTE],
    ['reasoning', PROSE],
    ['markdown', TECHNICAL_ANSWER],
    ['burst-500', BURST_TEXT],
    ['echo', 'Tell me.'],
  ])('says the whole text of %s in chat completion chunks', async (model, text) => {
    const all = await chunks(await ask(model));
    expect(spoken(all)).toBe(text);
    expect(all.at(-2)?.choices[0]?.finish_reason).toBe('stop');
    expect(all.at(-1)?.usage).toEqual({
      prompt_tokens: 2,
      completion_tokens: expect.any(Number) as number,
      total_tokens: expect.any(Number) as number,
    });
  });

  it('cuts burst-500 into 500 events of 20,000 characters together', async () => {
    await (await ask('burst-500')).text();
    expect(provider.requests.at(-1)?.sent).toHaveLength(500);
    expect(BURST_TEXT).toHaveLength(20_000);
  });

  it('thinks before it speaks where the scenario is reasoning', async () => {
    const all = await chunks(await ask('reasoning'));
    const thought = all.map(({ choices: [choice] }) => choice?.delta.reasoning_content ?? '');
    expect(thought.join('')).toBe(THOUGHTS);
  });

  it('splits multi-byte characters over network chunks', async () => {
    const { body } = await ask('split-utf8');
    let broken = 0;
    for await (const bytes of body as unknown as AsyncIterable<Uint8Array>) {
      if (Buffer.from(bytes).toString('utf8').includes('\uFFFD')) broken += 1;
    }
    expect(broken).toBeGreaterThan(0);
  });

  it('speaks Anthropic messages with thinking in a block of its own', async () => {
    const response = await post('/v1/messages', {
      model: 'reasoning',
      stream: true,
      system: 'Be brief.',
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Tell me.' }] }],
    });
    const events = frames(await response.text()).map((data) => JSON.parse(data) as AnthropicEvent);
    expect(events.map(({ delta }) => delta?.text ?? '').join('')).toBe(PROSE);
    expect(events.map(({ delta }) => delta?.thinking ?? '').join('')).toBe(THOUGHTS);
    const kinds = events.map(({ type }) => type).filter((type) => type !== 'content_block_delta');
    expect(kinds).toEqual([
      'message_start',
      'ping',
      'content_block_start',
      'content_block_stop',
      'content_block_start',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
    expect(provider.requests.at(-1)?.question).toEqual({
      model: 'reasoning',
      system: 'Be brief.',
      turns: [{ role: 'user', content: 'Tell me.' }],
      stream: true,
    });
  });

  it('answers in one piece where no stream was asked for', async () => {
    const messages = [{ role: 'user', content: 'Tell me.' }];
    const openAi = await post('/v1/chat/completions', { model: 'fast', messages });
    expect(await openAi.json()).toMatchObject({
      choices: [{ message: { role: 'assistant', content: PROSE }, finish_reason: 'stop' }],
    });
    const anthropic = await post('/v1/messages', { model: 'length', messages });
    expect(await anthropic.json()).toMatchObject({ type: 'message', stop_reason: 'max_tokens' });
  });

  it.each([
    ['unauthorized', 401],
    ['missing', 404],
    ['no-such-scenario', 404],
    ['rate-limited', 429],
    ['failing', 500],
    ['refusing', 400],
  ])('answers %s with %i', async (model, status) => {
    const response = await ask(model);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({
      error: { message: expect.any(String) as string },
    });
  });

  it.each([
    ['failing-once', 500],
    ['rate-limited-once', 429],
  ])('answers %s the first time only', async (model, status) => {
    const turns = [{ role: 'user', content: `Ask ${model} twice.` }];
    expect((await ask(model, turns)).status).toBe(status);
    expect(spoken(await chunks(await ask(model, turns)))).toBe(PROSE);
    expect(provider.requests.at(-1)?.attempt).toBe(2);
  });

  it('goes on from a partial answer', async () => {
    const partial = PROSE.slice(0, 31);
    const prefilled = [
      { role: 'user', content: 'Tell me.' },
      { role: 'assistant', content: partial },
    ];
    const told = [...prefilled, { role: 'user', content: 'Continue your last message.' }];
    for (const model of ['fast', 'broken', 'length', 'filtered', 'truncated']) {
      expect(partial + spoken(await chunks(await ask(model, prefilled)))).toBe(PROSE);
      expect(partial + spoken(await chunks(await ask(model, told)))).toBe(PROSE);
    }
  });

  it('begins anew where the next question follows a partial answer', async () => {
    const turns = [
      { role: 'user', content: 'Tell me.' },
      { role: 'assistant', content: PROSE.slice(0, 31) },
      { role: 'user', content: 'Something else.' },
    ];
    expect(spoken(await chunks(await ask('fast', turns)))).toBe(PROSE);
  });

  it.each([
    ['length', 'length'],
    ['filtered', 'content_filter'],
  ])('ends %s half-way with the reason %s', async (model, reason) => {
    const all = await chunks(await ask(model));
    expect(PROSE.startsWith(spoken(all))).toBe(true);
    expect(all.at(-2)?.choices[0]?.finish_reason).toBe(reason);
  });

  it('cuts the connection of broken and does not take it for a client that left', async () => {
    await expect((await ask('broken')).text()).rejects.toThrow();
    await provider.requests.at(-1)?.closed;
    expect(provider.requests.at(-1)?.aborted).toBe(false);
  });

  it.each(['silent', 'hanging', 'steady'])('notices that the client of %s left', async (model) => {
    const leave = new AbortController();
    const known = provider.requests.length;
    const asked = post(
      '/v1/chat/completions',
      { model, stream: true, messages: [] },
      leave.signal,
    ).then((response) => response.text());
    const request = await provider.waitForRequest((one) => provider.requests.indexOf(one) >= known);
    leave.abort();
    await expect(asked).rejects.toThrow();
    await request.closed;
    expect(request.aborted).toBe(true);
  });

  it('lets a test hold an answer, piece by piece, and tells when each piece left', async () => {
    let goOn: () => void = () => undefined;
    const held = new Promise<void>((settle) => (goOn = settle));
    provider.script('mine', async (exchange) => {
      await exchange.say('first ');
      await held;
      await exchange.say('second');
      await exchange.finish();
    });
    const before = monotonicMs();
    const response = await ask('mine');
    const request = provider.requests.at(-1);
    expect(request?.sent.map(({ text }) => text)).toEqual(['first ']);
    goOn();
    expect(spoken(await chunks(response))).toBe('first second');
    const times = request?.sent.map(({ atMs }) => atMs) ?? [];
    expect(times).toHaveLength(2);
    expect([before, ...times]).toEqual([before, ...times].sort((one, other) => one - other));
  });

  it('ends a script whose client has left', async () => {
    const ended = new Promise<unknown>((settle) => {
      provider.script('endless', async (exchange) => {
        try {
          for (;;) {
            await exchange.say('again ');
            await exchange.pause(1);
          }
        } catch (error) {
          settle(error);
          throw error;
        }
      });
    });
    const leave = new AbortController();
    const response = await post(
      '/v1/chat/completions',
      { model: 'endless', stream: true, messages: [] },
      leave.signal,
    );
    expect(response.status).toBe(200);
    leave.abort();
    expect(await ended).toBeInstanceOf(ClientGone);
  });

  it('refuses another key where it was given one', async () => {
    const strict = await startScriptedProvider({ apiKey: 'the-right-one' });
    const response = await fetch(`${strict.openAiBaseUrl}/chat/completions`, {
      method: 'POST',
      headers: { authorization: 'Bearer another' },
      body: JSON.stringify({ model: 'fast', messages: [] }),
    });
    expect(response.status).toBe(401);
    await strict.stop();
  });

  it('says 200 numbered words in steady and knows its scenarios by name', () => {
    expect(STEADY_TEXT.trim().split(' ')).toHaveLength(200);
    expect(Object.keys(SCENARIOS)).toContain('very-long');
  });

  it('says more than a million characters in very-long', async () => {
    const all = await chunks(await ask('very-long'));
    expect(spoken(all).length).toBe(1_200_000);
  });
});
