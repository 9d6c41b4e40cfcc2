import { Passwords } from './passwords.js';

describe('Passwords', () => {
  const passwords = new Passwords();

  it('hashes with Argon2id and the parameters that OWASP recommends', async () => {
    expect(await passwords.hash('alicepass123')).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('salts: one password has a different hash each time', async () => {
    expect(await passwords.hash('alicepass123')).not.toBe(await passwords.hash('alicepass123'));
  });

  it('accepts the right password and refuses a wrong one', async () => {
    const stored = await passwords.hash('alicepass123');
    expect(await passwords.verify(stored, 'alicepass123')).toBe(true);
    expect(await passwords.verify(stored, 'Alicepass123')).toBe(false);
    expect(await passwords.verify(stored, '')).toBe(false);
  });

  it('takes the two ways to write one character for the same', async () => {
    const stored = await passwords.hash('caf\u00e9-caf\u00e9');
    expect(await passwords.verify(stored, 'cafe\u0301-cafe\u0301')).toBe(true);
  });

  it('refuses every password of a user who does not exist', async () => {
    expect(await passwords.verify(undefined, 'alicepass123')).toBe(false);
    expect(await passwords.verify(undefined, '')).toBe(false);
  });
});
