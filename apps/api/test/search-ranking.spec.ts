import type { SearchResult } from '@chat/shared-types';
import type { ApiClient } from './support/api-client.js';
import { measureRanking } from './support/ranking-measure.js';
import { CORPUS, QUERIES, type LabelledQuery } from './support/search-corpus.js';
import { startTestApp, type TestApp } from './support/test-app.js';

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

describe('the labelled search set', () => {
  let server: TestApp;
  let me: ApiClient;
  /** From what a result names to the key of its text. */
  const keys = new Map<string, string>();

  beforeAll(async () => {
    server = await startTestApp();
    me = await server.newUser();
    for (const { key, title, messages } of CORPUS) {
      const { _id } = await me.createSession(title);
      keys.set(_id, key);
      for (const { key: messageKey, text } of messages) {
        keys.set((await me.send(_id, text))._id, messageKey);
      }
    }
  });
  afterAll(() => server.stop());

  async function ranking({ q }: LabelledQuery): Promise<string[]> {
    const path = `/chat/search?q=${encodeURIComponent(q)}&limit=20`;
    const { status, body } = await me.call<SearchResult[]>('GET', path);
    expect(status).toBe(200);
    return body.map(
      ({ message_id, session_id }) => keys.get(message_id ?? session_id) ?? 'unknown',
    );
  }

  it('has at least 60 queries in 8 languages, each about texts that there are', () => {
    expect(QUERIES.length).toBeGreaterThanOrEqual(60);
    expect(new Set(QUERIES.map(({ language }) => language)).size).toBeGreaterThanOrEqual(8);
    const known = new Set(keys.values());
    const named = QUERIES.flatMap(({ relevant }) => Object.keys(relevant));
    expect(named.filter((key) => !known.has(key))).toEqual([]);
  });

  it('is ranked well, in every language', async () => {
    const rows: { language: string; q: string; ndcg10: number; reciprocalRank: number }[] = [];
    for (const query of QUERIES) {
      const found = await ranking(query);
      rows.push({
        language: query.language,
        q: query.q,
        ...measureRanking(found, query.relevant),
      });
    }
    const languages = [...new Set(rows.map(({ language }) => language))];
    const lines = languages.map((language) => {
      const of = rows.filter((row) => row.language === language);
      const ndcg = mean(of.map(({ ndcg10 }) => ndcg10));
      const rank = mean(of.map(({ reciprocalRank }) => reciprocalRank));
      return `${language.padEnd(10)} ${String(of.length).padStart(3)}  ${ndcg.toFixed(3)}   ${rank.toFixed(3)}`;
    });
    const ndcg = mean(rows.map(({ ndcg10 }) => ndcg10));
    const mrr = mean(rows.map(({ reciprocalRank }) => reciprocalRank));
    const imperfect = rows
      .filter(({ ndcg10 }) => ndcg10 < 1)
      .map((row) => `  ${row.ndcg10.toFixed(3)}  ${row.q}`);
    process.stdout.write(
      [
        `Ranking of ${rows.length} labelled queries: nDCG@10 ${ndcg.toFixed(3)}, MRR ${mrr.toFixed(3)}`,
        'language   queries nDCG@10  MRR',
        ...lines,
        'below 1:',
        ...imperfect,
        '',
      ].join('\n'),
    );
    expect(ndcg).toBeGreaterThanOrEqual(0.95);
    expect(mrr).toBeGreaterThanOrEqual(0.95);
    for (const language of languages) {
      const of = rows.filter((row) => row.language === language);
      expect(mean(of.map(({ ndcg10 }) => ndcg10))).toBeGreaterThanOrEqual(0.85);
    }
  });

  it('is measured by what tells a bad ranking from a good one', () => {
    const grades = { a: 3, b: 1 };
    expect(measureRanking(['a', 'b'], grades)).toEqual({ ndcg10: 1, reciprocalRank: 1 });
    expect(measureRanking(['b', 'a'], grades).ndcg10).toBeCloseTo(0.71, 2);
    expect(measureRanking(['x', 'a'], grades).reciprocalRank).toBe(0.5);
    expect(measureRanking([], grades)).toEqual({ ndcg10: 0, reciprocalRank: 0 });
    expect(measureRanking(['x'], {})).toEqual({ ndcg10: 0, reciprocalRank: 0 });
  });
});
