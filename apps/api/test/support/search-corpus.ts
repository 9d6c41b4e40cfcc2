/** A sentence of the corpus, found again by its key. */
export interface CorpusText {
  readonly key: string;
  readonly text: string;
}

/** A session with its messages, oldest first; its own key is that of its title. */
export interface CorpusSession {
  readonly key: string;
  readonly title: string;
  readonly messages: readonly CorpusText[];
}

/** A query with what it should find: 3 what was looked for, 2 good, 1 better than nothing. */
export interface LabelledQuery {
  readonly language: string;
  readonly q: string;
  readonly relevant: Readonly<Record<string, 1 | 2 | 3>>;
}

function session(key: string, title: string, ...texts: string[]): CorpusSession {
  return { key, title, messages: texts.map((text, i) => ({ key: `${key}${i + 1}`, text })) };
}

export const CORPUS: readonly CorpusSession[] = [
  session(
    'en-garden',
    'Tomatoes on the balcony',
    'My tomato plants get yellow leaves although I water them every evening.',
    'Yellow leaves at the bottom often mean that the soil stays too wet. Water in the morning instead.',
    'Could it also be a lack of magnesium?',
    'It could: then the veins stay green while the leaf around them turns yellow.',
    'Tomatoes in pots need a liquid fertiliser every other week from June on.',
  ),
  session(
    'en-code',
    'A race in the upload queue',
    'Two workers take the same job from the queue now and then. How do I lock a row in PostgreSQL?',
    "Use `SELECT … FOR UPDATE SKIP LOCKED`:\n\n```sql\nSELECT id FROM jobs WHERE state = 'new' FOR UPDATE SKIP LOCKED LIMIT 1;\n```",
    'The queue is empty but the workers still poll the database ten times a second.',
    'Let them listen: NOTIFY wakes a worker as soon as a job is inserted.',
    'What is a mutex, in one sentence? I always mix it up with a semaphore.',
  ),
  session(
    'en-trip',
    'Night trains to Rome',
    'Is there a direct night train from Vienna to Rome in October?',
    'Yes, it leaves Vienna in the evening and reaches Rome after breakfast; book the sleeper early.',
    'Which hotel near the station is quiet?',
    'I would rather sleep on the train than in a hotel near the station.',
  ),
  session(
    'de-haus',
    'Renovierung der Küche',
    'Die Fließen im Bad sind gerissen, und die Straße vor dem Haus ist gesperrt.',
    'Für die Küche brauchen wir einen neuen Geschirrspüler mit höchstens 45 Zentimetern Breite.',
    'Der Maler kommt am Donnerstag und streicht die Decke weiß.',
    'Größere Fugen füllt man zuerst grob, dann fein.',
  ),
  session(
    'de-musik',
    'Übungsplan für das Klavier',
    'Zwanzig Minuten Tonleitern, danach das Präludium in C-Dur.',
    'Die linke Hand spielt zu laut, übe sie zuerst allein.',
    'Ein Metronom hilft, das Tempo des Präludiums zu halten.',
  ),
  session(
    'fr-cuisine',
    'Recettes pour l’été',
    'Un gâteau aux cœurs d’artichaut, est-ce que cela existe vraiment ?',
    'Pour la ratatouille, coupe les légumes en dés et laisse mijoter une heure.',
    'L’œuf doit être à température ambiante avant de monter la mayonnaise.',
    'Le garçon du marché garde les pêches les plus mûres pour moi.',
  ),
  session(
    'es-viaje',
    'Fin de semana en Logroño',
    'Mañana por la mañana salimos hacia Logroño; el autobús tarda cuatro horas.',
    'El pingüino del acuario nació el año pasado.',
    '¿Dónde se comen las mejores croquetas de jamón?',
    'Las croquetas de la calle Laurel no tienen competencia.',
  ),
  session(
    'pl-praca',
    'Rozmowa o pracę w Łodzi',
    'Jutro mam rozmowę kwalifikacyjną w Łodzi, jak się przygotować?',
    'Przejrzyj stronę firmy i przygotuj trzy pytania do rekrutera.',
    'Żółta teczka z dokumentami leży na półce w przedpokoju.',
  ),
  session(
    'cs-hory',
    'Túra na Sněžku',
    'Příliš žluťoučký kůň dnes na Sněžku nepůjde, fouká tam silný vítr.',
    'Lanovka jezdí jen do osmnácti hodin, pak musíme dolů pěšky.',
  ),
  session(
    'ru-kniga',
    'Что почитать зимой',
    'Посоветуй книгу о полярных экспедициях, желательно с картами.',
    'Возьми дневники капитана: там есть и карты, и рисунки ёлок во льдах.',
    'Мой ёжик зимует в коробке под лестницей.',
    'Йогурт к завтраку закончился, купи по дороге домой.',
  ),
  session(
    'el-thalassa',
    'Διακοπές στη θάλασσα',
    'Ποιος λόγος υπάρχει να πάμε στο νησί τον Αύγουστο;',
    'Τον Σεπτέμβριο η θάλασσα είναι πιο ζεστή και τα δωμάτια πιο φθηνά.',
  ),
  session(
    'ar-madrasa',
    'دروس المدرسة',
    'أريد أن أتعلّم قواعد اللغة العربية قبل الامتحان.',
    'ابدأ بالكتاب الأول ثم حلّ التمارين كل يوم.',
    'المكتبة القريبة من المدرسة تفتح في الساعة ٩ صباحًا.',
  ),
  session(
    'he-bishul',
    'ארוחת שבת',
    'כמה זמן צריך לבשל את העדשים למרק?',
    'שָׁלוֹם, המתכון של סבתא נמצא במגירה הימנית.',
    'המרק מוכן כשהעדשים רכות והגזר מתוק.',
  ),
  session(
    'zh-lvxing',
    '北京三日游',
    '我们打算五月去北京，想看长城和故宫。',
    '故宫需要提前七天预约，长城建议去慕田峪。',
    '晚上可以在后海散步，喝一杯热茶。',
    '请把手机充电器和身份证放进背包。',
  ),
  session(
    'ja-ryokou',
    '京都の紅葉',
    '十一月の京都で紅葉がきれいな寺を教えてください。',
    '東福寺と永観堂が有名ですが、朝早く行くのがおすすめです。',
    '東京都から京都までは新幹線で二時間ほどかかります。',
    'がっこうの帰りにパンを買いました。',
  ),
  session(
    'ko-yori',
    '김치찌개 만들기',
    '김치찌개를 끓일 때 돼지고기를 먼저 볶아야 하나요?',
    '네, 돼지고기를 볶은 다음 신김치를 넣고 물을 부으세요.',
    '대한민국에서 가장 오래된 시장은 어디인가요?',
  ),
  session(
    'tr-kahve',
    'İstanbul’da kahve',
    'Işıkları kapatmadan önce kahve makinesini temizle.',
    'Kadıköy’deki küçük dükkân en taze çekirdekleri satıyor.',
  ),
  session('th-ahan', 'อาหารไทย', 'ต้มยำกุ้งต้องใส่ข่าและตะไคร้', 'ร้านข้าวแกงใกล้สถานีเปิดตั้งแต่หกโมงเช้า'),
];

