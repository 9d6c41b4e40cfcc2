import { WholeCharacters } from './whole-characters.js';

describe('whole characters', () => {
  const join = (...given: string[]): string[] => {
    const characters = new WholeCharacters();
    return [...given.map((piece) => characters.take(piece)), characters.end()];
  };

  it('passes on what is whole at once', () => {
    expect(join('Grüße ', '👋🏽', '')).toEqual(['Grüße ', '👋🏽', '', '']);
  });

  it('lets half a pair wait for its other half', () => {
    expect(join('a\uD83D', '\uDC4B', 'b')).toEqual(['a', '👋', 'b', '']);
  });

  it('replaces halves that stay alone, as writing them as UTF-8 would', () => {
    const given = ['a\uD83D', 'b', '\uDC4B', 'c\uD83D'];
    const joined = join(...given).join('');
    expect(joined).toBe('a\uFFFDb\uFFFDc\uFFFD');
    expect(joined).toBe(Buffer.from(given.join(''), 'utf8').toString('utf8'));
  });
});
