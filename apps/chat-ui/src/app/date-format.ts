/**
 * Writes moments in the reader's language and time zone.
 *
 * The formatter is built when it is first needed: building one takes milliseconds, which a page
 * that has yet to show something does not have.
 */
export function dateFormat(options: Intl.DateTimeFormatOptions): (at: Date) => string {
  let formatter: Intl.DateTimeFormat | undefined;
  return (at) => (formatter ??= new Intl.DateTimeFormat(undefined, options)).format(at);
}
