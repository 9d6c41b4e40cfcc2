import type { ObjectDirective } from 'vue';

/**
 * Marks a row once it has been laid out and painted, so that its size is remembered from then on.
 * The size is recorded at the end of a frame; the mark waits for the frame after.
 */
export const vSettled: ObjectDirective<HTMLElement> = {
  mounted(row) {
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        row.classList.add('settled');
      }),
    );
  },
};
