import { attachment, toFileName } from './file-name.js';

describe('a file name from a title', () => {
  it.each([
    ['a / b \\ c : d', 'a _ b _ c _ d'],
    ['../../etc/passwd', '_.._etc_passwd'],
    ['say "hi" <now>|*?', 'say _hi_ _now____'],
    ['one\ntwo\t\u0000three', 'one two three'],
    ['photo\u202egpj.exe', 'photo gpj.exe'],
    ['zero\u200bwidth\ufeff', 'zero width'],
    ['  ...hidden...  ', 'hidden'],
    ['CON', '_CON'],
    ['lpt1.txt', '_lpt1.txt'],
    ['', 'Chat'],
    ['\u202e\u200f', 'Chat'],
    ['half \ud83d', 'half'],
    ['👨‍👩‍👧 family', '👨‍👩‍👧 family'],
    ['Überlegungen 中文 مثال', 'Überlegungen 中文 مثال'],
  ])('makes %j %j', (title, name) => {
    expect(toFileName(title)).toBe(name);
  });

  it('cuts what is too long between graphemes', () => {
    const name = toFileName('👨‍👩‍👧'.repeat(100));
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(180);
    expect(name.replaceAll('👨‍👩‍👧', '')).toBe('');
  });
});

describe('Content-Disposition', () => {
  it('says the name in UTF-8 and in ASCII', () => {
    expect(attachment("Tëst (1)'s 中.md")).toBe(
      "attachment; filename=\"Test (1)'s _.md\"; filename*=UTF-8''T%C3%ABst%20%281%29%27s%20%E4%B8%AD.md",
    );
  });

  it('has an ASCII name also where no letter is one', () => {
    expect(attachment('中文.pdf')).toContain('filename="chat.pdf"');
  });

  it('is one line of visible ASCII for any title', () => {
    for (const title of ['a\r\nSet-Cookie: x=1', '"; filename="evil.exe', '\u0000%00', 'é\\"']) {
      const header = attachment(`${toFileName(title)}.txt`);
      expect(header).toMatch(/^[ -~]+$/);
      expect(header).toMatch(
        /^attachment; filename="[^"\\%]*"; filename\*=UTF-8''[\w.!#$&+^`|~%-]+$/,
      );
    }
  });
});
