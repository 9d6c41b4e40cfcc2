/*
 * Sets the theme before the first paint. A file of its own because the page's content policy
 * allows no inline script. The stored choice is written by src/composables/use-theme.ts; both must
 * agree on the key and on the colours of the browser's frame.
 */
(function () {
  var choice = null;
  try {
    choice = localStorage.getItem('chat.theme');
  } catch {
    /* Storage is blocked: the system decides. */
  }
  var dark =
    choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  var meta = document.querySelector('meta[name="theme-color"]');
  if (meta) meta.setAttribute('content', dark ? '#09090b' : '#fafafa');
})();
