import { readFile } from 'node:fs/promises';
import tailwindcss from '@tailwindcss/vite';
import vue from '@vitejs/plugin-vue';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

/** Where `nx serve api` listens unless told otherwise. */
const api = process.env.CHAT_API_URL ?? 'http://localhost:8000';

/**
 * KaTeX's style sheet names each font in three formats, for browsers older than those the page is
 * built for: only WOFF2 is kept, or forty files would be built that nobody asks for.
 */
function katexFontsInOneFormat(): Plugin {
  return {
    name: 'katex-fonts-in-one-format',
    enforce: 'pre',
    transform: {
      filter: { id: /katex[\\/]dist[\\/]katex(?:\.min)?\.css/ },
      handler: (css) =>
        css.replace(/,\s*url\([^)]+\.(?:woff|ttf)\)\s*format\(["'](?:woff|truetype)["']\)/g, ''),
    },
  };
}

/**
 * Gives the script that sets the theme an address with its hash. It stands in the way of the first
 * paint, and under a lasting name the browser would ask the server about it at every visit.
 */
function hashedThemeScript(): Plugin {
  const PLAIN = '/chat-ui/theme.js';
  let reference = '';
  return {
    name: 'hashed-theme-script',
    apply: 'build',
    async buildStart() {
      const source = await readFile(new URL('public/theme.js', import.meta.url));
      reference = this.emitFile({ type: 'asset', name: 'theme.js', source });
    },
    generateBundle: {
      // After Vite has made `index.html`.
      order: 'post',
      handler(_options, bundle) {
        const page = bundle['index.html'];
        if (page?.type !== 'asset' || typeof page.source !== 'string') {
          this.error('The page is not in the bundle.');
        }
        if (!page.source.includes(PLAIN)) this.error(`The page does not name ${PLAIN}.`);
        page.source = page.source.replace(PLAIN, `/chat-ui/${this.getFileName(reference)}`);
      },
    },
  };
}

export default defineConfig({
  base: '/chat-ui/',
  plugins: [vue(), tailwindcss(), katexFontsInOneFormat(), hashedThemeScript()],
  // The contract is read from its source; its `dist` need not exist while developing.
  resolve: {
    conditions: ['@chat/source', 'module', 'browser', 'development|production'],
    // The diagram library brings an older copy; one is enough.
    dedupe: ['katex'],
  },
  build: {
    target: 'es2022',
    // Every asset keeps its own address: the page's content policy allows no `data:` fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // Parts of the diagram library, each fetched for its kind of diagram. What the page loads first
    // has a budget of its own: `nx run tools:bundle-size`.
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      output: {
        // What every visit begins with, as one file: thirty small ones took longer to fetch, from the
        // browser's own cache too, than to run.
        codeSplitting: { groups: [{ name: 'page', tags: ['$initial'] }] },
      },
    },
  },
  server: {
    port: 4200,
    proxy: {
      '/assistants': api,
      '/auths': api,
      // With the slash: the page itself lives under /chat-ui/.
      '/chat/': api,
      '/docs': api,
      '/health': api,
    },
  },
  test: {
    environment: 'jsdom',
    environmentOptions: { jsdom: { url: 'http://localhost/chat-ui/' } },
    include: ['src/**/*.spec.ts'],
    setupFiles: ['src/testing/setup.ts'],
    restoreMocks: true,
    unstubGlobals: true,
  },
});
