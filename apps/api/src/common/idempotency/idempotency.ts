import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model, Types } from 'mongoose';
import { Transactions } from '../../persistence/transactions.js';
import { ProblemException } from '../problem/problem.exception.js';
import { IdempotencyRecord } from './idempotency-record.schema.js';

/** What identifies a request that must not be carried out twice. */
export interface IdempotentRequest {
  readonly userId: Types.ObjectId;
  /** Method and path. */
  readonly scope: string;
  /** The client's `Idempotency-Key`. */
  readonly key: string;
  /** The validated body. */
  readonly body: object;
}

export interface Outcome<T> {
  readonly value: T;
  /** Whether this is the result of an earlier request with the same key. */
  readonly replayed: boolean;
}

const DUPLICATE_KEY = 11_000;

/** Carries a request out once, however often it is sent (draft-ietf-httpapi-idempotency-key-header). */
@Injectable()
export class Idempotency {
  constructor(
    @InjectModel(IdempotencyRecord.name) private readonly records: Model<IdempotencyRecord>,
    private readonly transactions: Transactions,
  ) {}

  /**
   * Runs `work` and remembers its result in the same transaction, so that either both are stored or
   * neither is; a repetition answers the first result.
   *
   * @throws a 422 where the key was used for another body.
   */
  async once<T extends object>(
    request: IdempotentRequest,
    work: () => Promise<T>,
  ): Promise<Outcome<T>> {
    const earlier = await this.recall<T>(request);
    if (earlier !== undefined) return earlier;
    try {
      const value = await this.transactions.run(async () => {
        const result = await work();
        await this.remember(request, result);
        return result;
      });
      return { value, replayed: false };
    } catch (error) {
      if ((error as { code?: unknown }).code !== DUPLICATE_KEY) throw error;
      // The same key came in twice at once and the other was faster.
      const first = await this.recall<T>(request);
      if (first === undefined) throw error;
      return first;
    }
  }

  /** Forgets the results of an address: what it was about is gone for good. */
  async forget(userId: Types.ObjectId, scope: string): Promise<void> {
    await this.records.deleteMany({ user_id: userId, scope });
  }

  private async recall<T>(request: IdempotentRequest): Promise<Outcome<T> | undefined> {
    const { userId, scope, key } = request;
    const record = await this.records.findOne({ user_id: userId, scope, key }).lean().exec();
    if (record === null) return undefined;
    if (record.fingerprint !== fingerprint(request.body)) {
      throw new ProblemException('idempotency-key-reused');
    }
    return { value: JSON.parse(record.answer) as T, replayed: true };
  }

  private async remember(request: IdempotentRequest, answer: object): Promise<void> {
    const { userId, scope, key, body } = request;
    await this.records.insertMany(
      [
        {
          user_id: userId,
          scope,
          key,
          fingerprint: fingerprint(body),
          answer: JSON.stringify(answer),
          created_at: new Date(),
        },
      ],
      { lean: true },
    );
  }
}

/** The body with its members in a fixed order, hashed. */
function fingerprint(body: object): string {
  const ordered = Object.entries(body)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(ordered)).digest('base64url');
}
