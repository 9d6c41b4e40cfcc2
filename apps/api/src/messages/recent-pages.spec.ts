import { Types } from 'mongoose';
import { RecentPages } from './recent-pages.js';

const SESSION = new Types.ObjectId();
const ALWAYS = (): boolean => true;

function pageOf(content: string): { rows: { content: string; reasoning: null }[] } {
  return { rows: [{ content, reasoning: null }] };
}

describe('recent pages', () => {
  it('answer the same question from memory while the session has not changed', async () => {
    const pages = new RecentPages();
    const read = jest.fn(() => Promise.resolve(pageOf('one')));
    await pages.page(SESSION, 3, 'first', read, ALWAYS);
    expect(await pages.page(SESSION, 3, 'first', read, ALWAYS)).toEqual(pageOf('one'));
    expect(read).toHaveBeenCalledTimes(1);
  });

  it('are read again after a change, for another question, and for another session', async () => {
    const pages = new RecentPages();
    const read = jest.fn(() => Promise.resolve(pageOf('one')));
    await pages.page(SESSION, 3, 'first', read, ALWAYS);
    await pages.page(SESSION, 4, 'first', read, ALWAYS);
    await pages.page(SESSION, 4, 'second', read, ALWAYS);
    await pages.page(new Types.ObjectId(), 4, 'first', read, ALWAYS);
    expect(read).toHaveBeenCalledTimes(4);
  });

  it('never hold what may still change by itself', async () => {
    const pages = new RecentPages();
    const read = jest.fn(() => Promise.resolve(pageOf('half a rep')));
    await pages.page(SESSION, 3, 'first', read, () => false);
    await pages.page(SESSION, 3, 'first', read, () => false);
    expect(read).toHaveBeenCalledTimes(2);
  });

  it('make room by forgetting what was not asked for longest', async () => {
    const pages = new RecentPages();
    const large = jest.fn(() => Promise.resolve(pageOf('x'.repeat(900_000))));
    const ask = (question: string) => pages.page(SESSION, 1, question, large, ALWAYS);
    for (const question of ['a', 'b', 'c', 'd', 'a', 'e']) await ask(question);
    expect(large).toHaveBeenCalledTimes(5);
    await ask('a');
    expect(large).toHaveBeenCalledTimes(5);
    await ask('b');
    expect(large).toHaveBeenCalledTimes(6);
  });

  it('never hold a page that would push most others out', async () => {
    const pages = new RecentPages();
    const huge = jest.fn(() => Promise.resolve(pageOf('x'.repeat(1_100_000))));
    await pages.page(SESSION, 1, 'first', huge, ALWAYS);
    await pages.page(SESSION, 1, 'first', huge, ALWAYS);
    expect(huge).toHaveBeenCalledTimes(2);
  });
});
