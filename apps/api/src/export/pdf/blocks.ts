/**
 * What the template typesets: plain data, read by it as JSON. Texts stand in it as values alone, so
 * nothing that somebody wrote can become part of the program.
 */
export interface PrintedDocument {
  readonly title: string;
  /** Of the title. */
  readonly script: Script;
  readonly begun: string;
  readonly instructions: readonly Block[];
  readonly turns: readonly PrintedTurn[];
}

export interface PrintedTurn {
  readonly who: string;
  readonly details: string;
  readonly mine: boolean;
  /** The line above it where it begins another branch. */
  readonly branch?: string;
  readonly blocks: readonly Block[];
}

/** How a paragraph is set: its direction and the language that decides between the forms of letters. */
export interface Script {
  readonly dir: 'ltr' | 'rtl';
  /** ISO 639-1. */
  readonly lang: 'en' | 'ar' | 'he' | 'zh' | 'ja' | 'ko';
}

/** `t` names the kind: it stands in the data for every word, so it is short. */
export type Block =
  | { readonly t: 'p'; readonly s: Script; readonly c: readonly Inline[] }
  | { readonly t: 'h'; readonly s: Script; readonly n: number; readonly c: readonly Inline[] }
  | { readonly t: 'quote'; readonly s: Script; readonly b: readonly Block[] }
  | { readonly t: 'ul'; readonly s: Script; readonly items: readonly (readonly Block[])[] }
  | {
      readonly t: 'ol';
      readonly s: Script;
      readonly start: number;
      readonly items: readonly (readonly Block[])[];
    }
  | { readonly t: 'code'; readonly lang: string | null; readonly v: string; readonly long: boolean }
  | {
      readonly t: 'table';
      readonly s: Script;
      readonly align: readonly ('left' | 'center' | 'right' | null)[];
      /** The first row is the header. */
      readonly rows: readonly (readonly (readonly Inline[])[])[];
    }
  | { readonly t: 'hr' };

export type Inline =
  /** A text, or one as a row of pieces between which a line may be broken. */
  | string
  | readonly string[]
  | { readonly t: 'em' | 'strong' | 'del'; readonly c: readonly Inline[] }
  | { readonly t: 'code'; readonly c: readonly Inline[] }
  | { readonly t: 'a'; readonly href: string; readonly c: readonly Inline[] }
  | { readonly t: 'br' };
