import { setTimeout as delay } from 'node:timers/promises';
import { signIn, startProduct, type ApiClient } from '@chat/product-harness';
import { percentile, type Measurement } from './report.js';

const MESSAGES = 500;
/** The first of them starts the process that typesets. */
const PRINTS = 3;
/** How long other requests are measured before, in milliseconds. */
const BEFORE_MS = 4_000;
const PAUSE_MS = 5;

/** How long a PDF takes, and how much longer others wait for their answers meanwhile. */
export async function measurePdf(workspaceRoot: string): Promise<Measurement[]> {
  const product = await startProduct(workspaceRoot, {
    env: { NODE_ENV: 'production', DEMO_USERS: 'true' },
  });
  try {
    const user = await signIn(product.url);
    const { _id } = await user.createSession('A long conversation');
    for (let i = 0; i < MESSAGES; i += 1) {
      await user.send(_id, messageText(i), i % 2 === 0 ? 'user' : 'assistant');
    }
    const others = `${product.url}/chat/sessions?limit=25`;
    const document = `${product.url}/chat/sessions/${_id}/export?format=pdf`;
    const before = await answersUntil(user, others, delay(BEFORE_MS));
    const took: number[] = [];
    const meanwhile: number[] = [];
    for (let i = 0; i < PRINTS; i += 1) {
      const began = performance.now();
      const printed = print(user, document).then(() => took.push(performance.now() - began));
      meanwhile.push(...(await answersUntil(user, others, printed)));
    }
    const [usual, delayed] = [percentile(before, 95), percentile(meanwhile, 95)];
    return [
      {
        what: `PDF of ${MESSAGES} messages`,
        value: Math.max(...took),
        unit: 'ms',
        bar: { atMost: 5_000 },
        detail: `the first ${Math.round(took[0] ?? 0)} ms, then ${Math.round(took.at(-1) ?? 0)} ms`,
      },
      {
        what: 'p95 of other requests meanwhile against before',
        value: delayed - usual,
        unit: 'ms',
        bar: { atMost: 50 },
        detail: `${delayed.toFixed(1)} against ${usual.toFixed(1)} ms, ${meanwhile.length} requests`,
      },
    ];
  } finally {
    await product.stop();
  }
}

async function print({ token }: ApiClient, url: string): Promise<void> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  const bytes = Buffer.from(await response.arrayBuffer());
  if (!response.ok || bytes.subarray(0, 5).toString() !== '%PDF-') {
    throw new Error(`${url} answered ${response.status}: ${bytes.subarray(0, 300).toString()}`);
  }
}

/** The milliseconds of one request after the other until something has ended. */
async function answersUntil(
  { token }: ApiClient,
  url: string,
  end: Promise<unknown>,
): Promise<number[]> {
  const over = end.then(() => true);
  const took: number[] = [];
  do {
    const began = performance.now();
    const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
    await response.arrayBuffer();
    took.push(performance.now() - began);
    if (!response.ok) throw new Error(`${url} answered ${response.status}.`);
  } while (!(await Promise.race([over, delay(PAUSE_MS, false)])));
  return took;
}

/** What a technical conversation is made of: prose, lists, code, a table, several scripts. */
function messageText(index: number): string {
  const prose =
    'The first thing to look at is where the time goes, and not where one believes it goes. ';
  const parts = [
    prose.repeat(4),
    `## Step ${index}\n\n${prose.repeat(2)}\n\n- one\n- two with *emphasis*\n- three with \`code\``,
    `\`\`\`ts\nexport function step${index}(input: string): number {\n  // Counts the words.\n  return input.split(/\\s+/).filter(Boolean).length;\n}\n\`\`\``,
    `| name | value |\n|------|------:|\n| a | ${index} |\n| b | **2** |`,
    'Съешь же ещё этих мягких французских булок. 你好，世界。 こんにちは世界。',
    `> ${prose}\n\n1. first\n2. second, see [the page](https://example.org/${index})`,
    'مرحبا بالعالم، هذا نص عربي. שלום עולם.',
  ];
  return [parts[index % parts.length], parts[(index + 3) % parts.length]].join('\n\n');
}
