import mermaid from 'mermaid';
import { diagramColours } from './diagram-colours.js';
import { harmlessSource, MAX_DIAGRAM_LENGTH, safeSvg, withOwnIds } from './safe-diagram.js';
import type { ShownTheme } from './shown-theme.js';

/** Diagrams that were drawn, so that a row that comes back into view shows its own at once. */
const MAX_KEPT = 40;
const kept = new Map<string, string>();

let drawn = 0;
let presented = 0;
let configured: ShownTheme | undefined;
let queue: Promise<unknown> = Promise.resolve();

/**
 * Draws a diagram. This file is a chunk of its own; the library fetches what each kind of diagram
 * needs in further ones.
 *
 * @returns a new element, or null where the source is not understood or not harmless.
 */
export async function drawDiagram(
  source: string,
  theme: ShownTheme,
): Promise<SVGSVGElement | null> {
  const harmless = harmlessSource(source);
  if (harmless === null) return null;
  const key = `${theme}:${source}`;
  // The library's configuration is one for all: one diagram after the other.
  const drawing = queue.then(() => kept.get(key) ?? draw(harmless, theme));
  queue = drawing.catch(() => undefined);
  try {
    const svg = await drawing;
    keep(key, svg);
    return present(svg);
  } catch {
    return null;
  }
}

export type DrawDiagram = typeof drawDiagram;

async function draw(source: string, theme: ShownTheme): Promise<string> {
  configure(theme);
  drawn += 1;
  const room = measuringRoom();
  try {
    return (await mermaid.render(`drawing-${drawn}`, source, room)).svg;
  } finally {
    room.remove();
  }
}

function keep(key: string, svg: string): void {
  kept.delete(key);
  kept.set(key, svg);
  const oldest = kept.keys().next();
  if (kept.size > MAX_KEPT && !oldest.done) kept.delete(oldest.value);
}

/** Texts must be laid out to be measured, but nobody sees it. */
function measuringRoom(): HTMLElement {
  const room = document.createElement('div');
  room.setAttribute('aria-hidden', 'true');
  room.style.cssText =
    'position:fixed;top:0;left:0;width:46rem;height:0;overflow:hidden;visibility:hidden';
  document.body.append(room);
  return room;
}

/** An element of its own each time: two equal diagrams on one page share no id. */
function present(drawing: string): SVGSVGElement {
  presented += 1;
  const svg = withOwnIds(safeSvg(drawing), `diagram-${presented}`);
  const [, , width = 0] = (svg.getAttribute('viewBox') ?? '').split(/[\s,]+/).map(Number);
  for (const name of ['width', 'height', 'style']) svg.removeAttribute(name);
  // Its own size where there is room, never larger: markdown.css bounds it.
  if (width > 0) svg.style.setProperty('--diagram-width', `${Math.ceil(width)}px`);
  const title = svg.querySelector(':scope > title')?.textContent;
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', title ? `Diagram: ${title}` : 'Diagram');
  return svg;
}

function configure(theme: ShownTheme): void {
  if (configured === theme) return;
  configured = theme;
  mermaid.initialize({
    startOnLoad: false,
    securityLevel: 'strict',
    suppressErrorRendering: true,
    htmlLabels: false,
    flowchart: { htmlLabels: false },
    maxTextSize: MAX_DIAGRAM_LENGTH,
    maxEdges: 300,
    logLevel: 'fatal',
    theme: 'base',
    fontFamily: "'Inter Variable', ui-sans-serif, system-ui, sans-serif",
    themeVariables: diagramColours(theme),
    gantt: { axisFormat: '%d %b' },
  });
}
