import { assert, property, string } from 'fast-check';
import { foldCharacter, foldName, foldWord } from './fold.js';

describe('a folded word', () => {
  it.each([
    ['Straße', 'strasse'],
    ['STRAẞE', 'strasse'],
    ['Cœur', 'coeur'],
    ['Ærø', 'aero'],
    ['Łódź', 'lodz'],
    ['Đà', 'da'],
    ['Þórr', 'thorr'],
    ['ıŞIK', 'isik'],
    ['İstanbul', 'istanbul'],
    ['Žluťoučký', 'zlutoucky'],
    ['año', 'ano'],
    ['ﬁancé', 'fiance'],
    ['ＡＢＣ１２３', 'abc123'],
    ['ΛΌΓΟΣ', 'λογοσ'],
    ['λόγος', 'λογοσ'],
    ['Йод', 'иод'],
    ['ёлка', 'елка'],
    ['مُحَمَّد', 'محمد'],
    ['أحمد', 'احمد'],
    ['إلى', 'الي'],
    ['كتـــاب', 'كتاب'],
    ['کتاب', 'كتاب'],
    ['مدرسة', 'مدرسه'],
    ['١٢٣', '123'],
    ['۴۵', '45'],
    ['שָׁלוֹם', 'שלום'],
    ['tiếng', 'tieng'],
    ['ŉ', 'n'],
    ['ǿ', 'o'],
    ['soft\u00adhyphen', 'softhyphen'],
  ])('of %s is %s', (word, folded) => {
    expect(foldWord(word)).toBe(folded);
  });

  it('keeps the vowel signs of Hindi, without which it is another word', () => {
    expect(foldWord('हिन्दी')).toBe('हिन्दी');
  });

  it('is the same when it is folded again, whatever the text', () => {
    assert(
      property(string({ unit: 'binary', maxLength: 30 }), (text) => {
        expect(foldWord(foldWord(text))).toBe(foldWord(text));
        expect(foldName(foldName(text))).toBe(foldName(text));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a folded character', () => {
  it.each([
    ['か\u3099', 'が'],
    ['ｶﾞ', 'ガ'],
    ['\u1112\u1161\u11ab', '한'],
    ['ｱ', 'ア'],
    ['が', 'が'],
    ['か', 'か'],
  ])('of %s is %s', (character, folded) => {
    expect(foldCharacter(character)).toBe(folded);
  });
});

describe('a folded name', () => {
  it('has no case, no accents and single spaces, and keeps its punctuation', () => {
    expect(foldName('  Été   À Paris / 2024 ')).toBe('ete a paris / 2024');
    expect(foldName('OpenAI/GPT-5.5')).toBe('openai/gpt-5.5');
  });
});
