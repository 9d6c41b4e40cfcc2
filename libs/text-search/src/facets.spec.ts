import { facetWord, facetWords, meansModel } from './facets.js';
import { indexText } from './index-words.js';

describe('the facets of an entry', () => {
  it('are words that no text has', () => {
    const words = facetWords({
      role: 'assistant',
      sessionId: 'a1',
      model: 'OpenAI/GPT',
      hasCode: true,
      hasReaction: true,
    });
    expect(words).toEqual([
      '^from:assistant',
      '^session:a1',
      '^model:openai/gpt',
      '^has:code',
      '^has:reaction',
    ]);
    const ofTheirText = new Set(words.flatMap((word) => indexText(word).words));
    expect(words.filter((word) => ofTheirText.has(word))).toEqual([]);
  });

  it.each(['openai/gpt-5.5', 'openai', 'gpt', 'gpt-5.5', '5.5'])(
    'mean a model by %s, its beginning, its end or its name',
    (value) => {
      expect(meansModel(value, facetWord.model('openai/gpt-5.5'))).toBe(true);
      expect(meansModel(value, facetWord.model('other/claude'))).toBe(false);
    },
  );
});
