import type { LanguageFn } from 'highlight.js';

type LoadGrammar = () => Promise<{ default: LanguageFn }>;

interface CodeLanguage {
  /** How the language writes itself. */
  label: string;
  /** What a fence may call it besides its key. */
  aliases?: readonly string[];
  load?: LoadGrammar;
  /** Languages that are written inside it. */
  inside?: readonly string[];
}

/** Each grammar is a chunk of its own, fetched when a message first needs it. */
const LANGUAGES: Readonly<Record<string, CodeLanguage>> = {
  bash: {
    label: 'Shell',
    aliases: ['sh', 'zsh', 'shell', 'console', 'shellsession', 'fish'],
    load: () => import('highlight.js/lib/languages/bash'),
  },
  c: { label: 'C', aliases: ['h'], load: () => import('highlight.js/lib/languages/c') },
  clojure: {
    label: 'Clojure',
    aliases: ['clj', 'cljs'],
    load: () => import('highlight.js/lib/languages/clojure'),
  },
  cmake: { label: 'CMake', load: () => import('highlight.js/lib/languages/cmake') },
  cpp: {
    label: 'C++',
    aliases: ['c++', 'cc', 'cxx', 'hpp', 'hh', 'hxx'],
    load: () => import('highlight.js/lib/languages/cpp'),
  },
  csharp: {
    label: 'C#',
    aliases: ['cs', 'c#'],
    load: () => import('highlight.js/lib/languages/csharp'),
  },
  css: { label: 'CSS', load: () => import('highlight.js/lib/languages/css') },
  dart: { label: 'Dart', load: () => import('highlight.js/lib/languages/dart') },
  diff: {
    label: 'Diff',
    aliases: ['patch'],
    load: () => import('highlight.js/lib/languages/diff'),
  },
  dockerfile: {
    label: 'Dockerfile',
    aliases: ['docker', 'containerfile'],
    load: () => import('highlight.js/lib/languages/dockerfile'),
  },
  elixir: {
    label: 'Elixir',
    aliases: ['ex', 'exs'],
    load: () => import('highlight.js/lib/languages/elixir'),
  },
  erlang: {
    label: 'Erlang',
    aliases: ['erl'],
    load: () => import('highlight.js/lib/languages/erlang'),
  },
  go: { label: 'Go', aliases: ['golang'], load: () => import('highlight.js/lib/languages/go') },
  graphql: {
    label: 'GraphQL',
    aliases: ['gql'],
    load: () => import('highlight.js/lib/languages/graphql'),
  },
  haskell: {
    label: 'Haskell',
    aliases: ['hs'],
    load: () => import('highlight.js/lib/languages/haskell'),
  },
  html: {
    label: 'HTML',
    aliases: ['xhtml', 'htm', 'vue', 'svelte'],
    load: () => import('highlight.js/lib/languages/xml'),
    inside: ['css', 'javascript'],
  },
  ini: {
    label: 'INI',
    aliases: ['cfg', 'conf'],
    load: () => import('highlight.js/lib/languages/ini'),
  },
  java: { label: 'Java', load: () => import('highlight.js/lib/languages/java') },
  javascript: {
    label: 'JavaScript',
    aliases: ['js', 'jsx', 'mjs', 'cjs', 'node'],
    load: () => import('highlight.js/lib/languages/javascript'),
  },
  json: {
    label: 'JSON',
    aliases: ['jsonc', 'json5', 'jsonl'],
    load: () => import('highlight.js/lib/languages/json'),
  },
  julia: {
    label: 'Julia',
    aliases: ['jl'],
    load: () => import('highlight.js/lib/languages/julia'),
  },
  kotlin: {
    label: 'Kotlin',
    aliases: ['kt', 'kts'],
    load: () => import('highlight.js/lib/languages/kotlin'),
  },
  latex: {
    label: 'LaTeX',
    aliases: ['tex'],
    load: () => import('highlight.js/lib/languages/latex'),
  },
  lua: { label: 'Lua', load: () => import('highlight.js/lib/languages/lua') },
  makefile: {
    label: 'Makefile',
    aliases: ['make', 'mk'],
    load: () => import('highlight.js/lib/languages/makefile'),
  },
  markdown: {
    label: 'Markdown',
    aliases: ['md'],
    load: () => import('highlight.js/lib/languages/markdown'),
  },
  matlab: { label: 'MATLAB', load: () => import('highlight.js/lib/languages/matlab') },
  mermaid: { label: 'Mermaid' },
  nginx: { label: 'nginx', load: () => import('highlight.js/lib/languages/nginx') },
  nix: { label: 'Nix', load: () => import('highlight.js/lib/languages/nix') },
  objectivec: {
    label: 'Objective-C',
    aliases: ['objc', 'obj-c'],
    load: () => import('highlight.js/lib/languages/objectivec'),
  },
  ocaml: {
    label: 'OCaml',
    aliases: ['ml'],
    load: () => import('highlight.js/lib/languages/ocaml'),
  },
  perl: { label: 'Perl', aliases: ['pl'], load: () => import('highlight.js/lib/languages/perl') },
  php: { label: 'PHP', load: () => import('highlight.js/lib/languages/php') },
  powershell: {
    label: 'PowerShell',
    aliases: ['ps1', 'pwsh'],
    load: () => import('highlight.js/lib/languages/powershell'),
  },
  protobuf: {
    label: 'Protocol Buffers',
    aliases: ['proto'],
    load: () => import('highlight.js/lib/languages/protobuf'),
  },
  python: {
    label: 'Python',
    aliases: ['py', 'python3', 'pycon'],
    load: () => import('highlight.js/lib/languages/python'),
  },
  r: { label: 'R', load: () => import('highlight.js/lib/languages/r') },
  ruby: { label: 'Ruby', aliases: ['rb'], load: () => import('highlight.js/lib/languages/ruby') },
  rust: { label: 'Rust', aliases: ['rs'], load: () => import('highlight.js/lib/languages/rust') },
  scala: { label: 'Scala', load: () => import('highlight.js/lib/languages/scala') },
  scss: { label: 'SCSS', aliases: ['sass'], load: () => import('highlight.js/lib/languages/scss') },
  sql: {
    label: 'SQL',
    aliases: ['mysql', 'postgresql', 'postgres', 'sqlite', 'psql'],
    load: () => import('highlight.js/lib/languages/sql'),
  },
  swift: { label: 'Swift', load: () => import('highlight.js/lib/languages/swift') },
  text: { label: 'Text', aliases: ['txt', 'plain', 'plaintext', 'none'] },
  toml: { label: 'TOML', load: () => import('highlight.js/lib/languages/ini') },
  typescript: {
    label: 'TypeScript',
    aliases: ['ts', 'tsx', 'mts', 'cts'],
    load: () => import('highlight.js/lib/languages/typescript'),
  },
  wasm: {
    label: 'WebAssembly',
    aliases: ['wat'],
    load: () => import('highlight.js/lib/languages/wasm'),
  },
  xml: {
    label: 'XML',
    aliases: ['svg', 'rss', 'xsd', 'plist'],
    load: () => import('highlight.js/lib/languages/xml'),
  },
  yaml: { label: 'YAML', aliases: ['yml'], load: () => import('highlight.js/lib/languages/yaml') },
};

const names = new Map<string, string>(
  Object.entries(LANGUAGES).flatMap(([name, { aliases = [] }]) =>
    [name, ...aliases].map((alias) => [alias, name]),
  ),
);

/** What a code block says above the code; what is not known is named as it was written. */
export function languageLabel(written: string): string {
  if (written === '') return 'Code';
  const name = names.get(written.toLowerCase());
  return (name === undefined ? undefined : LANGUAGES[name]?.label) ?? written.slice(0, 40);
}

/** A grammar and those that it needs, by the names under which they are registered. */
export interface Grammars {
  name: string;
  load: ReadonlyMap<string, LoadGrammar>;
}

/** @returns undefined where the language has no grammar: its code stays plain. */
export function grammarsOf(written: string): Grammars | undefined {
  const name = names.get(written.toLowerCase());
  const language = name === undefined ? undefined : LANGUAGES[name];
  if (name === undefined || !language?.load) return undefined;
  const load = new Map([[name, language.load]]);
  for (const inner of language.inside ?? []) {
    const grammar = LANGUAGES[inner]?.load;
    if (grammar) load.set(inner, grammar);
  }
  return { name, load };
}
