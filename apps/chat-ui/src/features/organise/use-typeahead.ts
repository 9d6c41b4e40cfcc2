/** Letters typed within this time are one word. */
const PAUSE_MS = 600;

/**
 * Finds the next name that begins with what is being typed; the same letter again goes on to the
 * next one of that letter.
 */
export function useTypeahead() {
  let typed = '';
  let last = 0;

  /** @returns the index of the name to go to; -1 where none begins so. */
  function find(key: string, names: readonly string[], from: number): number {
    const now = performance.now();
    typed = now - last > PAUSE_MS ? key : typed + key;
    last = now;
    const first = typed.charAt(0);
    const repeated = typed === first.repeat(typed.length);
    const wanted = (repeated ? first : typed).toLocaleLowerCase();
    const start = repeated ? from + 1 : from;
    for (let step = 0; step < names.length; step += 1) {
      const at = (start + step) % names.length;
      if (names[at]?.toLocaleLowerCase().startsWith(wanted)) return at;
    }
    return -1;
  }

  return { find };
}
