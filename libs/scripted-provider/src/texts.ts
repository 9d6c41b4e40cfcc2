/** What the short scenarios say: one line of prose, each word its own event. */
export const PROSE =
  'A lighthouse keeper writes down every ship that passes. Most days the list is short. ' +
  'On the day of the storm it was empty, and she wrote that down as well, because an empty ' +
  'line that somebody vouches for is worth more than a gap that nobody can explain.';

/** Characters of one to four bytes in UTF-8, joined emoji and combining marks. */
export const MULTI_BYTE =
  'Grüße aus Zürich — 東京の天気は晴れ。 Привет, мир! 👩‍👩‍👧‍👦 und 🇨🇭 neben é und é, नमस्ते, 𝄞.';

export const THOUGHTS =
  'The question is short, so the answer should be too. First the fact, then the reason for it.';

/** What a model that explains a technical matter answers, with everything the page can render. */
export const TECHNICAL_ANSWER = `# Exponential back-off, from the formula to the code

A client that retries at once makes a busy server busier. It should wait, and wait **longer each
time**. With a base delay $b$ and a cap $c$, the wait before retry $n$ is drawn from

$$
w_n \\sim \\mathcal{U}\\left(0,\\ \\min\\left(c,\\ b \\cdot 2^{n}\\right)\\right), \\qquad
\\mathbb{E}[w_n] = \\tfrac{1}{2} \\min\\left(c,\\ b \\cdot 2^{n}\\right)
$$

The random part is not decoration: without it, all clients that failed together come back together.

## In TypeScript

\`\`\`ts
export async function withBackOff<T>(
  attempt: () => Promise<T>,
  { tries = 4, baseMs = 200, capMs = 5_000 } = {},
): Promise<T> {
  for (let n = 0; ; n += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (n + 1 >= tries || !isTransient(error)) throw error;
      const ceiling = Math.min(capMs, baseMs * 2 ** n);
      await delay(Math.random() * ceiling);
    }
  }
}
\`\`\`

## What is worth a retry

| status | meaning            | retry? | wait                 |
| ------ | ------------------ | :----: | -------------------- |
| 408    | request timed out  |  yes   | back-off             |
| 429    | too many requests  |  yes   | as \`Retry-After\` says |
| 500    | the server failed  |  yes   | back-off             |
| 400    | the request is bad |   no   | never                |

## How a request travels

\`\`\`mermaid
sequenceDiagram
  participant C as Client
  participant S as Server
  C->>S: POST /orders (key 7f3a)
  S--xC: 503, the answer is lost
  Note over C: waits 0 to 200 ms
  C->>S: POST /orders (key 7f3a)
  S-->>C: 201, stored once
\`\`\`

## Before it goes live

- [x] Every write carries an idempotency key
- [x] The total time has a limit, not only the number of tries
- [ ] An alert fires when more than 1 % of all requests are retries

> A retry without an idempotency key is a second order.

The expected total wait of four tries with $b = 200$ ms is
$100 + 200 + 400 = 700$ ms; measure it before you believe it.
`;
