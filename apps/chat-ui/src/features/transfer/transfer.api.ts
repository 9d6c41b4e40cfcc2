import type {
  BranchView,
  ExportFormat,
  ImportJob,
  ImportStarted,
  ListedImport,
} from '@chat/shared-types';
import { uploadFile, type TransferProgress } from '../../app/file-transfer.js';
import { sendRequest } from '../../app/http-client.js';

/** Where everything of the user is downloaded. */
export const EVERYTHING_PATH = '/chat/export';

/** Where one chat is downloaded. */
export function exportPath(sessionId: string, format: ExportFormat, branch: BranchView): string {
  return `/chat/sessions/${encodeURIComponent(sessionId)}/export?format=${format}&branch=${branch}`;
}

/** The calls of `/chat/import` and `/chat/imports`. */
export const importsApi = {
  /** Sends a file. @param dryRun asks only what would become of it. */
  start(
    file: File,
    dryRun: boolean,
    options: { onProgress: TransferProgress; signal: AbortSignal },
  ): Promise<ImportStarted> {
    return uploadFile<ImportStarted>(`/chat/import?dry_run=${String(dryRun)}`, file, options);
  },

  /** The latest ones, newest first, without their reports. */
  async latest(signal: AbortSignal): Promise<ListedImport[]> {
    return (
      await sendRequest<ListedImport[]>({ method: 'GET', path: '/chat/imports?limit=5', signal })
    ).body;
  },

  async get(id: string): Promise<ImportJob> {
    return (await sendRequest<ImportJob>({ method: 'GET', path: path(id) })).body;
  },

  /** Moves what an import made to the trash. */
  async undo(id: string): Promise<ImportJob> {
    return (await sendRequest<ImportJob>({ method: 'POST', path: `${path(id)}/undo` })).body;
  },
};

function path(id: string): string {
  return `/chat/imports/${encodeURIComponent(id)}`;
}
