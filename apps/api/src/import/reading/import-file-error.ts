/**
 * A file that cannot be imported. The message is a whole sentence for the person who chose it: what
 * is wrong, in which part of the file, and what to do where something can be done.
 */
export class ImportFileError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ImportFileError';
  }
}
