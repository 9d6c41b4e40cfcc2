export const IMPORT_STATUSES = ['running', 'done', 'failed', 'undone'] as const;

export type ImportStatus = (typeof IMPORT_STATUSES)[number];

export const IMPORT_RESULTS = ['imported', 'skipped', 'failed'] as const;

export type ImportResult = (typeof IMPORT_RESULTS)[number];

/** How many conversations came to each result. */
export type ImportCounts = Record<ImportResult, number>;

/** What a file was recognised as. */
export const IMPORT_FORMATS = ['chat-sessions', 'chatgpt', 'claude', 'librechat'] as const;

export type ImportFormat = (typeof IMPORT_FORMATS)[number];

/** What became, or would become in a dry run, of one conversation of a file. */
export interface ImportReportEntry {
  title: string;
  result: ImportResult;
  /** Why it was skipped or failed, or what of it was left out; a sentence. */
  reason?: string;
  /** The session that it became; only where it was imported and not in a dry run. */
  session_id?: string;
}

/** An import as a list answers it (`GET /chat/imports`). */
export interface ListedImport {
  _id: string;
  status: ImportStatus;
  /** Whether it only tells what it would do. */
  dry_run: boolean;
  /** Null until it is known. */
  format: ImportFormat | null;
  /** In bytes of the file; `total` is known from the beginning. */
  progress: { done: number; total: number };
  /** Of what stands in the report so far. */
  counts: ImportCounts;
  /** Why it failed as a whole, or null. */
  error: string | null;
  created_at: string;
}

/** An import (`GET /chat/imports/{id}`). */
export interface ImportJob extends ListedImport {
  /** In the order of the file; grows while it runs. */
  report: ImportReportEntry[];
}

/** The answer to `POST /chat/import`. */
export interface ImportStarted {
  _id: string;
  status: ImportStatus;
}
