import 'katex/dist/katex.min.css';
import katex from 'katex';

/** Longer TeX is refused: it is no formula, and laying it out would hold up the page. */
const MAX_TEX_LENGTH = 4000;

/**
 * Lays a formula out. This file is a chunk of its own, with KaTeX's style sheet and fonts.
 *
 * @returns a new element: the formula for the eye, and as MathML for assistive technology; null where
 * the TeX is not understood.
 */
export function layOutFormula(tex: string, display: boolean): HTMLElement | null {
  if (tex.length > MAX_TEX_LENGTH) return null;
  const element = document.createElement('span');
  const refused: string[] = [];
  try {
    katex.render(tex, element, {
      displayMode: display,
      throwOnError: true,
      // Neither links nor images nor attributes of its own: a formula that has them is none.
      trust: ({ command }) => {
        refused.push(command);
        return false;
      },
      strict: 'ignore',
      maxExpand: 300,
      maxSize: 10,
      // A definition is for its own formula: nothing leaks into the next message.
      macros: {},
    });
    return refused.length > 0 ? null : element;
  } catch {
    return null;
  }
}

export type LayOutFormula = typeof layOutFormula;
