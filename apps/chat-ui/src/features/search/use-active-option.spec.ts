import { describe, expect, it } from 'vitest';
import { nextTick, ref } from 'vue';
import { useActiveOption } from './use-active-option.js';

describe('useActiveOption', () => {
  it('begins with the first and goes round at both ends', () => {
    const { active, move } = useActiveOption(() => ['a', 'b', 'c']);
    expect(active.value).toBe('a');
    move(-1);
    expect(active.value).toBe('c');
    move(1);
    expect(active.value).toBe('a');
    move(1);
    expect(active.value).toBe('b');
  });

  it('stays where a list only grows, and begins anew with another list', async () => {
    const keys = ref(['a', 'b']);
    const { active, move } = useActiveOption(() => keys.value);
    move(1);
    keys.value = ['a', 'b', 'c'];
    await nextTick();
    expect(active.value).toBe('b');
    keys.value = ['x', 'b'];
    await nextTick();
    expect(active.value).toBe('x');
  });

  it('is none in an empty list', async () => {
    const keys = ref<string[]>([]);
    const { active, move, position } = useActiveOption(() => keys.value);
    move(1);
    expect(active.value).toBeUndefined();
    expect(position.value).toBe(-1);
    keys.value = ['a'];
    await nextTick();
    expect(active.value).toBe('a');
  });

  it('follows the pointer to options that are there', () => {
    const { active, activate } = useActiveOption(() => ['a', 'b']);
    activate('b');
    expect(active.value).toBe('b');
    activate('gone');
    expect(active.value).toBe('b');
  });
});
