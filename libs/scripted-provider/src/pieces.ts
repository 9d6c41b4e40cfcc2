/** Cuts a text behind every space, as a model's tokens more or less are. */
export function words(text: string): string[] {
  return text.match(/\S+\s*|\s+/g) ?? [];
}

/** Cuts a text into so many pieces of about the same length, never inside a character. */
export function pieces(text: string, count: number): string[] {
  const characters = Array.from(text);
  return Array.from({ length: count }, (_, index) =>
    characters
      .slice(
        Math.floor((index * characters.length) / count),
        Math.floor(((index + 1) * characters.length) / count),
      )
      .join(''),
  );
}
