import type { ImportJob, ImportReportEntry, ListedImport } from '@chat/shared-types';
import type { StoredImportEntry } from './import-entry.schema.js';
import type { StoredImport } from './import-job.schema.js';

/** A stored import as a list answers it. */
export function toListedImport(job: StoredImport): ListedImport {
  return {
    _id: job._id.toHexString(),
    status: job.status,
    dry_run: job.dry_run,
    format: job.format,
    progress: { done: job.done_bytes, total: job.total_bytes },
    counts: job.counts,
    error: job.error,
    created_at: job.created_at.toISOString(),
  };
}

/** The same with its report. */
export function toImportJob(job: StoredImport, report: readonly StoredImportEntry[]): ImportJob {
  return { ...toListedImport(job), report: report.map(toReportEntry) };
}

function toReportEntry({
  title,
  result,
  reason,
  session_id,
}: StoredImportEntry): ImportReportEntry {
  return {
    title,
    result,
    ...(reason === null ? {} : { reason }),
    ...(session_id === null ? {} : { session_id: session_id.toHexString() }),
  };
}
