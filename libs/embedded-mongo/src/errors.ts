import { type Doc } from './bson/values.js';

/** MongoDB's error codes that the engine answers with, by code name. */
const CODES = {
  InternalError: 1,
  BadValue: 2,
  NoSuchKey: 4,
  GraphContainsCycle: 5,
  FailedToParse: 9,
  Unauthorized: 13,
  TypeMismatch: 14,
  Overflow: 15,
  InvalidLength: 16,
  ProtocolError: 17,
  IllegalOperation: 20,
  InvalidBSON: 22,
  NamespaceNotFound: 26,
  IndexNotFound: 27,
  PathNotViable: 28,
  ConflictingUpdateOperators: 40,
  CursorNotFound: 43,
  NamespaceExists: 48,
  MaxTimeMSExpired: 50,
  DollarPrefixedFieldName: 52,
  InvalidIdField: 53,
  EmptyFieldName: 56,
  CommandNotFound: 59,
  ImmutableField: 66,
  CannotCreateIndex: 67,
  InvalidOptions: 72,
  InvalidNamespace: 73,
  WriteConcernFailed: 64,
  UnknownReplWriteConcern: 79,
  QueryFeatureNotAllowed: 224,
  IndexOptionsConflict: 85,
  IndexKeySpecsConflict: 86,
  ShutdownInProgress: 91,
  OperationFailed: 96,
  CommandNotSupportedOnView: 166,
  WriteConflict: 112,
  DocumentValidationFailure: 121,
  NotImplemented: 238,
  SnapshotUnavailable: 246,
  NoSuchTransaction: 251,
  TransactionTooOld: 225,
  TransactionCommitted: 256,
  OperationNotSupportedInTransaction: 263,
  QueryExceededMemoryLimitNoDiskUseAllowed: 292,
  CannotIndexParallelArrays: 171,
  APIVersionError: 322,
  BSONObjectTooLarge: 10334,
  DuplicateKey: 11000,
  OutOfDiskSpace: 14031,
  Location16410: 16410,
  Location17276: 17276,
  Location31249: 31249,
  Location31253: 31253,
  Location31254: 31254,
  Location40323: 40323,
  Location40324: 40324,
  Location40415: 40415,
  Location51024: 51024,
} as const;

export type CodeName = keyof typeof CODES;

/** A failure that is told to the client in MongoDB's shape. */
export class CommandError extends Error {
  readonly code: number;

  constructor(
    readonly codeName: CodeName,
    message: string,
    /** Error labels (`TransientTransactionError`) and further members of the answer. */
    readonly details: { labels?: readonly string[]; fields?: Doc } = {},
  ) {
    super(message);
    this.name = 'CommandError';
    this.code = CODES[codeName];
  }
}

/** A feature of MongoDB that this engine does not have. */
export function notImplemented(what: string): CommandError {
  return new CommandError('NotImplemented', `${what} is not supported by the embedded database`);
}

/** A conflict that makes the driver run the whole transaction again. */
export function writeConflict(): CommandError {
  return new CommandError(
    'WriteConflict',
    'Caused by :: Write conflict during plan execution and yielding is disabled. :: Please retry your operation or multi-document transaction.',
    { labels: ['TransientTransactionError'] },
  );
}

/** The engine cannot start; the message is the one line a person reads. */
export class StartError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'StartError';
  }
}

/**
 * A document or unique key that an open transaction has written. The writer waits until that
 * transaction ends and tries again; the error never reaches a client.
 */
export class HeldByTransaction extends Error {
  constructor(readonly released: Promise<void>) {
    super('held by a transaction');
    this.name = 'HeldByTransaction';
  }
}
