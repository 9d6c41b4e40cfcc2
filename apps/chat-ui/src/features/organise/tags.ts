/** What two tags have in common that count as one: case and the way accents are written aside. */
export function tagKey(tag: string): string {
  return tag.toLowerCase().normalize('NFC');
}

/** A tag as it is kept: composed (Unicode NFC), without blanks around it. */
export function tidyTag(tag: string): string {
  return tag.normalize('NFC').trim();
}

export const isAlike = (a: string, b: string): boolean => tagKey(a) === tagKey(b);
