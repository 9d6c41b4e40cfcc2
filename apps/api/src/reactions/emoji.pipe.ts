import { Injectable, type PipeTransform } from '@nestjs/common';
import { ProblemException } from '../common/problem/problem.exception.js';
import { toEmoji } from './emoji.js';

/** An emoji in a path: exactly one, or a 400. */
@Injectable()
export class EmojiPipe implements PipeTransform<string, string> {
  transform(value: string): string {
    const emoji = toEmoji(value);
    if (emoji === undefined) {
      throw new ProblemException('invalid-request', {
        detail: 'The end of the address must be one emoji, percent-encoded as UTF-8.',
      });
    }
    return emoji;
  }
}
