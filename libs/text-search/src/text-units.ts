import { CharacterClass, classOf } from './character-class.js';
import { foldCharacter, foldWord } from './fold.js';

/**
 * `word`: letters and digits between separators. `character`: one of a script without spaces
 * between words. `symbol`: an emoji.
 */
export type UnitKind = 'word' | 'character' | 'symbol';

/** The smallest part of a text that is searched for. */
export interface TextUnit {
  readonly kind: UnitKind;
  /** Folded, never empty. */
  readonly text: string;
  /** Where it stands in the original text: `[start, end)` in UTF-16 code units. */
  readonly start: number;
  readonly end: number;
}

/**
 * What counts of a word, in UTF-16 code units after folding: longer ones are equal where they begin
 * alike. Nobody types more, and pasted keys and encoded files would fill an index.
 */
export const WORD_LENGTH = 64;

const SKIN_TONES_AND_SELECTORS = /[\u{1f3fb}-\u{1f3ff}]|[\ufe00-\ufe0f]/gu;
const ZERO_WIDTH_JOINER = 0x200d;

/** The units of a text in their order. Takes time and memory in proportion to its length. */
export function unitsOf(text: string): TextUnit[] {
  const units: TextUnit[] = [];
  visitUnits(text, (unit) => units.push(unit));
  return units;
}

/**
 * The same one after the other, for texts of any length: the units of one of megabytes take twenty
 * times its memory together.
 */
export function visitUnits(text: string, visit: (unit: TextUnit) => void): void {
  new UnitReader(text, visit).read();
}

class UnitReader {
  private at = 0;

  constructor(
    private readonly text: string,
    private readonly visit: (unit: TextUnit) => void,
  ) {}

  read(): void {
    while (this.at < this.text.length) {
      switch (this.classHere()) {
        case CharacterClass.word:
          this.readWord();
          break;
        case CharacterClass.character:
        // A text can begin with a vowel or a mark alone.
        // eslint-disable-next-line no-fallthrough
        case CharacterClass.trailing:
          this.readCharacter();
          break;
        case CharacterClass.symbol:
          this.readSymbol();
          break;
        case CharacterClass.flag:
          this.readFlag();
          break;
        case CharacterClass.separator:
        case CharacterClass.continuing:
          this.step();
          break;
      }
    }
  }

  private readWord(): void {
    const start = this.at;
    do this.step();
    while (this.isHere(CharacterClass.word, CharacterClass.continuing));
    this.add('word', start, foldWord(this.text.slice(start, this.at)));
  }

  private readCharacter(): void {
    const start = this.at;
    do this.step();
    while (this.isHere(CharacterClass.trailing, CharacterClass.continuing));
    // A compatibility form can stand for several (㈠ is 一 in brackets, ｱﾞ stays two).
    for (const character of foldCharacter(this.text.slice(start, this.at))) {
      this.add('character', start, character);
    }
  }

  private readSymbol(): void {
    const start = this.at;
    this.step();
    for (;;) {
      if (this.isHere(CharacterClass.trailing) || this.isSkinTone()) this.step();
      else if (this.isJoinedSymbol()) {
        this.step();
        this.step();
      } else break;
    }
    const symbol = this.text.slice(start, this.at).replace(SKIN_TONES_AND_SELECTORS, '');
    this.add('symbol', start, symbol);
  }

  private readFlag(): void {
    const start = this.at;
    this.step();
    if (this.isHere(CharacterClass.flag)) this.step();
    this.add('symbol', start, this.text.slice(start, this.at));
  }

  private isSkinTone(): boolean {
    const codePoint = this.text.codePointAt(this.at) ?? 0;
    return codePoint >= 0x1f3fb && codePoint <= 0x1f3ff;
  }

  private isJoinedSymbol(): boolean {
    if (this.text.charCodeAt(this.at) !== ZERO_WIDTH_JOINER) return false;
    const next = this.text.codePointAt(this.at + 1);
    return next !== undefined && classOf(next) === CharacterClass.symbol;
  }

  private add(kind: UnitKind, start: number, folded: string): void {
    const text = kind === 'word' ? cut(folded) : folded;
    if (text !== '') this.visit({ kind, text, start, end: this.at });
  }

  private classHere(): CharacterClass {
    return classOf(this.text.codePointAt(this.at) ?? 0);
  }

  private isHere(...classes: readonly CharacterClass[]): boolean {
    return this.at < this.text.length && classes.includes(this.classHere());
  }

  private step(): void {
    this.at += (this.text.codePointAt(this.at) ?? 0) > 0xffff ? 2 : 1;
  }
}

function cut(word: string): string {
  if (word.length <= WORD_LENGTH) return word;
  const last = word.charCodeAt(WORD_LENGTH - 1);
  // Never half of a surrogate pair.
  return word.slice(0, last >= 0xd800 && last <= 0xdbff ? WORD_LENGTH - 1 : WORD_LENGTH);
}
