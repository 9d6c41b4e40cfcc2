import { TECHNICAL_ANSWER, type Exchange } from '@chat/scripted-provider';
import type { ChatPage } from './support/chat-page.js';
import { expect, test } from './support/test.js';

/** Says a whole answer and waits until the page knows that it has ended. */
async function answerWith(chat: ChatPage, answer: Exchange, text: string): Promise<void> {
  await answer.say(text);
  await answer.finish();
  await expect(chat.send).toBeVisible();
}

test('31 Copy code gives the exact code, Copy message the Markdown source, and "Copied" is announced', async ({
  context,
  createSessionWith,
  openChat,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const { _id } = await createSessionWith('markdown', 'Copies');
  const chat = await openChat(`/c/${_id}`);
  await chat.write('explain back-off');
  await expect(chat.send).toBeVisible();
  const reply = chat.replies.last();
  const clipboard = (): Promise<string> => chat.page.evaluate(() => navigator.clipboard.readText());
  const code = reply.getByRole('group', { name: 'TypeScript', exact: true });
  await expect(code.getByText('TypeScript', { exact: true })).toBeVisible();
  // Coloured: what is copied is the code all the same.
  await expect(code.locator('.code-keyword').first()).toBeVisible();
  await code.getByRole('button', { name: 'Copy code' }).click();
  await expect(code.getByRole('button', { name: 'Copied' })).toBeVisible();
  await expect(chat.liveRegion).toHaveText('Copied');
  expect(await clipboard()).toBe(/```ts\n([^]*?)\n```/.exec(TECHNICAL_ANSWER)?.[1]);
  const diagram = reply.getByRole('group', { name: 'Diagram', exact: true });
  await expect(diagram.locator('svg').first()).toBeVisible();
  await diagram.getByRole('button', { name: 'Copy code' }).click();
  await expect.poll(clipboard).toBe(/```mermaid\n([^]*?)\n```/.exec(TECHNICAL_ANSWER)?.[1]);
  await reply.hover();
  await reply.getByRole('button', { name: 'Copy message' }).click();
  await expect.poll(clipboard).toBe(TECHNICAL_ANSWER);
});

test('a technical answer is shown with headings, formulas, code, a table, a diagram and tasks', async ({
  createSessionWith,
  openChat,
}) => {
  const { _id } = await createSessionWith('markdown', 'Rendered');
  const chat = await openChat(`/c/${_id}`);
  await chat.write('explain back-off');
  await expect(chat.send).toBeVisible();
  const reply = chat.replies.last();
  await expect(
    reply.getByRole('heading', { name: 'Exponential back-off, from the formula to the code' }),
  ).toBeVisible();
  await expect(reply.locator('.markdown-formula-display .katex')).toBeVisible();
  await expect(reply.getByRole('table').getByRole('columnheader')).toHaveText([
    'status',
    'meaning',
    'retry?',
    'wait',
  ]);
  await expect(reply.getByRole('table').getByRole('row')).toHaveCount(5);
  await expect(reply.locator('.markdown-diagram svg')).toBeVisible();
  await expect(
    reply.getByRole('checkbox', { name: 'Every write carries an idempotency key' }),
  ).toBeChecked();
  await expect(reply.getByRole('checkbox', { name: /^An alert fires/ })).not.toBeChecked();
  await expect(reply.locator('blockquote')).toHaveText(
    'A retry without an idempotency key is a second order.',
  );
  await expect(reply.getByText('longer each time')).toHaveCSS('font-weight', /^[67]\d\d$/);
  await expect(reply).not.toContainText('```');
});

test('the highlighter, formulas and diagrams are fetched only by an answer that needs them', async ({
  createSessionWith,
  held,
  openChat,
}) => {
  const { _id } = await createSessionWith('held', 'On demand');
  const asked: string[] = [];
  const chat = await openChat(`/c/${_id}`);
  chat.page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  const isHeavy = (path: string): boolean => /katex|mermaid|diagram|highlight|formula/i.test(path);
  await chat.write('plain, please');
  await answerWith(chat, await held.next(), 'Only **words**.');
  await expect(chat.replies.last().locator('strong')).toHaveText('words');
  expect(asked.filter(isHeavy)).toEqual([]);
  await chat.write('a formula, please');
  await answerWith(chat, await held.next(), 'It is $a^2 + b^2$.');
  await expect(chat.replies.last().locator('.katex')).toBeVisible();
  expect(asked.some((path) => /katex|formula/i.test(path))).toBe(true);
  expect(asked.filter((path) => /mermaid|diagram/i.test(path))).toEqual([]);
});

test('33 an unclosed fence mid-stream breaks nothing after it', async ({
  createSessionWith,
  held,
  openChat,
}) => {
  const { _id } = await createSessionWith('held', 'Unclosed');
  const chat = await openChat(`/c/${_id}`);
  await chat.write('some code');
  const answer = await held.next();
  const reply = chat.replies.last();
  await answer.say('Before.\n\n```js\nconst a = 1;\n');
  await expect(reply.getByRole('group', { name: 'JavaScript' })).toContainText('const a = 1;');
  await expect(reply.getByText('Before.')).toBeVisible();
  await answer.say('# not a heading\n**not bold**\n');
  await expect(reply.getByRole('group', { name: 'JavaScript' })).toContainText('**not bold**');
  await expect(chat.composer).toBeInViewport();
  await answer.say('```\n\n```mermaid\ngraph LR\n  A -->');
  // Half a diagram is no faulty one.
  await expect(reply).toContainText('A -->');
  await expect(reply.getByRole('group', { name: 'Diagram', exact: true })).toHaveCount(0);
  await answer.say(' B\n```\n\n## A heading\n\n**bold** after it');
  await expect(reply.locator('.markdown-diagram svg')).toBeVisible();
  await expect(reply.getByRole('heading', { name: 'A heading' })).toBeVisible();
  await expect(reply.locator('strong')).toHaveText('bold');
  await answer.finish();
  await expect(chat.send).toBeVisible();

  // One that is never closed stays in its own message.
  await chat.write('and again');
  const second = await held.next();
  await answerWith(chat, second, 'Here:\n\n~~~~py\nprint("open to the end")');
  await chat.write('**next**');
  await answerWith(chat, await held.next(), 'The **next** answer.');
  await expect(chat.bubble('**next**')).toHaveText('**next**');
  await expect(chat.replies.last().locator('strong')).toHaveText('next');
  await expect(chat.replies.nth(1).getByRole('group', { name: 'Python' })).toContainText(
    'print("open to the end")',
  );
});

test('34 nothing in an answer runs, leads to a script, or is fetched by itself', async ({
  createSessionWith,
  held,
  openChat,
  page,
}) => {
  const hostile = [
    '<script>window.hostileRan = "script"</script>',
    '<img src="/nothing" onerror="window.hostileRan = \'onerror\'">',
    '<svg onload="window.hostileRan = \'onload\'"><style>*{display:none}</style></svg>',
    '<iframe srcdoc="<script>parent.hostileRan = 1</script>"></iframe>',
    '<a href="javascript:window.hostileRan = 1">html link</a>',
    '[plain](javascript:window.hostileRan=1)',
    '[mixed case](JaVaScRiPt:window.hostileRan=1)',
    '[entity](&#106;avascript:window.hostileRan=1)',
    '[data](data:text/html,<script>parent.hostileRan=1</script>)',
    '<javascript:window.hostileRan=1>',
    '![tracked](https://tracker.example/pixel.png)',
    '![script](javascript:window.hostileRan=1)',
    '[![a picture in a link](https://tracker.example/pixel.png)](https://example.com/)',
    '$\\href{javascript:window.hostileRan=1}{x}$ and $\\includegraphics{https://tracker.example/pixel.png}$',
    '```mermaid\ngraph LR\n  A["<img src=x onerror=window.hostileRan=1>"] --> B\n  click A "javascript:window.hostileRan=1"\n```',
    '```html\n<script>window.hostileRan = "code"</script>\n```',
    '{{ constructor.constructor("window.hostileRan = 1")() }}',
    '[good](https://example.com/path "a title")',
  ];
  const dialogs: string[] = [];
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  const { _id } = await createSessionWith('held', 'Hostile');
  const chat = await openChat(`/c/${_id}`);
  await chat.write('do your worst');
  const answer = await held.next();
  // Cut in the middle of what is dangerous: what is half there does not run either.
  for (const piece of hostile.join('\n\n').match(/[^]{1,37}/g) ?? []) await answer.say(piece);
  await answer.finish();
  await expect(chat.send).toBeVisible();
  const reply = chat.replies.last();
  const good = reply.getByRole('link', { name: 'good', exact: true });
  await expect(good).toBeVisible();
  await expect(reply.getByRole('group', { name: 'Diagram', exact: true })).toBeVisible();
  // Drawn, or refused: what the diagram would do has been done.
  await expect(reply.locator('.markdown-diagram svg, .markdown-note').first()).toBeVisible();
  await expect(reply.locator('.katex, .markdown-formula-failed').first()).toBeVisible();

  const bubble = reply.locator('.bubble');
  await expect(
    bubble.locator('script, img, iframe, object, embed, style:not(svg style)'),
  ).toHaveCount(0);
  for (const link of await bubble.getByRole('link').all()) {
    expect(await link.getAttribute('href')).toMatch(/^https:\/\/(example\.com|tracker\.example)\//);
    await expect(link).toHaveAttribute('rel', /\bnoopener\b/);
    await expect(link).toHaveAttribute('target', '_blank');
  }
  await expect(good).toHaveAttribute('href', 'https://example.com/path');
  const addresses = await bubble.evaluate((box) =>
    [...box.querySelectorAll('*')].flatMap((element) =>
      [...element.attributes]
        .filter(({ name, value }) => name.startsWith('on') || /^\s*(javascript|data):/i.test(value))
        .map(({ name, value }) => `${name}=${value}`),
    ),
  );
  expect(addresses).toEqual([]);
  await expect(reply.getByRole('link', { name: 'tracked' })).toBeVisible();
  await expect(bubble).toContainText('<script>window.hostileRan = "script"</script>');
  expect(await page.evaluate(() => 'hostileRan' in window)).toBe(false);
  expect(dialogs).toEqual([]);
});

test('35 long words of an answer wrap, and each of its paragraphs has its own direction', async ({
  createSessionWith,
  held,
  openChat,
}) => {
  const { _id } = await createSessionWith('held', 'Directions');
  const chat = await openChat(`/c/${_id}`);
  await chat.write('words');
  const word = 'Donaudampfschifffahrtsgesellschaft'.repeat(12);
  await answerWith(
    chat,
    await held.next(),
    `${word}\n\nשלום **עולם**\n\nleft to right\n\n- مرحبا بالعالم\n\n\`${'y'.repeat(300)}\``,
  );
  const part = (text: string) => chat.replies.last().locator('.markdown > *', { hasText: text });
  const box = await part(word).evaluate((element) => ({
    over: element.scrollWidth - element.clientWidth,
    lines: element.clientHeight / Number.parseFloat(getComputedStyle(element).lineHeight),
  }));
  expect(box.over).toBe(0);
  expect(box.lines).toBeGreaterThan(3);
  expect(await part('yyy').evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(
    0,
  );
  await expect(part('שלום')).toHaveCSS('direction', 'rtl');
  await expect(part('مرحبا')).toHaveCSS('direction', 'rtl');
  await expect(part('left to right')).toHaveCSS('direction', 'ltr');
});

test('36 the time of a reply is machine-readable, and absolute on hover and on focus', async ({
  createSessionWith,
  openChat,
  user,
}) => {
  const { _id } = await createSessionWith('fast', 'When');
  const chat = await openChat(`/c/${_id}`);
  await chat.write('now');
  const time = chat.replies.last().locator('time');
  await expect(time).toBeVisible();
  const messages = await user.api.call<{ created_at: string }[]>(
    'GET',
    `/chat/sessions/${_id}/messages`,
  );
  const createdAt = messages.at(-1)?.created_at ?? '';
  await expect(time).toHaveAttribute('datetime', createdAt);
  const expected = new Intl.DateTimeFormat('en-GB', {
    dateStyle: 'full',
    timeStyle: 'medium',
    timeZone: 'Europe/Berlin',
  }).format(new Date(createdAt));
  const tooltip = chat.page.getByRole('tooltip');
  await time.hover();
  await expect(tooltip).toHaveText(expected);
  await chat.composer.hover();
  await expect(tooltip).toHaveCount(0);
  await time.focus();
  await expect(tooltip).toHaveText(expected);
});

test('37 a diagram and a formula that fail show their source', async ({
  createSessionWith,
  held,
  openChat,
}) => {
  const { _id } = await createSessionWith('held', 'Faulty');
  const chat = await openChat(`/c/${_id}`);
  await chat.write('show me');
  await answerWith(
    chat,
    await held.next(),
    'A formula $\\frac{1$ here.\n\n$$\n\\notacommand{x}\n$$\n\n```mermaid\ngraph LR\n  A --> --> B\n```\n\nAnd $e = mc^2$ goes on.',
  );
  const reply = chat.replies.last();
  const failed = reply.locator('.markdown-formula-failed');
  await expect(failed).toHaveCount(2);
  await expect(failed.first()).toContainText('\\frac{1');
  await expect(failed.last()).toContainText('\\notacommand{x}');
  await expect(failed.first()).toContainText('not valid TeX');
  const diagram = reply.getByRole('group', { name: 'Diagram', exact: true });
  await expect(diagram).toContainText('This diagram could not be drawn');
  await expect(diagram.locator('code')).toHaveText('graph LR\n  A --> --> B');
  await expect(reply.locator('svg[id^="mermaid"], [id^="dmermaid"]')).toHaveCount(0);
  await expect(reply.locator('.katex')).toHaveCount(1);
  await expect(reply).toContainText('goes on.');
});

test('an own text is shown as it was typed, and as Markdown for whoever wants it', async ({
  createSessionWith,
  openChat,
}) => {
  const { _id } = await createSessionWith('fast', 'Own text');
  const chat = await openChat(`/c/${_id}`);
  const typed = '**bold** and\n\n- one\n- <b>two</b>';
  await chat.write(typed);
  const own = chat.ownMessages.first();
  await expect(own.locator('.bubble p')).toHaveText(typed, { useInnerText: true });
  await expect(own.locator('.bubble :is(strong, b, li)')).toHaveCount(0);
  await own.hover();
  const toggle = own.getByRole('button', { name: 'Show as Markdown' });
  await toggle.click();
  await expect(own.locator('.bubble strong')).toHaveText('bold');
  await expect(own.locator('.bubble li')).toHaveText(['one', '<b>two</b>']);
  await expect(toggle).toHaveAttribute('aria-pressed', 'true');
  await toggle.click();
  await expect(own.locator('.bubble p')).toHaveText(typed, { useInnerText: true });
});
