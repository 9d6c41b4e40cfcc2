import { EXPORT_FORMAT_NAME, EXPORT_VERSION, type ImportFormat } from '@chat/shared-types';
import { readConversations } from './conversation-reader.js';
import { ImportFileError } from './import-file-error.js';
import type { ImportSource, SourceDocument } from './import-source.js';
import { JsonScanner } from './json-scanner.js';
import { listOf, objectOf, type JsonObject } from './json-value.js';

/** Which documents of a file hold what is imported. */
export interface ImportPlan {
  readonly format: ImportFormat;
  /** In the order in which they are read. */
  readonly documents: readonly SourceDocument[];
  /** Of our own export: its folders as they stand in the file. */
  readonly folders: readonly JsonObject[];
}

const SMALL = { bytes: 8 * 1024 ** 2, depth: 16 };
const NONE_FOUND =
  'No conversations were found in the file. Choose an export of Chat Sessions, ChatGPT, Claude or LibreChat: the ZIP as it was downloaded, or the JSON file in it.';

/**
 * Reads a whole file once before anything is taken from it: whether it is whole, what made it, and
 * in which of its documents the conversations are. A file that breaks off in its last line is so
 * refused as a whole, instead of being imported up to there.
 *
 * @param onRead told how many more bytes of the file were checked.
 * @throws ImportFileError where it cannot be imported.
 */
export async function planImport(
  source: ImportSource,
  onRead: (packedBytes: number) => void,
): Promise<ImportPlan> {
  const manifest = source.documents.find(({ path }) => /^(?:[^/]+\/)?manifest\.json$/.test(path));
  const own = manifest === undefined ? undefined : await ownExport(source, manifest, onRead);
  if (own !== undefined) return own;
  const named = source.documents.filter(({ path }) => isNamedConversations(path)).sort(byName);
  const others = source.documents.filter((document) => !named.includes(document)).sort(byName);
  // Files with the usual names decide; the others are only looked at where those hold nothing.
  const plan = (await check(source, named, onRead)) ?? (await check(source, others, onRead));
  if (plan === undefined) throw new ImportFileError(NONE_FOUND);
  return plan;
}

/** `conversations.json`, and `conversations-000.json` and so on of newer exports. */
function isNamedConversations(path: string): boolean {
  return /(?:^|\/)conversations(?:-\d+)?\.json$/i.test(path);
}

function byName(a: SourceDocument, b: SourceDocument): number {
  return a.path.localeCompare(b.path, 'en', { numeric: true });
}

/** @returns undefined where no document holds a conversation. */
async function check(
  source: ImportSource,
  documents: readonly SourceDocument[],
  onRead: (packedBytes: number) => void,
): Promise<ImportPlan | undefined> {
  source.assertHarmless(documents);
  const withConversations: SourceDocument[] = [];
  let format: ImportFormat | null = null;
  let broken: unknown;
  for (const document of documents) {
    try {
      const found = await formatOf(document, onRead);
      if (found === null) continue;
      format ??= found;
      withConversations.push(document);
    } catch (error) {
      if (!(error instanceof ImportFileError) || isDecisive(document, documents)) throw error;
      broken ??= error;
    }
  }
  if (format === null) {
    if (broken !== undefined) throw broken as Error;
    return undefined;
  }
  return { format, documents: withConversations, folders: [] };
}

/** Whether an error in it is one of the file: settings that lie beside conversations do not matter. */
function isDecisive(document: SourceDocument, documents: readonly SourceDocument[]): boolean {
  return documents.length === 1 || isNamedConversations(document.path);
}

/** Reads all of a document. @returns the format of its first conversation, null where it has none. */
async function formatOf(
  document: SourceDocument,
  onRead: (packedBytes: number) => void,
): Promise<ImportFormat | null> {
  let format: ImportFormat | null = null;
  for await (const found of readConversations(document, onRead)) {
    format ??= found.format;
  }
  return format;
}

/** @returns undefined where the manifest is not one of ours. */
async function ownExport(
  source: ImportSource,
  manifest: SourceDocument,
  onRead: (packedBytes: number) => void,
): Promise<ImportPlan | undefined> {
  source.assertHarmless([manifest]);
  const { format, version } = objectOf(await wholeOf(manifest)) ?? {};
  if (format !== EXPORT_FORMAT_NAME) return undefined;
  if (typeof version !== 'number' || version > EXPORT_VERSION) {
    throw new ImportFileError(
      `The file was exported by a newer version (format ${String(version)}, while this server knows ${EXPORT_VERSION}). Update the server, then import it.`,
    );
  }
  const root = manifest.path.slice(0, -'manifest.json'.length);
  const within = source.documents.filter(({ path }) => path.startsWith(root));
  const sessions = within
    .filter(({ path }) => path.slice(root.length).startsWith('sessions/'))
    .sort(byName);
  const folders = within.find(({ path }) => path === `${root}folders.json`);
  source.assertHarmless([...sessions, ...(folders === undefined ? [] : [folders])]);
  const folderRows = folders === undefined ? [] : listOf(await wholeOf(folders));
  for (const session of sessions) {
    if ((await formatOf(session, onRead)) === 'chat-sessions') continue;
    throw new ImportFileError(`${session.label} is no conversation of Chat Sessions.`);
  }
  return {
    format: 'chat-sessions',
    documents: sessions,
    folders: folderRows.map(objectOf).filter((row) => row !== undefined),
  };
}

/** A document that is small in every export. */
async function wholeOf(document: SourceDocument): Promise<unknown> {
  const scanner = new JsonScanner(document.open(), document.label);
  const value = await scanner.value(SMALL);
  await scanner.end();
  return value;
}
