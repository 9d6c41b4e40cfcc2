import type { ImportFormat, ImportJob, ImportResult, ListedImport } from '@chat/shared-types';

const FORMATS: Record<ImportFormat, string> = {
  'chat-sessions': 'Chat Sessions',
  chatgpt: 'ChatGPT',
  claude: 'Claude',
  librechat: 'LibreChat',
};

/** Where a file comes from, for people. */
export function formatName(format: ImportFormat | null): string {
  return format === null ? 'Unknown' : FORMATS[format];
}

/** What became, or would become, of the chats of a file, e.g. "12 chats imported, 3 skipped." */
export function describeCounts({ counts, dry_run }: ImportJob | ListedImport): string {
  const { imported, skipped, failed } = counts;
  const chats = `${imported.toLocaleString()} ${imported === 1 ? 'chat' : 'chats'}`;
  const parts = [dry_run ? `${chats} to import` : `${chats} imported`];
  if (skipped > 0) parts.push(`${skipped.toLocaleString()} skipped`);
  if (failed > 0) {
    parts.push(
      `${failed.toLocaleString()} ${dry_run ? 'cannot be imported' : 'could not be imported'}`,
    );
  }
  return `${parts.join(', ')}.`;
}

/** What became, or would become, of one chat. */
export function resultName(result: ImportResult, dryRun: boolean): string {
  switch (result) {
    case 'imported':
      return dryRun ? 'Will be imported' : 'Imported';
    case 'skipped':
      return 'Skipped';
    case 'failed':
      return dryRun ? 'Cannot be imported' : 'Not imported';
  }
}
