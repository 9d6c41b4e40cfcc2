import { flushPromises, mount } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it } from 'vitest';
import { buildModel } from '../../testing/builders.js';
import { answer, noAnswer, scriptFetch } from '../../testing/scripted-fetch.js';
import { useAssistantsStore } from './assistants.store.js';
import ModelPicker from './ModelPicker.vue';

const guide = buildModel('builtin/guide', { name: 'Guide', is_default: true });
const tiny = buildModel('lab/tiny', { name: 'Tiny' });

describe('the choice of a model', () => {
  beforeEach(() => {
    setActivePinia(createPinia());
  });

  it('names the default where nobody chose', async () => {
    scriptFetch(() => answer([guide, tiny]));
    const picker = mount(ModelPicker, { props: { modelValue: null } });
    await flushPromises();
    expect(picker.get('button').attributes('aria-label')).toBe('Model: Guide');
  });

  it('names a model that is no longer offered by its id', async () => {
    scriptFetch(() => answer([guide]));
    const picker = mount(ModelPicker, { props: { modelValue: 'gone/large' } });
    await flushPromises();
    expect(picker.get('button').attributes('aria-label')).toBe('Model: large');
  });

  it('asks once for all, and again only after it failed', async () => {
    const failed = scriptFetch(noAnswer);
    const store = useAssistantsStore();
    await store.load();
    expect(failed).toHaveLength(1);
    const seen = scriptFetch(() => answer([guide]));
    await Promise.all([store.load(), store.load()]);
    await store.load();
    expect(seen).toHaveLength(1);
  });
});
