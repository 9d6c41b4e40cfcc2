import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Regular and bold where a script has them; the few files that are used, beside a package's main one. */
const FILES: readonly (readonly [packageName: string, ...files: string[]])[] = [
  [
    '@embedpdf/fonts-latin',
    '../fonts/NotoSans-Regular.ttf',
    '../fonts/NotoSans-Bold.ttf',
    '../fonts/NotoSans-Italic.ttf',
    '../fonts/NotoSans-BoldItalic.ttf',
  ],
  [
    '@embedpdf/fonts-arabic',
    '../fonts/NotoNaskhArabic-Regular.ttf',
    '../fonts/NotoNaskhArabic-Bold.ttf',
  ],
  [
    '@embedpdf/fonts-hebrew',
    '../fonts/NotoSansHebrew-Regular.ttf',
    '../fonts/NotoSansHebrew-Bold.ttf',
  ],
  ['@embedpdf/fonts-sc', '../fonts/NotoSansHans-Regular.otf', '../fonts/NotoSansHans-Bold.otf'],
  ['@embedpdf/fonts-jp', '../fonts/NotoSansJP-Regular.otf', '../fonts/NotoSansJP-Bold.otf'],
  ['@embedpdf/fonts-kr', '../fonts/NotoSansKR-Regular.otf', '../fonts/NotoSansKR-Bold.otf'],
  ['@embedpdf/fonts-tc', '../fonts/NotoSansHant-Regular.otf'],
  ['@expo-google-fonts/noto-emoji', '400Regular/NotoEmoji_400Regular.ttf'],
  [
    '@expo-google-fonts/noto-sans-mono',
    '400Regular/NotoSansMono_400Regular.ttf',
    '700Bold/NotoSansMono_700Bold.ttf',
  ],
];

/** Families that have their files named in one way. */
const GOOGLE_FONTS: readonly (readonly [name: string, file: string])[] = [
  ['thai', 'Thai'],
  ['devanagari', 'Devanagari'],
  ['bengali', 'Bengali'],
  ['tamil', 'Tamil'],
  ['telugu', 'Telugu'],
  ['gujarati', 'Gujarati'],
  ['gurmukhi', 'Gurmukhi'],
  ['kannada', 'Kannada'],
  ['malayalam', 'Malayalam'],
  ['sinhala', 'Sinhala'],
  ['khmer', 'Khmer'],
  ['lao', 'Lao'],
  ['myanmar', 'Myanmar'],
  ['armenian', 'Armenian'],
  ['georgian', 'Georgian'],
  ['ethiopic', 'Ethiopic'],
];

/** Where the fonts of a document lie: in packages of the product, so it looks alike everywhere. */
export function fontFiles(): string[] {
  const { resolve } = createRequire(import.meta.url);
  const more = GOOGLE_FONTS.map(
    ([name, file]) =>
      [
        `@expo-google-fonts/noto-sans-${name}`,
        `400Regular/NotoSans${file}_400Regular.ttf`,
        `700Bold/NotoSans${file}_700Bold.ttf`,
      ] as const,
  );
  return [...FILES, ...more].flatMap(([name, ...files]) => {
    const main = dirname(resolve(name));
    return files.map((file) => join(main, file));
  });
}
