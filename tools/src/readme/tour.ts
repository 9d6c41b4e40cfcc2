/** One step of the tour: a shell block, and the JSON that the text shows right behind it. */
export interface TourStep {
  readonly script: string;
  readonly shown?: unknown;
}

/** Stands in the README for what differs every time: an id, a time. */
const VARIES = '…';

/**
 * The steps of the section under `heading`, in their order.
 *
 * @throws where there is no such section or it holds no shell block.
 */
export function readTour(readme: string, heading: string): TourStep[] {
  const section = readme.split(/^## /m).find((part) => part.startsWith(`${heading}\n`));
  const blocks = [...(section ?? '').matchAll(/^```(bash|json)\n([\s\S]*?)^```$/gm)];
  const steps = blocks.flatMap(([, language, text = ''], i): TourStep[] => {
    if (language !== 'bash') return [];
    const next = blocks[i + 1];
    return next?.[1] === 'json'
      ? [{ script: text, shown: JSON.parse(next[2] ?? '') as unknown }]
      : [{ script: text }];
  });
  if (steps.length === 0) throw new Error(`README.md has no tour under "${heading}".`);
  return steps;
}

/**
 * Where an answer differs from what the text shows: another value, a member too few or too many.
 * A shown `…` stands for any non-empty string.
 *
 * @returns sentences with the place; none where the text is true.
 */
export function differences(shown: unknown, answered: unknown, place = ''): string[] {
  if (shown === VARIES) {
    return typeof answered === 'string' && answered !== '' ? [] : [`${place} is no text`];
  }
  if (typeof shown !== 'object' || shown === null) {
    return shown === answered
      ? []
      : [`${place} is ${JSON.stringify(answered)}, not ${JSON.stringify(shown)}`];
  }
  if (typeof answered !== 'object' || answered === null) return [`${place} is ${String(answered)}`];
  const members = new Set([...Object.keys(shown), ...Object.keys(answered)]);
  return [...members].flatMap((member) =>
    differences(
      (shown as Record<string, unknown>)[member],
      (answered as Record<string, unknown>)[member],
      `${place}/${member}`,
    ),
  );
}
