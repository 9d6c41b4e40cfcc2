/** Where the engine tells what a person should know; one line each. */
export interface Logger {
  error(message: string): void;
}

export const stderrLogger: Logger = {
  error: (message) => process.stderr.write(`embedded-mongo: ${message}\n`),
};
