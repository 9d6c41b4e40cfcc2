import { array, assert, constantFrom, oneof, property, string } from 'fast-check';
import { isEmptyQuery, parseQuery, QUERY_LIMITS, type QueryTerm } from './query.js';

const written = (terms: readonly QueryTerm[]): string[] =>
  terms.map(({ units, quoted }) => {
    const text = units.map((unit) => unit.text).join(' ');
    return quoted ? `"${text}"` : text;
  });

describe('a query', () => {
  it('is words, phrases and what to leave out', () => {
    const query = parseQuery('Été "New York" -rain -"heavy snow" 東京');
    expect(written(query.terms)).toEqual(['ete', '"new york"', '東 京']);
    expect(written(query.excluded)).toEqual(['rain', '"heavy snow"']);
    expect(query.operators).toEqual([]);
  });

  it.each([
    ['from:user', { name: 'from', role: 'user' }],
    ['FROM:Assistant', { name: 'from', role: 'assistant' }],
    ['model:GPT-5.5', { name: 'model', value: 'gpt-5.5' }],
    ['in:Été', { name: 'in', value: 'ete' }],
    ['in:"My  Work"', { name: 'in', value: 'my work' }],
    ['tag:a/b', { name: 'tag', value: 'a/b' }],
    ['tag:“two words”', { name: 'tag', value: 'two words' }],
    ['before:2024-02-29', { name: 'before', day: Date.UTC(2024, 1, 29) }],
    ['after:2024-12-31', { name: 'after', day: Date.UTC(2024, 11, 31) }],
    ['has:code', { name: 'has', feature: 'code' }],
    ['has:reaction', { name: 'has', feature: 'reaction' }],
    ['is:pinned', { name: 'is', state: 'pinned' }],
    ['is:archived', { name: 'is', state: 'archived' }],
    ['is:deleted', { name: 'is', state: 'deleted' }],
  ])('reads %s', (text, operator) => {
    expect(parseQuery(text)).toEqual({
      terms: [],
      excluded: [],
      operators: [{ ...operator, negated: false }],
    });
    expect(parseQuery(`-${text}`).operators).toEqual([{ ...operator, negated: true }]);
  });

  it.each([
    ['color:red', ['color red']],
    ['from:bob', ['from bob']],
    ['before:2023-02-29', ['before 2023 02 29']],
    ['before:yesterday', ['before yesterday']],
    ['after:2024-13-01', ['after 2024 13 01']],
    ['after:99999-01-01', ['after 99999 01 01']],
    ['has:cheese', ['has cheese']],
    ['is:', ['is']],
    ['in:""', ['in']],
    ['http://example.org', ['http example org']],
    ['"from:user"', ['"from user"']],
    ['is:"red', ['is red']],
    ['date:"x"', ['date', '"x"']],
  ])('takes %s for words', (text, terms) => {
    const query = parseQuery(text);
    expect(written(query.terms)).toEqual(terms);
    expect(query.operators).toEqual([]);
  });

  it('closes quotation marks at the end', () => {
    expect(written(parseQuery('"never closed').terms)).toEqual(['"never closed"']);
    expect(written(parseQuery('a "').terms)).toEqual(['a']);
    expect(written(parseQuery('-"').excluded)).toEqual([]);
  });

  it('leaves out only what has one minus right before it', () => {
    const query = parseQuery('--watch - well-known -x');
    expect(written(query.terms)).toEqual(['watch', 'well known']);
    expect(written(query.excluded)).toEqual(['x']);
  });

  it('is empty where nothing is asked for', () => {
    for (const text of ['', '   ', '"" - -- !!! "..."']) {
      expect(isEmptyQuery(parseQuery(text))).toBe(true);
    }
    expect(isEmptyQuery(parseQuery('-x'))).toBe(false);
  });

  it('knows which characters touch', () => {
    const [term] = parseQuery('"東京 塔"').terms;
    expect(term?.units.map(({ touches }) => touches)).toEqual([false, true, false]);
  });

  it('counts the same word once and no more than its limits', () => {
    expect(parseQuery('a A á').terms).toHaveLength(1);
    const words = Array.from({ length: 100 }, (_, i) => `w${i}`).join(' ');
    expect(parseQuery(words).terms).toHaveLength(QUERY_LIMITS.terms);
    const [long] = parseQuery('漢'.repeat(10_000)).terms;
    expect(long?.units).toHaveLength(QUERY_LIMITS.units);
    const operators = Array.from({ length: 100 }, (_, i) => `tag:t${i}`).join(' ');
    expect(parseQuery(operators).operators).toHaveLength(QUERY_LIMITS.operators);
  });

  it('is read from anything without failing', () => {
    const pieces = oneof(
      string({ unit: 'binary', maxLength: 8 }),
      constantFrom('"', '-', ':', ' ', 'from:', 'in:"', 'before:', 'is:pinned', '-"', '東京', '\\'),
    );
    assert(
      property(array(pieces, { maxLength: 20 }), (parts) => {
        const { terms, excluded } = parseQuery(parts.join(''));
        for (const { units } of [...terms, ...excluded]) expect(units.length).toBeGreaterThan(0);
      }),
      { numRuns: 2_000 },
    );
  });

  it('takes no longer than it is long', () => {
    const hostile = ['"', '-', '-"', 'in:"', 'a:', '"-a" ', '(a+)+$', '東', 'in:', ' '].map(
      (part) => part.repeat(10_000 / part.length),
    );
    const began = Date.now();
    for (const text of hostile) parseQuery(text);
    expect(Date.now() - began).toBeLessThan(1_000);
  });
});
