import highlighter from 'highlight.js/lib/core';
import type { Grammars } from './code-languages.js';
import { CodeTreeEmitter, type CodePiece } from './code-tree.js';

highlighter.configure({ __emitter: CodeTreeEmitter });

/** Fetches what a language needs. Rejects where a chunk cannot be fetched; asking again is fine. */
export async function loadGrammars({ load }: Grammars): Promise<void> {
  const missing = [...load].filter(([name]) => !highlighter.getLanguage(name));
  await Promise.all(
    missing.map(async ([name, loadGrammar]) => {
      highlighter.registerLanguage(name, (await loadGrammar()).default);
    }),
  );
}

/** Finds the meaning of each part of a text. Its grammars must be there. */
export function highlightCode(code: string, language: string): CodePiece[] {
  const result = highlighter.highlight(code, { language, ignoreIllegals: true });
  const emitter: unknown = result._emitter;
  return emitter instanceof CodeTreeEmitter ? emitter.root.children : [code];
}
