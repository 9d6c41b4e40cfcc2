import { firstLoadFiles } from './first-load.js';

const HTML = `<!doctype html><link rel="stylesheet" href="/chat-ui/assets/index-a1.css">
<script src="/chat-ui/theme.js"></script>
<script type="module" src="/chat-ui/assets/index-b2.js"></script>
<link rel="modulepreload" href="/chat-ui/assets/vue-c3.js"><link rel="icon" href="/chat-ui/icon.svg">`;

const FILES: Record<string, string> = {
  'theme.js': 'document.documentElement.dataset.theme="dark"',
  'assets/index-b2.js':
    'import{a as b,c}from"./vue-c3.js";import"./side-d4.js";const v=()=>import("./late-e5.js");export{x}from"./kit-f6.js"',
  'assets/vue-c3.js': 'export const a=1',
  'assets/side-d4.js': 'import{a}from"./vue-c3.js"',
  'assets/kit-f6.js': '',
};

describe('the files of the first load', () => {
  const files = firstLoadFiles(HTML, (file) => FILES[file] ?? '');

  it('are those that the document names and those that they import', () => {
    expect(files.sort()).toEqual([
      'assets/index-a1.css',
      'assets/index-b2.js',
      'assets/kit-f6.js',
      'assets/side-d4.js',
      'assets/vue-c3.js',
      'theme.js',
    ]);
  });

  it('leave out what is loaded later', () => {
    expect(files).not.toContain('assets/late-e5.js');
  });
});
