/** A variable whose value cannot be used; the message is the one line that the person sees. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
