import { isForeign } from './request-origin.js';

const host = 'localhost:8000';

describe('isForeign', () => {
  it.each([
    ['a client that is no browser', { site: undefined, origin: undefined, host }],
    ['our own page', { site: 'same-origin', origin: 'http://localhost:8000', host }],
    ['our own page over plain http', { site: undefined, origin: 'http://localhost:8000', host }],
    [
      'our own page behind a proxy that rewrites the host',
      { site: 'same-origin', origin: 'https://chat.example', host },
    ],
    ['an address typed by the user', { site: 'none', origin: undefined, host }],
    [
      'a host that names the default port',
      { site: undefined, origin: 'https://chat.example', host: 'chat.example:443' },
    ],
    [
      'a host in upper case',
      { site: undefined, origin: 'http://chat.example', host: 'Chat.Example' },
    ],
  ])('lets through %s', (_who, request) => {
    expect(isForeign(request)).toBe(false);
  });

  it.each([
    ['another site', { site: 'cross-site', origin: 'https://evil.example', host }],
    ['another site that says nothing else', { site: 'cross-site', origin: undefined, host }],
    ['another port of the same host', { site: 'same-site', origin: 'http://localhost:3000', host }],
    ['another origin over plain http', { site: undefined, origin: 'http://evil.example', host }],
    ['another port over plain http', { site: undefined, origin: 'http://localhost:3000', host }],
    ['a sandboxed frame', { site: undefined, origin: 'null', host }],
    ['an origin that is no URL', { site: undefined, origin: '%%', host }],
    ['a host that is no host', { site: undefined, origin: 'http://localhost:8000', host: '' }],
    ['a value of Sec-Fetch-Site that nobody knows', { site: 'same', origin: undefined, host }],
  ])('stops %s', (_who, request) => {
    expect(isForeign(request)).toBe(true);
  });
});
