import type { Command } from './command.js';

/** Both are handled where sessions are: by the dispatcher, which knows the session. */
export const TRANSACTION_COMMANDS: ReadonlySet<string> = new Set([
  'commitTransaction',
  'abortTransaction',
]);

export const transactionCommands: Record<string, Command> = {
  commitTransaction: { options: new Set(['recoveryToken']), run: () => ({}) },
  abortTransaction: { options: new Set(['recoveryToken']), run: () => ({}) },
};
