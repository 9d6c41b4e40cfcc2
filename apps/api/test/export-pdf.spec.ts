import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PdfService } from '../src/export/pdf/pdf.service.js';
import { expectProblem, type ApiClient } from './support/api-client.js';
import { temporaryDir } from './support/database.js';
import { download } from './support/downloads.js';
import { startTestApp, type TestApp } from './support/test-app.js';

const run = promisify(execFile);

/** What each script is asked to survive: several lines, its own punctuation and digits. */
const SCRIPTS: readonly (readonly [name: string, text: string])[] = [
  [
    'Latin',
    'Efficient waffles flow off the fjord: Žluťoučký kůň, Þór, naïve façade, Straße, İstanbul, Đặng Thị Hồng Ngọc. “Quotes”, ‘marks’, dashes – and — more… 50 % of €100 and £7 ≠ ½.',
  ],
  [
    'Cyrillic',
    'Съешь же ещё этих мягких французских булок, да выпей чаю. Жебракують філософи при ґанку церкви в Гадячі. Ђаче, уштеду плаћај жаљењем због џиновских цифара.',
  ],
  [
    'Greek',
    'Ξεσκεπάζω την ψυχοφθόρα βδελυγμία. Ταχίστη αλώπηξ βαφής ψημένη γη, δρασκελίζει υπέρ νωθρού κυνός. Ἄνδρα μοι ἔννεπε, Μοῦσα.',
  ],
  [
    'Arabic',
    'نص حكيم له سر قاطع وذو شأن عظيم مكتوب على ثوب أخضر ومغلف بجلد أزرق. أبجد هوز، حطي كلمن؛ سعفص قرشت. هل تعلم كم سنة مضت؟ كانت ١٢٣ سنة. الحمد لله رب العالمين.',
  ],
  [
    'Hebrew',
    'דג סקרן שט בים מאוכזב ולפתע מצא חברה. עטלף אבק נס דרך מזגן שהתפוצץ כי חם! האם זה נכון? שלום לכולם, ולהתראות.',
  ],
  [
    'Chinese',
    '天地玄黃，宇宙洪荒。日月盈昃，辰宿列張。视野无限广，窗外有蓝天。我能吞下玻璃而不伤身体。「引號」與《書名》、問號？',
  ],
  [
    'Japanese',
    'いろはにほへと ちりぬるを。わかよたれそ つねならむ。日本語の文章には漢字とカタカナとひらがなが混ざります。「こんにちは」、ありがとうございました！',
  ],
  [
    'Korean',
    '키스의 고유조건은 입술끼리 만나야 하고 특별한 기술은 필요치 않다. 다람쥐 헌 쳇바퀴에 타고파. 안녕하세요, 감사합니다!',
  ],
  [
    'emoji',
    'Faces 😀 🥲 hands 👍🏽 families 👨‍👩‍👧 👩🏾‍💻 flags 🇩🇪 🇯🇵 🏴󠁧󠁢󠁥󠁮󠁧󠁿 hearts ❤️ keys 1️⃣ signs ✅ 🎉 done.',
  ],
  [
    'Arabic with vowels',
    'بِسْمِ اللَّهِ الرَّحْمَنِ الرَّحِيمِ. السَّلَامُ عَلَيْكُمْ وَرَحْمَةُ اللهِ وَبَرَكَاتُهُ؛ لَا إِلَهَ إِلَّا اللَّهُ، هَلْ تَعْلَمُ؟ كِتَابٌ جَدِيدٌ لِلْأَطْفَالِ. إِنَّآ أَعۡطَيۡنَٰكَ ٱلۡكَوۡثَرَ فَصَلِّ لِرَبِّكَ وَٱنۡحَرۡ. نِنِنِ بَّبَّ',
  ],
  ['Arabic ligatures', 'السلام عليكم ولا إله إلا الله لأن الآن لإيمان والأطفال. سلام لالالا ﷺ'],
  [
    'Hebrew with points',
    'בְּרֵאשִׁית בָּרָא אֱלֹהִים אֵת הַשָּׁמַיִם וְאֵת הָאָרֶץ. וְחֹשֶׁךְ עַל־פְּנֵי תְהוֹם; הַטְּעָמִ֖ים בָּרָ֣א אֱלֹהִ֑ים אֵ֥ת הַשָּׁמַ֖יִם וְאֵ֥ת הָאָֽרֶץ׃ שׂשׁ שָׁשָׁ יִשְׂרָאֵל ש״ס צ׳ מרחפת על פני המים!',
  ],
  [
    'Persian',
    'نمی‌دانم؛ خانه‌ای می‌سازم که پنجره‌هایش رو به دریاست. «گیومه» هم هست. گچ پژ، کتاب‌ها ۱۲۳۴ یک',
  ],
  ['Urdu', 'یہ ایک اُردُو جُملہ ہے جس میں اِعراب بھی ہیں۔ لاہور، پاکستان ۱۹۴۷ء میں۔ ٹھیک ڈاکٹر ڑ ں ے'],
  [
    'Vietnamese',
    'Tiếng Việt rất đẹp: ngữ nghĩa, Nguyễn, ướt. Tie\u0302\u0301ng Vie\u0323\u0302t u\u031b\u0303 o\u031b\u0323',
  ],
  [
    'combining accents',
    'e\u0301 a\u0308\u0304 o\u0302\u0323 x\u0307 q\u0323\u0307 n\u0303 q\u0323\u0307q\u0323\u0307 a\u0301\u0302\u0303\u0304 b\u0323\u0324\u0325',
  ],
  [
    'Thai',
    'สวัสดีครับ น้ำใจ ที่นี่ ไม่รู้ ปู่ปู่ป่า กำลัง ซื้อ ภาษาไทยเป็นภาษาที่มีระดับเสียงของคำแน่นอนหรือวรรณยุกต์เช่นเดียวกับภาษาจีน',
  ],
  [
    'Devanagari',
    'नमस्ते दुनिया। क्षत्रिय हिन्दी विद्यार्थी श्री कर्म ज्ञान, हिहिहि कृकृ क्‍ष क्‌ष हृदय र्‍य किंकर्तव्यविमूढ़ १२३',
  ],
  ['Bengali', 'বাংলা ভাষা, আমার সোনার বাংলা। ক্ষমতা কোথায়?'],
  ['Tamil', 'வணக்கம் தமிழ் மொழி கொடு ஸ்ரீ'],
  ['Telugu', 'నమస్కారం తెలుగు భాష క్షేత్రం'],
  ['Gujarati', 'ગુજરાતી ભાષા ક્ષમા શ્રી'],
  ['Gurmukhi', 'ਪੰਜਾਬੀ ਬੋਲੀ ਸ੍ਰੀ'],
  ['Kannada', 'ಕನ್ನಡ ಭಾಷೆ ಕ್ಷಮೆ ಕೊಡು'],
  ['Malayalam', 'മലയാളം ഭാഷ ക്ഷമ കൊല്ലം'],
  ['Sinhala', 'සිංහල භාෂාව ශ්‍රී ලංකා'],
  ['Khmer', 'ភាសាខ្មែរ កម្ពុជា'],
  ['Lao', 'ພາສາລາວ ນ້ຳ ກຳລັງ'],
  ['Burmese', 'မြန်မာဘာသာ ကျေးဇူးတင်ပါတယ်'],
  ['Armenian', 'Հայերեն լեզու եւ այբուբեն։'],
  ['Georgian', 'ქართული ენა და ანბანი.'],
  ['Amharic', 'አማርኛ ቋንቋ ነው።'],
  ['scripts without a font', 'བོད་སྐད་ བཀྲ་ཤིས ᏣᎳᎩ \ue000 \u{10fffd}'],
  ['Syriac and Thaana', 'ܫܠܡܐ ܥܠܡܐ ދިވެހިބަސް'],
  [
    'decomposed letters',
    '\u1112\u1161\u11ab\u1100\u1173\u11af か\u3099き\u3099 は\u309a α\u0313\u0301 и\u0306 е\u0308 ˈfəʊnɛ̃tɪk t͡ʃ ŋ̊ 葛\u{e0100}城',
  ],
  [
    'other letters of Arabic',
    'کوردی ڵ ێ ۆ ڕ ئۇيغۇرچە تىل پښتو ډ ړ ګ ڼ ې ۍ سنڌي ٻولي ڄ ڃ ٿ مـــرحـــبا',
  ],
  ['Yiddish', 'ייִדיש איז אַ שפּראַך פֿון ײַ'],
  [
    'numbers in Arabic',
    'قال: «مرحبا (بكم) جميعا!» ثم ذهب... 50% من 100؟ نعم! [١] و{٢} ثم 12 34 56 و10:30 - 11:45 و 2024-01-02، خذ Type(16) ثم "Vue 3"! 5670 والسعر 1,234.56 دولار و+20 أو -5 درجات، البريد a@b.org والموقع https://example.org/x?y=1 هنا. (انظر [1], [2])',
  ],
  [
    'numbers in Hebrew',
    "בשנת 2024-01-02 היו 50% מהאנשים (כ-100) בגובה 1.80 מ'; מחיר: $5.99, או 20₪. Node 20 ו-TypeScript 5.4! טלפון 03-1234567. וכאן עוד משפט ארוך בעברית, כדי שרוב האותיות בדף יהיו עבריות ולא לטיניות.",
  ],
  [
    'Latin words in Arabic',
    'استخدم TypeScript مع (Node) و [Vue 3] في المشروع الكبير! ثم «TypeScript» أو "Rust"؛ وهذا كله نص عربي طويل بما يكفي ليكون أكثر ما في الصفحة (انتهى). 🎉 مرحبا 👨‍👩‍👧 بكم 👍🏽 يا أصدقاء ❤️ جدا',
  ],
  [
    'Arabic and Hebrew words in English',
    'The words السَّلامُ and שָׁלוֹם mean peace, he said (السلام) and "שלום"! then [سلام], ok.',
  ],
];

