import { readonly, ref } from 'vue';

const open = ref(false);

/** The search palette of the page: one, however it is called. */
export const searchPalette = {
  open: readonly(open),
  setOpen(wanted: boolean): void {
    open.value = wanted;
  },
};
