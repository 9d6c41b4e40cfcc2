import type { BranchView, ExportFormat } from '@chat/shared-types';
import { Injectable } from '@nestjs/common';
import type { MessageScope } from '../messages/messages.repository.js';
import { ConversationReader } from './conversation-reader.js';
import type { Download } from './download.js';
import { toFileName } from './file-name.js';
import { toHtml } from './html-format.js';
import { toJson, type MessageToExport } from './json-format.js';
import { ExportRepository } from './export.repository.js';
import { toMarkdown } from './markdown-format.js';
import { PdfService } from './pdf/pdf.service.js';
import { toText } from './text-format.js';
import type { Conversation, Turn } from './turn.js';

/** How many messages share one question for their revisions. */
const REVISIONS_OF = 50;

/** One live session in the format that somebody wants. */
@Injectable()
export class SessionExports {
  constructor(
    private readonly reader: ConversationReader,
    private readonly repository: ExportRepository,
    private readonly pdf: PdfService,
  ) {}

  /**
   * @param signal aborted when nobody waits any more.
   * @throws a 404 where this user has no such live session.
   */
  async open(
    scope: MessageScope,
    format: ExportFormat,
    branch: BranchView,
    signal: AbortSignal,
  ): Promise<Download> {
    const whole = format === 'json' && branch === 'all';
    const conversation = await (whole
      ? this.reader.openTree(scope)
      : this.reader.open(scope, branch));
    const name = `${toFileName(conversation.session.title)}.${format}`;
    switch (format) {
      case 'txt':
        return { name, mediaType: 'text/plain; charset=utf-8', body: toText(conversation) };
      case 'md':
        return { name, mediaType: 'text/markdown; charset=utf-8', body: toMarkdown(conversation) };
      case 'json': {
        const body = toJson(conversation.session, this.withRevisions(conversation));
        return { name, mediaType: 'application/json; charset=utf-8', body };
      }
      case 'html':
        return { name, mediaType: 'text/html; charset=utf-8', body: toHtml(conversation) };
      case 'pdf':
        return {
          name,
          mediaType: 'application/pdf',
          body: await this.pdf.print(conversation, signal),
        };
    }
  }

  private async *withRevisions({ session, turns }: Conversation): AsyncIterable<MessageToExport> {
    let waiting: Turn[] = [];
    for await (const turn of turns) {
      waiting.push(turn);
      if (waiting.length < REVISIONS_OF) continue;
      yield* await this.repository.addRevisions(session, waiting);
      waiting = [];
    }
    yield* await this.repository.addRevisions(session, waiting);
  }
}
