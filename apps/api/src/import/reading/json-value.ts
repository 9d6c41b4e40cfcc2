/** A JSON object of unknown make. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The value where it is an object and no array. */
export function objectOf(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : undefined;
}

/** The value where it is an array, an empty one otherwise. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

/** The value where it is a text that is not empty. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Empties an object that nobody needs any more, although somebody may still have it in hand. */
export function release(value: unknown): void {
  const object = objectOf(value);
  for (const name of Object.keys(object ?? {})) Reflect.deleteProperty(object ?? {}, name);
}
