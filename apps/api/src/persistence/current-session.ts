import type { AsyncLocalStorage } from 'node:async_hooks';
import mongoose, { type ClientSession } from 'mongoose';

/** Where Mongoose keeps it (`transactionAsyncLocalStorage`); its types do not say so. */
interface WithTransactions {
  readonly transactionAsyncLocalStorage?: AsyncLocalStorage<{ readonly session: ClientSession }>;
}

/**
 * The session of the transaction that the caller runs in, for the few calls that go to the driver's
 * own collection because they are made for every message; undefined outside of any. Everything else
 * goes through Mongoose, which finds it by itself.
 */
export function currentSession(): ClientSession | undefined {
  return (mongoose as WithTransactions).transactionAsyncLocalStorage?.getStore()?.session;
}
