import type { ShownTheme } from './shown-theme.js';

/** Fills that stay apart from each other and carry the theme's ink at 4.5:1 or more. */
const FILLS: Readonly<Record<ShownTheme, readonly string[]>> = {
  light: [
    '#ddd6fe',
    '#bfdbfe',
    '#a7e8dc',
    '#fde68a',
    '#fecdd3',
    '#bbf7d0',
    '#fed7aa',
    '#e4e4e7',
    '#f5d0fe',
    '#bae6fd',
    '#d9f99d',
    '#fecaca',
  ],
  dark: [
    '#4c2f9e',
    '#1e4a8f',
    '#115e59',
    '#754a0a',
    '#86203f',
    '#166534',
    '#83380f',
    '#3f3f46',
    '#701a75',
    '#0c5478',
    '#3f5a10',
    '#7f1d1d',
  ],
};

/** The page's own colours for the drawing library, read from the tokens of the theme that is shown. */
export function diagramColours(theme: ShownTheme): Record<string, string | boolean> {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  const ink = token('--ink');
  const surface = token('--code-surface');
  return {
    darkMode: theme === 'dark',
    fontSize: '14px',
    background: surface,
    primaryColor: token('--accent-soft'),
    primaryTextColor: ink,
    primaryBorderColor: token('--accent-ink'),
    secondaryColor: token('--surface-side'),
    tertiaryColor: token('--surface'),
    lineColor: token('--ink-soft'),
    textColor: ink,
    titleColor: ink,
    noteBkgColor: token('--notice-soft'),
    noteTextColor: token('--notice-ink'),
    noteBorderColor: token('--hairline'),
    edgeLabelBackground: surface,
    pieTitleTextSize: '16px',
    pieSectionTextSize: '14px',
    pieLegendTextSize: '14px',
    pieSectionTextColor: ink,
    pieLegendTextColor: ink,
    pieTitleTextColor: ink,
    pieStrokeColor: surface,
    pieStrokeWidth: '2px',
    pieOuterStrokeWidth: '0px',
    pieOpacity: '1',
    ...fills(FILLS[theme], ink),
  };
}

/** The library numbers its scales: slices from 1, branches and sections from 0. */
function fills(colours: readonly string[], ink: string): Record<string, string> {
  return Object.fromEntries(
    colours.flatMap((colour, at) => [
      [`pie${at + 1}`, colour],
      [`cScale${at}`, colour],
      [`cScaleLabel${at}`, ink],
      [`cScaleInv${at}`, ink],
      [`git${at}`, colour],
      [`gitInv${at}`, ink],
      [`gitBranchLabel${at}`, ink],
    ]),
  );
}