/** What pdftotext adds around each run, and what the page has at its foot. */
const MARKS = /[\u200e\u200f\u202a-\u202e]/g;
const PAGE_NUMBER = /^\d+ ?\/ ?\d+$/gm;

/** The letters in their order: what a line break or the space at one hides is no text. */
function letters(text: string): string {
  return text.replace(MARKS, '').replace(PAGE_NUMBER, '').replace(/\s+/g, '');
}

describe('the PDF of a session', () => {
  let server: TestApp;
  let me: ApiClient;
  let dir: string;

  beforeAll(async () => {
    server = await startTestApp();
    me = await server.newUser();
    dir = await temporaryDir();
  });
  afterAll(() => server.stop());

  async function print(id: string, query = ''): Promise<string> {
    const { status, bytes } = await download(me, `/chat/sessions/${id}/export?format=pdf${query}`);
    expect([status, bytes.subarray(0, 5).toString()]).toEqual([200, '%PDF-']);
    const file = join(dir, `${id}.pdf`);
    await writeFile(file, bytes);
    return file;
  }

  /** Reading order: pdftotext's own, which puts the runs of a line in the order they are read. */
  async function textOf(file: string): Promise<string> {
    const { stdout } = await run('pdftotext', ['-enc', 'UTF-8', file, '-']);
    return stdout;
  }

  const info = async (file: string): Promise<string> => (await run('pdfinfo', [file])).stdout;

  async function sessionOf(title: string, ...texts: string[]): Promise<string> {
    const { _id } = await me.createSession(title);
    for (const text of texts) await me.send(_id, text);
    return _id;
  }

  /** All that stands in the document of these messages. */
  async function everything(id: string): Promise<string> {
    const { title, created_at } = await me.getSession(id);
    const time = (iso: string): string => `${iso.slice(0, 16).replace('T', ' ')} UTC`;
    const messages = await me.messages(id);
    return [
      title,
      `Begun ${time(created_at)}`,
      ...messages.map((one) => `You ${time(one.created_at)} ${one.content}`),
    ].join('\n');
  }

  it.each(SCRIPTS)('has the text that was sent: %s', async (name, text) => {
    const id = await sessionOf(name, text);
    expect(letters(await textOf(await print(id)))).toBe(letters(await everything(id)));
  });

  it('has the text that was sent: all scripts in one session', async () => {
    // pdftotext reads a whole page in one direction, that of most of its letters. Where a line of the
    // other direction changes it inside (with a number, a stop, a word), it takes the pieces in the
    // page's order: the pages of their own, above, have those lines.
    const texts = SCRIPTS.map(([, text]) =>
      /^[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}]/u.test(text)
        ? (text.split(/[.،:\p{Nd}\p{Script=Latin}]/u)[0] ?? '')
        : (text.split(/[\p{Script=Arabic}\p{Script=Hebrew}]/u)[0] ?? ''),
    );
    const id = await sessionOf('All of them', ...texts);
    expect(letters(await textOf(await print(id)))).toBe(letters(await everything(id)));
  });

  it('has the text that was sent: in headings, lists, quotes, tables and code', async () => {
    const parts = [
      ['# ', 'عنوانٌ لِلسَّلام'],
      ['- ', 'بندٌ أوَّل مع رابطٍ'],
      ['> ', 'اقتباسٌ لِلنَّصِّ'],
      ['```\n', 'لا إِلَهَ إِلَّا', '\n```'],
      ['# ', 'כּוֹתֶרֶת'],
      ['> ', 'צִיטוּט'],
      ['# ', 'हिन्दी शीर्षक'],
      ['```js\n', '// टिप्पणी क्षत्रिय', '\n```'],
      ['- ', 'ข้อที่น้ำ'],
      ['|', 'ชื่อ', '|\n|---|\n'],
    ] as const;
    const text = parts.map(([before, one, after = '']) => `${before}${one}${after}`).join('\n\n');
    const read = letters(await textOf(await print(await sessionOf('Blocks', text))));
    expect(parts.map(([, one]) => letters(one)).filter((one) => !read.includes(one))).toEqual([]);
  });

  it('has text in bold, in links and in code that was written so, letter by letter', async () => {
    const text = 'هذا **بندٌ ثانٍ** و*مائلٌ* و[رابطٌ](https://example.org/) و`رمزٌ` في السَّطْرِ';
    const read = letters(await textOf(await print(await sessionOf('خطوط', text))));
    expect(read).toContain(letters('هذا بندٌ ثانٍ ومائلٌ ورابطٌ ورمزٌ في السَّطْرِ'));
  });

  it.each([
    ['Arabic', 'ابتثجحخدذرزسشصضطظعغفقكلمنهوي'],
    ['Hebrew', 'אבגדהוזחטיכלמנסעפצקרשת'],
  ])('has a word of %s that fills lines in the order of its letters', async (name, alphabet) => {
    const word = alphabet.repeat(6);
    // Most of the page runs to the right, or pdftotext would read all of it to the left.
    const text = `The word ${word} is long

${'and all the rest is English '.repeat(20)}`;
    const read = letters(await textOf(await print(await sessionOf(name, text))));
    expect(read).toContain(letters(`The word ${word} is long`));
    const inRightToLeft = await sessionOf(name, `${SCRIPTS[3]?.[1] ?? ''}\n\n${word}`);
    expect(letters(await textOf(await print(inRightToLeft)))).toContain(word);
  });

  it('has Latin words and numbers at their place in lines that run from right to left', async () => {
    const text = `${SCRIPTS[3]?.[1] ?? ''}\n\nاستخدم TypeScript مع Node 20 في المشروع الكبير`;
    const id = await sessionOf('مختلط', text, text);
    const read = letters(await textOf(await print(id)));
    expect(read).toContain(letters('استخدم TypeScript مع Node 20 في المشروع الكبير'));
  });

  it('is tagged, named and numbered, with its fonts inside', async () => {
    const id = await sessionOf('Заметки № 1', ...Array.from({ length: 30 }, () => 'a\n\nb\n\nc'));
    const file = await print(id);
    const about = await info(file);
    expect(about).toMatch(/^Title:\s+Заметки № 1$/m);
    expect(about).toMatch(/^Tagged:\s+yes$/m);
    expect(about).toMatch(/^JavaScript:\s+no$/m);
    const pages = Number(/^Pages:\s+(\d+)$/m.exec(about)?.[1]);
    expect(pages).toBeGreaterThan(1);
    const text = await textOf(file);
    for (const page of [1, pages]) {
      expect(text).toMatch(new RegExp(`^${page} ?/ ?${pages}$`, 'm'));
    }
    const { stdout: fonts } = await run('pdffonts', [file]);
    const rows = fonts.trim().split('\n').slice(2);
    expect(rows.length).toBeGreaterThan(1);
    // Embedded, as a subset, with its letters named.
    for (const row of rows) expect(row).toMatch(/\byes\s+yes\s+yes\b/);
    const { stdout: tags } = await run('pdfinfo', ['-struct', file]);
    expect(tags).toContain('H2');
  });

  it('has what Markdown means: headings, lists, tables, quotes, code', async () => {
    const id = await sessionOf(
      'Markdown',
      '# Top\n\n- one\n- two\n  1. deep\n\n> quoted\n\n| a | b |\n|---|--:|\n| c | d |\n\n```js\nconst x = "1"; // y\n```\n\n**strong** *soft* ~~gone~~ `code` [link](https://example.org/) ![alt](https://example.org/i.png)\n\n---',
    );
    const file = await print(id);
    const text = await textOf(file);
    expect(text).not.toMatch(/[#*~`|]|---/);
    expect(text).toContain('const x = "1"; // y');
    expect(text).toContain('Image: alt');
    const { stdout: tags } = await run('pdfinfo', ['-struct', file]);
    for (const tag of ['H3', 'LI', 'Table', 'TH', 'TD', 'BlockQuote', 'Code', 'Link']) {
      expect(tags).toMatch(new RegExp(`^\\s*${tag}\\b`, 'm'));
    }
  });

  it('takes nothing that anybody wrote for a part of the program', async () => {
    const hostile = [
      '#read("/etc/passwd") #eval("1+1") #let x = 1; #import "@preview/x:1.0.0": *',
      '$ sum_(i=1)^n $ \\u{41} @label <label> = Heading // comment /* more */ ~ \\',
      '```typ\n#panic("no") #include "/etc/passwd"\n```',
      '"]) #panic() #("',
      '<script>alert(1)</script> &amp; &#x41;',
      '`#panic()` [#panic()](https://example.org/#panic())',
    ];
    const id = await sessionOf('#panic("title") $x$ *b* "]', ...hostile);
    const text = letters(await textOf(await print(id)));
    expect(text).toContain(letters('#panic("title") $x$ *b* "]'));
    expect(text).toContain(letters('#read("/etc/passwd") #eval("1+1") #let x = 1;'));
    expect(text).toContain(letters('$ sum_(i=1)^n $ \\u{41} @label <label> = Heading // comment'));
    expect(text).toContain(letters('#panic("no") #include "/etc/passwd"'));
    expect(text).toContain(letters('"]) #panic() #("'));
    expect(text).toContain(letters('<script>alert(1)</script> & A'));
    expect(text).not.toContain('root:');
  });

  it('is made of anything: deep nesting, long words, wide tables, controls, odd numbers', async () => {
    const odd = [
      `${'> '.repeat(300)}deep`,
      `${'- '.repeat(200)}deeper`,
      `${'['.repeat(2_000)}x${'](y)'.repeat(2_000)}`,
      `${'**a *b '.repeat(500)}c`,
      'w'.repeat(100_000),
      `|${' c |'.repeat(200)}\n|${'---|'.repeat(200)}\n|${' d |'.repeat(200)}`,
      '| lonely |\n|---|',
      '999999999. far\n1. near',
      'null \u0001\u0007\u001b bell \ufffe \uffff \u{10ffff}',
      '\u202eturned\u2066 isolate',
      '```\n```\n\n`` ` ``\n\n    \n\n>\n\n-\n\n#',
      `\`\`\`js\n${'x'.repeat(5_000)}\n\`\`\``,
      `[a](https://example.org/${'b'.repeat(9_000)})`,
      '![](https://example.org/) ![x](data:image/png;base64,AAAA)',
    ];
    const id = await sessionOf('Odd \u0007', ...odd);
    const text = await textOf(await print(id, '&branch=all'));
    const words = ['deep', 'deeper', 'far', 'near', 'bell', 'lonely'];
    expect(words.filter((word) => !text.includes(word))).toEqual([]);
    expect(letters(text).split('w'.repeat(100_000))).toHaveLength(2);
  });

  it('is not made where it would be too large, and says what else there is', async () => {
    const { _id } = await me.createSession('Too long');
    for (let i = 0; i < 11; i += 1) await me.send(_id, 'Words. '.repeat(14_000));
    const answer = await me.call('GET', `/chat/sessions/${_id}/export?format=pdf`);
    expect(expectProblem(answer, 413, 'payload-too-large').detail).toMatch(/HTML/);
    const html = await download(me, `/chat/sessions/${_id}/export?format=html`);
    expect([html.status, html.bytes.length > 1_000_000]).toEqual([200, true]);
  });

  it('is a clear 503 where the process that typesets ends, and works the next time', async () => {
    const id = await sessionOf('Crash', 'hello');
    await print(id);
    const service = server.app.get(PdfService);
    const { processId } = service;
    expect(processId).toBeGreaterThan(0);
    const answer = me.call('GET', `/chat/sessions/${id}/export?format=pdf`);
    process.kill(processId ?? 0, 'SIGKILL');
    const { status } = await answer;
    // It may have been dead already when it was asked: then another one was started.
    if (status !== 200) expectProblem(await answer, 503, 'unavailable');
    expect(await textOf(await print(id))).toContain('hello');
    expect(service.processId).not.toBe(processId);
  });
});
