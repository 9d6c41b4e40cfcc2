import { readonly, shallowRef } from 'vue';
import type { LayOutFormula } from './formula-engine.js';

const loaded = shallowRef<LayOutFormula | null>(null);
let loading: Promise<void> | undefined;

/** What lays formulas out, or null until its chunk has come. */
export const formulaEngine = readonly(loaded);

/** Fetches KaTeX, once. Where that fails formulas stay as they are written, and the next one tries again. */
export function prepareFormulas(): Promise<void> {
  loading ??= import('./formula-engine.js').then(
    ({ layOutFormula }) => {
      loaded.value = layOutFormula;
    },
    () => {
      loading = undefined;
    },
  );
  return loading;
}
