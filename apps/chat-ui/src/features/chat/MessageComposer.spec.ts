import { LIMITS } from '@chat/shared-types';
import { mount, type VueWrapper } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import MessageComposer from './MessageComposer.vue';

interface Composer {
  wrapper: VueWrapper;
  field: () => HTMLTextAreaElement;
  press: (key: string, init?: KeyboardEventInit) => Promise<void>;
  sent: () => unknown[];
}

function mountComposer(text = '', replying = false): Composer {
  const wrapper = mount(MessageComposer, {
    attachTo: document.body,
    props: {
      modelValue: text,
      replying,
      'onUpdate:modelValue': (value: string) => wrapper.setProps({ modelValue: value }),
    },
  });
  return {
    wrapper,
    field: () => wrapper.get('textarea').element,
    press: (key, init) => wrapper.get('textarea').trigger('keydown', { key, ...init }),
    sent: () => (wrapper.emitted('send') ?? []).map(([content]) => content),
  };
}

describe('the composer', () => {
  it('sends on Enter exactly what was written, and is empty then', async () => {
    const { press, sent, field } = mountComposer('  hello \n');
    await press('Enter');
    expect(sent()).toEqual(['  hello \n']);
    expect(field().value).toBe('');
  });

  it('makes one message of a double Enter', async () => {
    const { press, sent } = mountComposer('hello');
    await Promise.all([press('Enter'), press('Enter')]);
    expect(sent()).toHaveLength(1);
  });

  it('does not send while a held key repeats', async () => {
    const { press, sent } = mountComposer('hello');
    await press('Enter', { repeat: true });
    expect(sent()).toEqual([]);
  });

  it('leaves Shift+Enter to the text', async () => {
    const { press, sent } = mountComposer('hello');
    await press('Enter', { shiftKey: true });
    expect(sent()).toEqual([]);
  });

  it.each([{ isComposing: true }, { keyCode: 229 }])(
    'leaves the Enter that ends a composition alone (%o)',
    async (init) => {
      const { press, sent } = mountComposer('かな');
      await press('Enter', init);
      expect(sent()).toEqual([]);
    },
  );

  it.each(['', '  \n\t '])('never sends blank text (%j)', async (text) => {
    const { wrapper, press, sent } = mountComposer(text);
    await press('Enter');
    expect(sent()).toEqual([]);
    expect(wrapper.get('button').attributes()).toMatchObject({
      disabled: '',
      'aria-label': 'Send',
    });
  });

  it('refuses text over the limit, says why, and keeps all of it', async () => {
    const text = 'x'.repeat(LIMITS.messageContent.max + 12);
    const { wrapper, press, sent, field } = mountComposer(text);
    await press('Enter');
    expect(sent()).toEqual([]);
    expect(field().value).toBe(text);
    expect(wrapper.get('[role=alert]').text()).toContain('Too long by 12');
  });

  it('sends text that is exactly as long as allowed', async () => {
    const { press, sent } = mountComposer('x'.repeat(LIMITS.messageContent.max));
    await press('Enter');
    expect(sent()).toHaveLength(1);
  });

  it('asks to edit the last own message on Up while it is empty', async () => {
    const { wrapper, press } = mountComposer();
    await press('ArrowUp');
    expect(wrapper.emitted('editLast')).toHaveLength(1);
  });

  it('leaves Up to a text that is being written', async () => {
    const { wrapper, press } = mountComposer('half a thought');
    await press('ArrowUp');
    expect(wrapper.emitted('editLast')).toBeUndefined();
  });

  it('keeps what is written while a reply comes, and offers Stop in the place of Send', async () => {
    const { wrapper, press, sent, field } = mountComposer('next', true);
    await press('Enter');
    expect(sent()).toEqual([]);
    expect(field().value).toBe('next');
    expect(wrapper.get('button').attributes('aria-label')).toBe('Stop');
    await wrapper.get('form').trigger('submit');
    expect(wrapper.emitted('stop')).toHaveLength(1);
    expect(document.activeElement).toBe(field());
  });

  it('does not stop the reply by the second click of a double one', async () => {
    const { wrapper } = mountComposer('', true);
    const click = new MouseEvent('click', { bubbles: true, cancelable: true, detail: 2 });
    wrapper.get('button').element.dispatchEvent(click);
    await wrapper.vm.$nextTick();
    expect(wrapper.emitted('stop')).toBeUndefined();
  });

  it('keeps the focus after a click on Send', async () => {
    const { wrapper, field } = mountComposer('hello');
    await wrapper.get('form').trigger('submit');
    expect(document.activeElement).toBe(field());
  });
});
