import type { ListedMessage } from '@chat/shared-types';
import { mount, type VueWrapper } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it } from 'vitest';
import { buildMessage, buildReply } from '../../testing/builders.js';
import MessageRow from './MessageRow.vue';

function mountRow(
  message: ListedMessage,
  members: { busy?: boolean; editing?: 'version' | 'place' } = {},
) {
  return mount(MessageRow, {
    attachTo: document.body,
    props: { message, busy: false, editing: null, tool: null, ...members },
  });
}

const buttons = (row: VueWrapper): (string | undefined)[] =>
  row.findAll('button').map((button) => button.attributes('aria-label') ?? button.text());

const reply = (members: Partial<ListedMessage>): ListedMessage =>
  buildReply(2, { status: 'complete', content: 'Forty-two.', ...members });

describe('a message on the page', () => {
  beforeEach(() => {
    setActivePinia(createPinia());
  });

  it('shows that a reply is coming before there is a word of it', () => {
    const row = mountRow(buildReply(2));
    expect(row.text()).toContain('The reply is coming');
    expect(row.get('.bubble').attributes('aria-busy')).toBe('true');
    expect(buttons(row)).not.toContain('Regenerate reply');
  });

  it.each([
    { members: { status: 'stopped' }, text: 'Stopped', action: 'Continue' },
    { members: { status: 'interrupted' }, text: 'Interrupted', action: 'Continue' },
    { members: { finish_reason: 'length' }, text: 'length limit', action: 'Continue' },
  ] as const)('says "$text" and offers $action', async ({ members, text, action }) => {
    const row = mountRow(reply(members));
    const ending = row.get('[data-ending]');
    expect(ending.text()).toContain(text);
    expect(ending.get('button').text()).toBe(action);
    await ending.get('button').trigger('click');
    expect(row.emitted('resume')).toHaveLength(1);
  });

  it('says why a reply failed and offers Retry', () => {
    const error = {
      type: '',
      title: '',
      status: 502,
      detail: 'The key was refused.',
      instance: '',
    };
    const row = mountRow(reply({ status: 'failed', content: '', error }));
    expect(row.get('[data-ending]').text()).toContain('The key was refused.');
    expect(buttons(row)).toContain('Retry');
    expect(row.find('.bubble').exists()).toBe(false);
  });

  it('says nothing about a reply that ended by itself', () => {
    const row = mountRow(reply({ finish_reason: 'stop' }));
    expect(row.find('[data-ending]').exists()).toBe(false);
  });

  it('keeps what the model thought folded away', () => {
    const row = mountRow(reply({ reasoning: 'Six times nine?' }));
    expect(row.get('details').attributes('open')).toBeUndefined();
    expect(row.get('details p').text()).toBe('Six times nine?');
  });

  it('names the model and the tokens', () => {
    const row = mountRow(
      reply({ model: 'lab/tiny', usage: { input_tokens: 7, output_tokens: 5 } }),
    );
    expect(row.text()).toContain('tiny');
    expect(row.text()).toContain('12 tokens');
  });

  it('walks between versions and keeps the focus at the ends', async () => {
    const row = mountRow(reply({ siblings: [buildReply(2)._id, buildReply(3)._id] }));
    const [previous, next] = ['Previous version', 'Next version'].map((name) =>
      row.get<HTMLButtonElement>(`[aria-label="${name}"]`),
    );
    expect(row.get('[aria-label="Versions"]').text()).toContain('Version 1 of 2');
    previous?.element.focus();
    await previous?.trigger('click');
    await next?.trigger('click');
    expect(row.emitted('step')).toEqual([[1]]);
    expect(previous?.attributes('aria-disabled')).toBe('true');
    expect(document.activeElement).toBe(previous?.element);
  });

  it('edits in place: Enter sends, Esc changes nothing, blank never goes', async () => {
    const row = mountRow(buildMessage(1, { content: 'Hello' }), { editing: 'version' });
    const field = row.get('textarea');
    expect(document.activeElement).toBe(field.element);
    expect(field.element.value).toBe('Hello');
    await field.setValue('  ');
    await field.trigger('keydown', { key: 'Enter' });
    expect(row.emitted('sendEdited')).toBeUndefined();
    await field.trigger('keydown', { key: 'Escape' });
    expect(row.emitted('cancelEdit')).toHaveLength(1);
    await field.setValue('Hello again');
    await field.trigger('keydown', { key: 'Enter' });
    await field.trigger('keydown', { key: 'Enter' });
    expect(row.emitted('sendEdited')).toEqual([['Hello again']]);
  });

  it('offers no edit while a reply is being written', () => {
    expect(buttons(mountRow(buildMessage(1)))).toContain('Edit message');
    expect(buttons(mountRow(buildMessage(1), { busy: true }))).not.toContain('Edit message');
  });

  it('shows own text as typed until Markdown is asked for', async () => {
    const row = mountRow(buildMessage(1, { content: '# not a heading' }));
    expect(row.get('.bubble').text()).toBe('# not a heading');
    const toggle = row.get('[aria-label="Show as Markdown"]');
    await toggle.trigger('click');
    expect(toggle.attributes('aria-pressed')).toBe('true');
    expect(row.find('.markdown').exists()).toBe(true);
  });
});
