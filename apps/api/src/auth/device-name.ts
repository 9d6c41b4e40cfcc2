/** More of a header is not looked at: nobody's browser needs as much to say what it is. */
const MOST_READ = 400;
const UNKNOWN = 'Unknown device';

type Rule = readonly [pattern: RegExp, name: string];

/** The first that fits: browsers name those that they descend from, too. */
const BROWSERS: readonly Rule[] = [
  [/\bEdg(?:e|A|iOS)?\//, 'Edge'],
  [/\b(?:OPR|Opera|OPT)\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bVivaldi\//, 'Vivaldi'],
  [/\bYaBrowser\//, 'Yandex Browser'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\b(?:Chrome|CriOS|HeadlessChrome)\//, 'Chrome'],
  [/\bChromium\//, 'Chromium'],
  [/\bVersion\/[\d.]+ (?:Mobile\/\w+ )?Safari\//, 'Safari'],
];

const SYSTEMS: readonly Rule[] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b|\bMacintosh\b/, 'macOS'],
  [/\bLinux\b|\bX11\b/, 'Linux'],
];

/** A program that names itself first: "curl/8.5.0" (RFC 9110, section 10.1.5). */
const PROGRAM = /^([A-Za-z][A-Za-z0-9._-]{0,39})(?:\/|\s|$)/;

/**
 * What a login came from, in words for its owner: "Firefox on Linux", "curl". Nothing else of the
 * header is kept.
 *
 * @param userAgent the header as it was sent: anything.
 */
export function deviceName(userAgent: string | undefined): string {
  const text = (userAgent ?? '').slice(0, MOST_READ);
  const browser = firstOf(BROWSERS, text);
  const system = firstOf(SYSTEMS, text);
  if (browser !== undefined) return system === undefined ? browser : `${browser} on ${system}`;
  const program = PROGRAM.exec(text)?.[1];
  // "Mozilla" is what everything calls itself.
  if (program !== undefined && program !== 'Mozilla') return program;
  return system ?? UNKNOWN;
}

function firstOf(rules: readonly Rule[], text: string): string | undefined {
  return rules.find(([pattern]) => pattern.test(text))?.[1];
}
