import { Injectable, type PipeTransform } from '@nestjs/common';
import { Types } from 'mongoose';
import { ProblemException } from '../problem/problem.exception.js';

const ID = /^[0-9a-fA-F]{24}$/;

/** An id in a path: 24 hex digits, or a 400. */
@Injectable()
export class ObjectIdPipe implements PipeTransform<string, Types.ObjectId> {
  transform(value: string): Types.ObjectId {
    if (!ID.test(value)) {
      throw new ProblemException('invalid-request', {
        detail: 'The id in the address is malformed: an id has 24 hexadecimal digits.',
      });
    }
    return new Types.ObjectId(value);
  }
}
