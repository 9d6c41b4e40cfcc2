import { posix } from 'node:path';
import { gzipSync } from 'node:zlib';

/** The path under which the page is served; its files stand in `dist` without it. */
const BASE = '/chat-ui/';

/**
 * The scripts and style sheets that a browser fetches before the page can show anything: those
 * that the document names (module preloads included) and those that they import statically.
 *
 * @param html the built `index.html`.
 * @param read gives the text of a file, by its path inside `dist`.
 * @returns paths inside `dist`, each once.
 */
export function firstLoadFiles(html: string, read: (file: string) => string): string[] {
  const named = [...html.matchAll(/(?:src|href)="([^"]+\.(?:js|css))"/g)].map(([, url = '']) =>
    url.startsWith(BASE) ? url.slice(BASE.length) : url.replace(/^\.?\//, ''),
  );
  return withStaticImports(named, read);
}

/**
 * Files and everything that they import statically: what is fetched with them, whether it is used or
 * not.
 *
 * @param read gives the text of a file, by its path inside `dist`.
 * @returns paths inside `dist`, each once.
 */
export function withStaticImports(
  files: readonly string[],
  read: (file: string) => string,
): string[] {
  const found = new Set<string>();
  const queue = [...files];
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
    if (found.has(file)) continue;
    found.add(file);
    if (file.endsWith('.js')) queue.push(...staticImports(file, read(file)));
  }
  return [...found];
}

/** The size that a server sends with gzip at its usual level, in bytes. */
export function gzippedSize(content: Uint8Array): number {
  return gzipSync(content).byteLength;
}

/** `import … from "./x.js"`, `import "./x.js"` and `export … from "./x.js"`, never `import("./x.js")`. */
function staticImports(file: string, code: string): string[] {
  const statements = /\b(?:import|export)\s*(?:[\w*{][^"'`;()]*?from\s*)?["']([^"']+\.js)["']/g;
  return [...code.matchAll(statements)].map(([, path = '']) =>
    posix.join(posix.dirname(file), path),
  );
}
