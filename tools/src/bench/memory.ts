import { execFileSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

/** A process and what it holds of physical memory. */
export interface ProcessMemory {
  readonly pid: number;
  readonly parent: number;
  readonly megabytes: number;
}

/** The resident memory of a process and of its direct children, by `ps` (POSIX). */
export function memoryOf(pid: number): { own: ProcessMemory; children: ProcessMemory[] } {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,rss='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/).map(Number))
    .map(([id = 0, parent = 0, kilobytes = 0]) => ({
      pid: id,
      parent,
      megabytes: kilobytes / 1024,
    }));
  const own = rows.find((row) => row.pid === pid);
  if (own === undefined) throw new Error(`There is no process ${pid}.`);
  return { own, children: rows.filter((row) => row.parent === pid) };
}

const SAMPLE_EVERY_MS = 200;

/** What a process and the largest of its children hold of physical memory, in megabytes. */
export interface ProductMemory {
  readonly api: number;
  readonly database: number;
}

/** The resident memory of a product with the embedded database. */
export function productMemory(pid: number): ProductMemory {
  const { own, children } = memoryOf(pid);
  return {
    api: own.megabytes,
    database: Math.max(0, ...children.map(({ megabytes }) => megabytes)),
  };
}

/** The most that each of the two processes held while this was going on. */
export async function peakUntil(pid: number, end: Promise<unknown>): Promise<ProductMemory> {
  const over = end.then(() => true);
  let [api, database] = [0, 0];
  do {
    const now = productMemory(pid);
    api = Math.max(api, now.api);
    database = Math.max(database, now.database);
  } while (!(await Promise.race([over, delay(SAMPLE_EVERY_MS, false)])));
  return { api, database };
}
