import type { Directive } from 'vue';

/**
 * Shows a node that a library built (a formula, a checked diagram) instead of one that Vue renders.
 * The only place where such content enters the page, and always as nodes, never as a string of HTML.
 */
export const vShownNode: Directive<HTMLElement, Node | null> = {
  mounted: show,
  updated: show,
};

function show(
  host: HTMLElement,
  { value, oldValue }: { value: Node | null; oldValue: unknown },
): void {
  if (value === oldValue && host.firstChild === value) return;
  host.replaceChildren(...(value ? [value] : []));
}
