/**
 * Whether a dialog or a question lies over the page: a shortcut that leads elsewhere would take away
 * what was typed there, or leave it standing over another page. The drawer does not count; it is the
 * page's own list.
 */
export function hasOpenDialog(): boolean {
  return document.querySelector('[role$="dialog"]:not([data-drawer])') !== null;
}
