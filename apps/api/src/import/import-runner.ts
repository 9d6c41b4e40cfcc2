import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import type { Types } from 'mongoose';
import { growHeapSlowly } from '../common/heap-growth.js';
import { SessionHooks } from '../sessions/session-hooks.js';
import { ConversationImporter, type ImportRun } from './conversation-importer.js';
import { ImportFolders, type MatchedFolders } from './import-folders.js';
import type { StoredImport } from './import-job.schema.js';
import { ImportedSessionsRepository } from './imported-sessions.repository.js';
import { ProgressOfImport } from './import-progress.js';
import { ImportsRepository } from './imports.repository.js';
import { readConversations } from './reading/conversation-reader.js';
import { ImportFileError } from './reading/import-file-error.js';
import { planImport, type ImportPlan } from './reading/import-plan.js';
import { openSource } from './reading/import-source.js';
import type { Upload } from './uploads.js';

/** How many imports work at the same time in one process; others wait for their turn. */
const AT_ONCE = 2;
const SAVE_EVERY_MS = 500;
/** So many entries of the report are stored together. */
const ENTRIES_AT_ONCE = 200;
const NO_FOLDERS: MatchedFolders = { idOf: () => undefined, made: [] };

export const SERVER_ENDED =
  'The server ended while it was importing. What had been imported is there; import the file again for the rest, nothing comes twice.';
const UNFORESEEN =
  'Something went wrong on the server. What had been imported is there; import the file again for the rest, nothing comes twice.';

/** Runs imports in the background, one conversation after the other. */
@Injectable()
export class ImportRunner implements OnModuleInit, BeforeApplicationShutdown {
  /** This process, unlike any other and any before. */
  readonly owner = randomUUID();
  private readonly logger = new Logger('Imports');
  private readonly running = new Map<string, Promise<void>>();
  /** By user: a user has one at a time. */
  private readonly current = new Map<string, Types.ObjectId>();
  private readonly ending = new AbortController();
  private readonly turns: (() => void)[] = [];
  private working = 0;

  constructor(
    private readonly imports: ImportsRepository,
    private readonly importer: ConversationImporter,
    private readonly folders: ImportFolders,
    private readonly imported: ImportedSessionsRepository,
    private readonly hooks: SessionHooks,
  ) {}

  onModuleInit(): void {
    this.hooks.onStored(async ({ _id, user_id, import_key }) => {
      const importId = this.current.get(user_id.toHexString());
      if (importId === undefined || import_key === undefined) return;
      await this.imported.note({ _id, user_id, import_id: importId });
    });
  }

  /** Begins to work on a stored import, and owns the file from now on. Never throws. */
  begin(job: StoredImport, upload: Upload): void {
    const id = job._id.toHexString();
    const userId = job.user_id.toHexString();
    this.current.set(userId, job._id);
    const done = this.run(job, upload).finally(() => {
      this.running.delete(id);
      if (this.current.get(userId)?.equals(job._id) === true) this.current.delete(userId);
    });
    this.running.set(id, done);
  }

  /** Whether this process works on it. */
  runs(id: Types.ObjectId): boolean {
    return this.running.has(id.toHexString());
  }

  /** Ends behind the conversations that are being built now. */
  async beforeApplicationShutdown(): Promise<void> {
    this.ending.abort(new ImportFileError(SERVER_ENDED));
    for (const go of this.turns.splice(0)) go();
    await Promise.all(this.running.values());
  }

  private async run(job: StoredImport, upload: Upload): Promise<void> {
    const progress = new ProgressOfImport(upload.bytes);
    const saver = setInterval(() => void this.save(job, progress), SAVE_EVERY_MS);
    try {
      await this.turn();
      const endSlowHeap = growHeapSlowly();
      try {
        await this.importFile(job, upload, progress);
      } finally {
        endSlowHeap();
        this.giveTurn();
      }
      await this.store(job, progress);
      await this.imports.end(job._id, progress.complete);
    } catch (error) {
      await this.fail(job, progress, error);
    } finally {
      clearInterval(saver);
      await upload.remove().catch((error: unknown) => {
        this.logger.warn({ err: error }, 'An uploaded file could not be deleted.');
      });
    }
  }

  private async importFile(
    job: StoredImport,
    upload: Upload,
    progress: ProgressOfImport,
  ): Promise<void> {
    const source = await openSource(upload.file, upload.bytes);
    const plan = await planImport(source, (bytes) => {
      progress.check(bytes);
      this.ending.signal.throwIfAborted();
    });
    progress.format = plan.format;
    await this.importAll(job, plan, progress);
  }

  private async importAll(
    job: StoredImport,
    plan: ImportPlan,
    progress: ProgressOfImport,
  ): Promise<void> {
    const run: ImportRun = {
      userId: job.user_id,
      dryRun: job.dry_run,
      now: job.created_at,
      folders: await this.matchFolders(job, plan, progress),
      seen: new Set(),
    };
    for (const document of plan.documents) {
      for await (const found of readConversations(document, progress.take)) {
        this.ending.signal.throwIfAborted();
        progress.add(await this.importer.take(run, found));
        if (progress.waitingEntries >= ENTRIES_AT_ONCE) await this.store(job, progress);
        // Small conversations come many to a piece of the file: others get their turn in between.
        await nextTurn();
      }
    }
  }

  private async matchFolders(
    job: StoredImport,
    { folders }: ImportPlan,
    progress: ProgressOfImport,
  ): Promise<MatchedFolders> {
    if (job.dry_run || folders.length === 0) return NO_FOLDERS;
    const matched = await this.folders.match(job.user_id, folders, job.created_at);
    if (matched.made.length > 0) await this.imports.madeFolders(job._id, matched.made);
    if (matched.problem !== undefined) {
      const reason = `${matched.problem} What was in them is in no folder.`;
      progress.add({ title: 'Folders', result: 'failed', reason, session_id: null });
    }
    return matched;
  }

  /** Stores what of the report waits. */
  private store(job: StoredImport, progress: ProgressOfImport): Promise<void> {
    return this.imports.addEntries(job.user_id, job._id, progress.takeEntries());
  }

  private async save(job: StoredImport, progress: ProgressOfImport): Promise<void> {
    try {
      await this.store(job, progress);
      await this.imports.advance(job._id, progress.current);
    } catch (error) {
      this.logger.warn({ err: error }, 'The progress of an import could not be stored.');
    }
  }

  private async fail(job: StoredImport, progress: ProgressOfImport, cause: unknown): Promise<void> {
    const isTheFile = cause instanceof ImportFileError;
    if (!isTheFile) this.logger.error({ err: cause }, 'An import failed');
    const error = isTheFile ? cause.message : UNFORESEEN;
    try {
      await this.store(job, progress);
      await this.imports.end(job._id, { ...progress.current, status: 'failed', error });
    } catch (again) {
      this.logger.error(
        { err: again },
        'The end of an import could not be stored; the reaper will.',
      );
    }
  }

  private async turn(): Promise<void> {
    if (this.working >= AT_ONCE) await new Promise<void>((go) => this.turns.push(go));
    else this.working += 1;
    this.ending.signal.throwIfAborted();
  }

  /** To the next that waits, where one does. */
  private giveTurn(): void {
    const next = this.turns.shift();
    if (next === undefined) this.working -= 1;
    else next();
  }
}
