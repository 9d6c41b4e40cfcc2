import { execFileSync } from 'node:child_process';

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
