import { isContinuation, promptMessages } from './prompt-messages.js';

const text = (content: string) => [{ type: 'text', text: content }];

describe('the messages of a prompt', () => {
  it('are the system prompt and the turns', () => {
    const turns = [
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'Hello.' },
      { role: 'user', content: ' Why? ' },
    ] as const;
    expect(promptMessages({ model: 'm', system: 'Be brief.', turns }, 'prefill')).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: text('Hi') },
      { role: 'assistant', content: text('Hello.') },
      { role: 'user', content: text(' Why? ') },
    ]);
  });

  it('leave out turns without a word and join neighbours of one role', () => {
    const turns = [
      { role: 'user', content: 'One' },
      { role: 'assistant', content: '' },
      { role: 'user', content: 'Two' },
      { role: 'assistant', content: ' \n' },
    ] as const;
    const prompt = { model: 'm', system: ' ', turns };
    expect(promptMessages(prompt, 'instruction')).toEqual([
      { role: 'user', content: text('One\n\nTwo') },
    ]);
    expect(isContinuation(prompt)).toBe(false);
  });

  it('end with the partial answer, or with the request to go on with it', () => {
    const turns = [
      { role: 'user', content: 'Why?' },
      { role: 'assistant', content: 'Because ' },
    ] as const;
    const prompt = { model: 'm', turns };
    expect(isContinuation(prompt)).toBe(true);
    expect(promptMessages(prompt, 'prefill').at(-1)).toEqual({
      role: 'assistant',
      content: text('Because '),
    });
    expect(promptMessages(prompt, 'instruction').slice(1)).toEqual([
      { role: 'assistant', content: text('Because ') },
      {
        role: 'user',
        content: text(expect.stringMatching(/^Continue your last message/) as string),
      },
    ]);
  });
});
