import tailwindcss from '@tailwindcss/vite';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';

/** Where `nx serve api` listens unless told otherwise. */
const api = process.env.CHAT_API_URL ?? 'http://localhost:8000';

export default defineConfig({
  base: '/chat-ui/',
  plugins: [vue(), tailwindcss()],
  // The contract is read from its source; its `dist` need not exist while developing.
  resolve: { conditions: ['@chat/source', 'module', 'browser', 'development|production'] },
  build: {
    target: 'es2022',
    // Every asset keeps its own address: the page's content policy allows no `data:` fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    port: 4200,
    proxy: {
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
