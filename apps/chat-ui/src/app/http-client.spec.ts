import { describe, expect, it } from 'vitest';
import { answer, noAnswer, scriptFetch } from '../testing/scripted-fetch.js';
import { describeError } from './api-error.js';
import { nextPage, sendRequest } from './http-client.js';

describe('nextPage', () => {
  it('reads path and query of the next page', () => {
    const headers = new Headers({ Link: '</a?cursor=b%3D>; rel="next", </z>; rel="first"' });
    expect(nextPage(headers)).toBe('/a?cursor=b%3D');
  });

  it('is null on the last page', () => {
    expect(nextPage(new Headers())).toBeNull();
    expect(nextPage(new Headers({ Link: '</a>; rel="prev"' }))).toBeNull();
  });

  it('never leads to another host', () => {
    expect(nextPage(new Headers({ Link: '<https://evil.example/a?b>; rel="next"' }))).toBe('/a?b');
  });
});

describe('errors', () => {
  const get = () => sendRequest({ method: 'GET', path: '/x' });

  it('carry the sentence of the problem document', async () => {
    scriptFetch(() => answer({ type: '/problems/not-found', detail: 'It is gone.' }, 404));
    const error: unknown = await get().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ status: 404, code: 'not-found' });
    expect(describeError(error)).toBe('It is gone.');
  });

  it('make sense of an answer that is no problem document', async () => {
    scriptFetch(() => new Response('<html>Bad gateway</html>', { status: 502 }));
    const error: unknown = await get().catch((thrown: unknown) => thrown);
    expect(describeError(error)).toBe('The server answered with status 502.');
  });

  it('say how long to wait after too many tries', async () => {
    scriptFetch(() =>
      answer({ type: '/problems/too-many-requests', detail: 'x' }, 429, { 'Retry-After': '120' }),
    );
    const error: unknown = await get().catch((thrown: unknown) => thrown);
    expect(describeError(error)).toBe('Too many tries. Wait 2 minutes, then try again.');
  });

  it('tell no answer from a bad one', async () => {
    scriptFetch(noAnswer);
    await expect(get()).rejects.toMatchObject({ name: 'UnreachableError' });
  });
});
