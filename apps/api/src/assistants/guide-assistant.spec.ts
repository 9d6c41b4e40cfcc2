import type { AssistantDelta, PromptTurn } from './assistant.port.js';
import { GuideAssistant } from './guide-assistant.js';
import { GUIDE_AGAIN_TEXT, GUIDE_TEXT } from './guide-text.js';

describe('the built-in guide', () => {
  const question: PromptTurn = { role: 'user', content: 'What is the capital of France?' };
  const ask = async (...turns: PromptTurn[]): Promise<AssistantDelta[]> => {
    const deltas: AssistantDelta[] = [];
    const answer = new GuideAssistant(0).stream(
      { model: 'guide', turns },
      new AbortController().signal,
    );
    for await (const delta of answer) deltas.push(delta);
    return deltas;
  };
  const spoken = (deltas: AssistantDelta[]): string =>
    deltas.map((delta) => (delta.type === 'text' ? delta.text : '')).join('');

  it('says at once that it is no AI, in many small pieces, and ends properly', async () => {
    const deltas = await ask(question);
    expect(spoken(deltas)).toBe(GUIDE_TEXT);
    expect(GUIDE_TEXT.slice(0, 60)).toMatch(/built-in guide, not an AI/);
    expect(deltas.length).toBeGreaterThan(200);
    expect(deltas.at(-1)).toEqual({ type: 'finish', reason: 'stop' });
  });

  it.each(['OPENAI_API_KEY', 'ANTHROPIC_API_KEY', 'ASSISTANTS_FILE', 'DEFAULT_MODEL'])(
    'names %s',
    (variable) => expect(GUIDE_TEXT).toContain(`\`${variable}\``),
  );

  it.each([
    ['a table', /^\| --- \| --- \|$/m],
    ['code', /^```python$/m],
    ['open and closed tasks', /^- \[x\] .+\n- \[ \] /m],
    ['a formula in a line', /\$e\^.+\$/],
    ['a formula on its own', /^\$\$\n.+\n\$\$$/m],
    ['a diagram', /^```mermaid\n/m],
  ])('shows %s', (_, pattern) => expect(GUIDE_TEXT).toMatch(pattern));

  it('goes on from every partial answer to exactly the same text', async () => {
    for (let length = 1; length <= GUIDE_TEXT.length; length += 7) {
      const partial = GUIDE_TEXT.slice(0, length);
      const deltas = await ask(question, { role: 'assistant', content: partial });
      expect(partial + spoken(deltas)).toBe(GUIDE_TEXT);
    }
  });

  it('is brief once it has answered before', async () => {
    const before: PromptTurn[] = [question, { role: 'assistant', content: GUIDE_TEXT }];
    expect(spoken(await ask(...before, question))).toBe(GUIDE_AGAIN_TEXT);
    const partial = GUIDE_AGAIN_TEXT.slice(0, 20);
    const rest = await ask(...before, question, { role: 'assistant', content: partial });
    expect(partial + spoken(rest)).toBe(GUIDE_AGAIN_TEXT);
  });

  it('answers anew behind a beginning that is not its own', async () => {
    const deltas = await ask(question, { role: 'assistant', content: 'Paris.' });
    expect(spoken(deltas)).toBe(`\n\n${GUIDE_TEXT}`);
  });

  it.each([0, 60_000])(
    'ends with an AbortError when it is stopped at a pace of %i ms',
    async (pace) => {
      const stop = new AbortController();
      const answer = new GuideAssistant(pace).stream(
        { model: 'guide', turns: [question] },
        stop.signal,
      );
      const next = answer[Symbol.asyncIterator]();
      if (pace === 0) expect(await next.next()).toMatchObject({ done: false });
      const waiting = pace === 0 ? undefined : next.next();
      stop.abort();
      await expect(waiting ?? next.next()).rejects.toMatchObject({ name: 'AbortError' });
    },
  );
});
