import { computed, ref, watch } from 'vue';

/**
 * Which option of a list a text field has under the keyboard, while the focus stays in the field
 * (WAI-ARIA Authoring Practices, "Combobox Pattern").
 *
 * @param keys of the options, in their order. Where a list begins anew its first option is active;
 * where it grows, the active one stays.
 */
export function useActiveOption(keys: () => readonly string[]) {
  const active = ref<string | undefined>(keys()[0]);

  watch(keys, (now, before) => {
    const grew = before.length > 0 && before.every((key, at) => key === now[at]);
    if (!grew || active.value === undefined) active.value = now[0];
  });

  const position = computed(() => keys().indexOf(active.value ?? ''));

  /** From the last on to the first, and back. */
  function move(by: 1 | -1): void {
    const all = keys();
    if (all.length === 0) return;
    active.value = all[(Math.max(position.value, 0) + by + all.length) % all.length];
  }

  function activate(key: string): void {
    if (keys().includes(key)) active.value = key;
  }

  return { active, position, move, activate };
}