export const QUERIES: readonly LabelledQuery[] = [
  // English
  {
    language: 'English',
    q: 'tomato',
    relevant: { 'en-garden1': 3, 'en-garden5': 2, 'en-garden': 2 },
  },
  {
    language: 'English',
    q: 'yellow leaves',
    relevant: { 'en-garden1': 3, 'en-garden2': 3, 'en-garden4': 1 },
  },
  {
    language: 'English',
    q: '"yellow leaves" soil',
    relevant: { 'en-garden2': 3, 'en-garden1': 1 },
  },
  { language: 'English', q: 'magnesium', relevant: { 'en-garden3': 3 } },
  { language: 'English', q: 'skip locked', relevant: { 'en-code2': 3 } },
  { language: 'English', q: 'lock row postgres', relevant: { 'en-code1': 3, 'en-code2': 1 } },
  { language: 'English', q: 'has:code jobs', relevant: { 'en-code2': 3 } },
  { language: 'English', q: 'mutex semaphore', relevant: { 'en-code5': 3 } },
  {
    language: 'English',
    q: 'queue poll',
    relevant: { 'en-code3': 3, 'en-code1': 1, 'en-code': 1 },
  },
  {
    language: 'English',
    q: 'night train vienna',
    relevant: { 'en-trip1': 3, 'en-trip2': 2, 'en-trip': 2, 'en-trip4': 1 },
  },
  {
    language: 'English',
    q: 'night rome',
    relevant: { 'en-trip': 3, 'en-trip1': 2, 'en-trip2': 1 },
  },
  { language: 'English', q: 'hotel -train', relevant: { 'en-trip3': 3 } },
  { language: 'English', q: 'hotel station quiet', relevant: { 'en-trip3': 3, 'en-trip4': 2 } },
  { language: 'English', q: 'sleep', relevant: { 'en-trip4': 3, 'en-trip2': 2 } },
  // German
  { language: 'German', q: 'strasse', relevant: { 'de-haus1': 3 } },
  { language: 'German', q: 'kuche', relevant: { 'de-haus': 3, 'de-haus2': 2 } },
  { language: 'German', q: 'grossere fugen', relevant: { 'de-haus4': 3 } },
  { language: 'German', q: 'WEISS', relevant: { 'de-haus3': 3 } },
  { language: 'German', q: 'praludium', relevant: { 'de-musik1': 3, 'de-musik3': 2 } },
  { language: 'German', q: 'linke hand', relevant: { 'de-musik2': 3 } },
  { language: 'German', q: 'Übungs', relevant: { 'de-musik': 3 } },
  // French
  { language: 'French', q: 'coeur', relevant: { 'fr-cuisine1': 3 } },
  { language: 'French', q: 'oeuf mayonnaise', relevant: { 'fr-cuisine3': 3 } },
  { language: 'French', q: 'legumes ratatouille', relevant: { 'fr-cuisine2': 3 } },
  { language: 'French', q: 'ete', relevant: { 'fr-cuisine': 3 } },
  { language: 'French', q: 'peche', relevant: { 'fr-cuisine4': 3 } },
  { language: 'French', q: '"garcon du marche"', relevant: { 'fr-cuisine4': 3 } },
  // Spanish
  { language: 'Spanish', q: 'logrono', relevant: { 'es-viaje': 3, 'es-viaje1': 3 } },
  { language: 'Spanish', q: 'pinguino', relevant: { 'es-viaje2': 3 } },
  { language: 'Spanish', q: 'croquetas jamon', relevant: { 'es-viaje3': 3, 'es-viaje4': 2 } },
  { language: 'Spanish', q: 'autobus', relevant: { 'es-viaje1': 3 } },
  { language: 'Spanish', q: '"por la mañana"', relevant: { 'es-viaje1': 3 } },
  // Polish
  { language: 'Polish', q: 'lodzi', relevant: { 'pl-praca': 3, 'pl-praca1': 3 } },
  { language: 'Polish', q: 'zolta teczka', relevant: { 'pl-praca3': 3 } },
  { language: 'Polish', q: 'pytania rekruter', relevant: { 'pl-praca2': 3 } },
  // Czech
  { language: 'Czech', q: 'zlutoucky kun', relevant: { 'cs-hory1': 3 } },
  { language: 'Czech', q: 'lanovka', relevant: { 'cs-hory2': 3 } },
  { language: 'Czech', q: 'snezku', relevant: { 'cs-hory': 3, 'cs-hory1': 2 } },
  // Russian
  { language: 'Russian', q: 'ежик', relevant: { 'ru-kniga3': 3 } },
  { language: 'Russian', q: 'карты', relevant: { 'ru-kniga2': 3 } },
  { language: 'Russian', q: 'полярных экспедициях', relevant: { 'ru-kniga1': 3 } },
  { language: 'Russian', q: 'ЁЛОК', relevant: { 'ru-kniga2': 3 } },
  { language: 'Russian', q: 'иогурт', relevant: { 'ru-kniga4': 3 } },
  // Greek
  { language: 'Greek', q: 'ΛΟΓΟΣ', relevant: { 'el-thalassa1': 3 } },
  { language: 'Greek', q: 'θαλασσα', relevant: { 'el-thalassa': 3, 'el-thalassa2': 2 } },
  { language: 'Greek', q: 'σεπτεμβριο ζεστη', relevant: { 'el-thalassa2': 3 } },
  // Arabic
  { language: 'Arabic', q: 'اتعلم', relevant: { 'ar-madrasa1': 3 } },
  { language: 'Arabic', q: 'المدرسه', relevant: { 'ar-madrasa': 3, 'ar-madrasa3': 3 } },
  { language: 'Arabic', q: 'الساعة 9', relevant: { 'ar-madrasa3': 3 } },
  { language: 'Arabic', q: 'قواعد العربية', relevant: { 'ar-madrasa1': 3 } },
  // Hebrew
  { language: 'Hebrew', q: 'שלום', relevant: { 'he-bishul2': 3 } },
  { language: 'Hebrew', q: 'העדשים', relevant: { 'he-bishul1': 3, 'he-bishul3': 2 } },
  { language: 'Hebrew', q: 'מתוק', relevant: { 'he-bishul3': 3 } },
  // Chinese
  { language: 'Chinese', q: '长城', relevant: { 'zh-lvxing1': 3, 'zh-lvxing2': 3 } },
  { language: 'Chinese', q: '故宫 预约', relevant: { 'zh-lvxing2': 3, 'zh-lvxing1': 1 } },
  {
    language: 'Chinese',
    q: '京',
    relevant: { 'zh-lvxing': 3, 'zh-lvxing1': 2, 'ja-ryokou': 3, 'ja-ryokou1': 2, 'ja-ryokou3': 2 },
  },
  { language: 'Chinese', q: '手机充电器', relevant: { 'zh-lvxing4': 3 } },
  { language: 'Chinese', q: '喝热茶', relevant: {} },
  // Japanese
  {
    language: 'Japanese',
    q: '京都',
    relevant: { 'ja-ryokou': 3, 'ja-ryokou1': 3, 'ja-ryokou3': 2 },
  },
  { language: 'Japanese', q: '紅葉', relevant: { 'ja-ryokou': 3, 'ja-ryokou1': 3 } },
  { language: 'Japanese', q: 'ｶﾞっこう', relevant: {} },
  { language: 'Japanese', q: 'か\u3099っこう', relevant: { 'ja-ryokou4': 3 } },
  { language: 'Japanese', q: '新幹線で', relevant: { 'ja-ryokou3': 3 } },
  // Korean
  { language: 'Korean', q: '돼지고기', relevant: { 'ko-yori1': 3, 'ko-yori2': 3 } },
  { language: 'Korean', q: '김치찌개', relevant: { 'ko-yori': 3, 'ko-yori1': 3 } },
  { language: 'Korean', q: '김치', relevant: { 'ko-yori': 3, 'ko-yori1': 2, 'ko-yori2': 2 } },
  { language: 'Korean', q: '오래된 시장', relevant: { 'ko-yori3': 3 } },
  // Turkish
  { language: 'Turkish', q: 'isiklari', relevant: { 'tr-kahve1': 3 } },
  { language: 'Turkish', q: 'istanbul', relevant: { 'tr-kahve': 3 } },
  { language: 'Turkish', q: 'kucuk dukkan', relevant: { 'tr-kahve2': 3 } },
  // Thai
  { language: 'Thai', q: 'กุ้ง', relevant: { 'th-ahan1': 3 } },
  { language: 'Thai', q: 'สถานี', relevant: { 'th-ahan2': 3 } },
];
