/** The look of an exported page. White text and colours keep a contrast of 4.5 to 1 in both themes. */
export const HTML_STYLE = `
:root {
  color-scheme: light dark;
  --page: #ffffff; --ink: #18181b; --quiet: #52525b; --line: #d4d4d8; --soft: #f4f4f5;
  --accent: #6d28d9; --keyword: #86198f; --string: #166534; --number: #9a3412; --title: #1d4ed8;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #18181b; --ink: #f4f4f5; --quiet: #a1a1aa; --line: #3f3f46; --soft: #27272a;
    --accent: #c4b5fd; --keyword: #f0abfc; --string: #86efac; --number: #fdba74; --title: #93c5fd;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1rem 4rem; max-width: 46rem; background: var(--page);
  color: var(--ink); font: 1rem/1.6 system-ui, 'Noto Sans', sans-serif; overflow-wrap: break-word; }
h1 { font-size: 1.75rem; line-height: 1.25; margin: 0 0 0.25rem; }
h2 { font-size: 1rem; margin: 0; }
h3, h4, h5, h6 { margin: 1.25em 0 0.5em; line-height: 1.3; }
h3 { font-size: 1.3rem; } h4 { font-size: 1.15rem; } h5, h6 { font-size: 1rem; }
header p, .details, .branch { color: var(--quiet); font-size: 0.875rem; margin: 0; }
article, .instructions { padding: 1.25rem 0; border-top: 1px solid var(--line); }
header { padding-bottom: 1.5rem; }
article.user .content { background: var(--soft); border-radius: 0.75rem; padding: 0.25rem 1rem; }
.content { margin-top: 0.5rem; }
.branch { border-top: 3px double var(--line); padding: 1.5rem 0 0.75rem; font-style: italic; }
.verbatim { white-space: pre-wrap; }
a { color: var(--accent); }
pre { background: var(--soft); border: 1px solid var(--line); border-radius: 0.5rem;
  padding: 0.75rem 1rem; overflow-x: auto; direction: ltr; }
article.user pre { background: var(--page); }
code { font: 0.875em/1.5 ui-monospace, 'Noto Sans Mono', monospace; }
:not(pre) > code { background: var(--soft); border-radius: 0.25rem; padding: 0.1em 0.3em; }
blockquote { margin: 1em 0; padding-inline-start: 1rem; border-inline-start: 3px solid var(--line);
  color: var(--quiet); }
.table { overflow-x: auto; }
table { border-collapse: collapse; margin: 1em 0; }
th, td { border: 1px solid var(--line); padding: 0.35rem 0.75rem; text-align: start; }
hr { border: 0; border-top: 1px solid var(--line); margin: 1.5em 0; }
.hljs-keyword, .hljs-built_in, .hljs-literal, .hljs-selector-tag, .hljs-meta { color: var(--keyword); }
.hljs-string, .hljs-regexp, .hljs-addition, .hljs-attribute { color: var(--string); }
.hljs-number, .hljs-symbol, .hljs-bullet, .hljs-variable, .hljs-deletion { color: var(--number); }
.hljs-title, .hljs-name, .hljs-type, .hljs-attr, .hljs-section { color: var(--title); }
.hljs-comment, .hljs-quote { color: var(--quiet); font-style: italic; }
@media print {
  :root { --page: #ffffff; --ink: #000000; --quiet: #3f3f46; --line: #a1a1aa; --soft: #f4f4f5;
    --accent: #4c1d95; --keyword: #701a75; --string: #14532d; --number: #7c2d12; --title: #1e3a8a; }
  body { max-width: none; padding: 0; }
  pre { white-space: pre-wrap; overflow: visible; }
  h1, h2, h3, h4, h5, h6, .details { break-after: avoid; }
  pre, table, blockquote { break-inside: auto; }
}
`;
