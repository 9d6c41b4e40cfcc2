import type { Locator } from '@playwright/test';

/** The colours that an element's text is really seen in, as `rgb(r, g, b)`. */
export interface SeenColours {
  readonly text: string;
  readonly background: string;
  /** Contrast ratio of the two after WCAG 2.2 (1 to 21). */
  readonly contrast: number;
}

/** Reads the colours of an element whose own background is opaque. */
export function seenColours(element: Locator): Promise<SeenColours> {
  return element.evaluate((target) => {
    const { color, backgroundColor } = getComputedStyle(target);
    const channels = (css: string): [number, number, number] => {
      const [red, green, blue, alpha = 1] = (css.match(/[\d.]+/g) ?? []).map(Number);
      if (red === undefined || green === undefined || blue === undefined || alpha !== 1) {
        throw new Error(`${css} is no opaque colour.`);
      }
      return [red, green, blue];
    };
    const luminance = (css: string): number => {
      const [red, green, blue] = channels(css).map((channel) => {
        const share = channel / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      }) as [number, number, number];
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const [dark, light] = [luminance(color), luminance(backgroundColor)].sort((a, b) => a - b) as [
      number,
      number,
    ];
    return { text: color, background: backgroundColor, contrast: (light + 0.05) / (dark + 0.05) };
  });
}
