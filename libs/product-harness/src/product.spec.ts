import { readyUrl } from './product.js';

describe('the line that says ready', () => {
  it('is read in its readable form', () => {
    expect(readyUrl('Chat is ready at http://localhost:8000/chat-ui')).toBe(
      'http://localhost:8000',
    );
  });

  it('is read as a structured log line', () => {
    expect(readyUrl('{"level":30,"msg":"Ready at http://127.0.0.1:4123/chat-ui"}')).toBe(
      'http://127.0.0.1:4123',
    );
  });

  it('is no other line with an address', () => {
    expect(readyUrl('Listening on http://127.0.0.1:4123')).toBeUndefined();
    expect(readyUrl('Almost ready')).toBeUndefined();
  });
});
