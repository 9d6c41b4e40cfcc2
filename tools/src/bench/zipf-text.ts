/** Words of the made-up language; a person who writes a lot uses about as many. */
const VOCABULARY = 40_000;
/** What the texts are made of, for the report. */
export const TEXTS = `${VOCABULARY.toLocaleString('en')} made-up words by Zipf's law, 8 to 72 a message (29 on average), every tenth message with code`;
const ONSETS = 'b c d f g h j k l m n p r s t v w z br ch cl dr fl gr pl pr sh st th tr'.split(' ');
const VOWELS = 'a e i o u ai ea ie oo ou'.split(' ');
const SYLLABLES = ONSETS.flatMap((onset) => VOWELS.map((vowel) => onset + vowel));

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The word of a rank, from 1: short where it is frequent, as in every language. */
export function wordOf(rank: number): string {
  let rest = rank;
  let word = '';
  do {
    word += SYLLABLES[rest % SYLLABLES.length] ?? '';
    rest = Math.floor(rest / SYLLABLES.length);
  } while (rest > 0);
  return word;
}

/** The rank of a word as it comes in a text: the n-th most frequent 1/n as often as the first (Zipf). */
export function randomRank(random: () => number): number {
  return Math.floor(VOCABULARY ** random());
}

/** A message of 8 to 72 words in sentences, every tenth with a block of code. */
export function randomMessage(random: () => number): string {
  const length = 8 + Math.floor(64 * random() ** 2);
  const sentences: string[] = [];
  for (let left = length; left > 0;) {
    const size = Math.min(left, 5 + Math.floor(random() * 12));
    const words = Array.from({ length: size }, () => wordOf(randomRank(random)));
    sentences.push(`${words.join(' ')}.`);
    left -= size;
  }
  const text = sentences.join(' ');
  return random() < 0.1 ? `${text}\n\n\`\`\`\n${wordOf(randomRank(random))}()\n\`\`\`` : text;
}
