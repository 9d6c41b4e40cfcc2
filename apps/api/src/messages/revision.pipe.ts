import { Injectable, type PipeTransform } from '@nestjs/common';
import { ProblemException } from '../common/problem/problem.exception.js';

/** More than anybody edits, and a number that is exact. */
const NUMBER = /^[1-9]\d{0,8}$/;

/** The number of a revision in a path, or a 400. */
@Injectable()
export class RevisionPipe implements PipeTransform<string, number> {
  transform(value: string): number {
    if (!NUMBER.test(value)) {
      throw new ProblemException('invalid-request', {
        detail: 'The number of the revision in the address is malformed: 1 is the oldest.',
      });
    }
    return Number(value);
  }
}
