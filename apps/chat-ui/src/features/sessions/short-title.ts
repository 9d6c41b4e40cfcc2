/** A note stays a note, also for a title of 200 characters. */
export function shortTitle(title: string): string {
  const letters = Array.from(title);
  return letters.length <= 40 ? title : `${letters.slice(0, 39).join('')}…`;
}
