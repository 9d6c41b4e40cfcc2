import { execFile } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const ROOT = resolve(__dirname, '../../../..');
/** In the order in which they need each other. */
const PROJECTS = [
  'libs/shared-types',
  'libs/conversation',
  'libs/text-search',
  'libs/embedded-mongo',
  'apps/api',
];

/**
 * Brings the build up to date before the tests: those that need the server as a process of its own
 * run the built one, which starts many times faster than the source. `nx test` has built it
 * already; this is for who runs Jest alone.
 */
export default async function buildServer(): Promise<void> {
  for (const project of PROJECTS) {
    const dir = join(ROOT, project);
    if ((await newest(join(dir, 'src'), '.ts')) < (await newest(join(dir, 'dist'), '.js')))
      continue;
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    await promisify(execFile)(process.execPath, [tsc, '-p', 'tsconfig.build.json'], {
      cwd: dir,
    }).catch((error: unknown) => {
      throw new Error(`${project} does not build:\n${(error as { stdout: string }).stdout}`);
    });
  }
}

/** When the latest of these files was written, in milliseconds; 0 where there is none. */
async function newest(dir: string, extension: string): Promise<number> {
  const files = await readdir(dir, { recursive: true }).catch(() => []);
  const times = await Promise.all(
    files
      .filter((file) => file.endsWith(extension) && !file.endsWith(`.spec${extension}`))
      .map(async (file) => (await stat(join(dir, file))).mtimeMs),
  );
  return Math.max(0, ...times);
}
