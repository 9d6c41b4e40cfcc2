/** One environment variable: how it is read, and what is said of it. */
export interface Variable<T> {
  /** What holds where the variable is unset or empty. */
  readonly fallback: T;
  /** The default as the table of the README shows it. */
  readonly shownDefault: string;
  /** One sentence for the table of the README. */
  readonly meaning: string;
  /** Completes "NAME must be …". */
  readonly allowed: string;
  /** Whether a value, even a mistyped one, is never repeated. */
  readonly secret?: boolean;
  /** The value, or undefined where the text is none. */
  readonly read: (text: string) => T | undefined;
}

interface Words<T> {
  fallback: T;
  meaning: string;
  shownDefault?: string;
}

/** Any text that is not blank. */
export function text(words: Words<string>): Variable<string> {
  return {
    ...words,
    shownDefault: words.shownDefault ?? words.fallback,
    allowed: 'a text that is not blank',
    read: (value) => (value.trim() === '' ? undefined : value.trim()),
  };
}

/** One of a few words. */
export function oneOf<const T extends string>(
  choices: readonly T[],
  words: Words<NoInfer<T>>,
): Variable<T> {
  return {
    ...words,
    shownDefault: words.shownDefault ?? words.fallback,
    allowed: `one of ${choices.join(', ')}`,
    read: (value) => choices.find((choice) => choice === value),
  };
}

/** A whole number within limits, both included. */
export function wholeNumber(
  min: number,
  max: number,
  words: Words<number> & { unit?: string },
): Variable<number> {
  const unit = words.unit === undefined ? '' : ` (${words.unit})`;
  return {
    ...words,
    shownDefault: words.shownDefault ?? String(words.fallback),
    allowed: `a whole number from ${min} to ${max}${unit}`,
    read: (value) => {
      const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
      return number >= min && number <= max ? number : undefined;
    },
  };
}

/** `true` or `false`; the default may be neither, where it depends on something else. */
export function flag(words: Words<boolean | undefined>): Variable<boolean | undefined> {
  return {
    ...words,
    shownDefault: words.shownDefault ?? String(words.fallback),
    allowed: 'true or false',
    read: (value) => (value === 'true' ? true : value === 'false' ? false : undefined),
  };
}

/** What `read` understands; for rules that no other kind covers. */
export function custom<T>(
  words: Words<T> & {
    allowed: string;
    shownDefault: string;
    secret?: boolean;
    read: (text: string) => T | undefined;
  },
): Variable<T> {
  return words;
}
