import { Doc, type Value } from '../bson/values.js';

/** A dotted field path, split once and kept. */
export type Path = readonly string[];

const ARRAY_INDEX = /^(?:0|[1-9]\d{0,8})$/;

/** The position a path component names in an array, if it is one. */
export function arrayIndex(component: string): number | undefined {
  return ARRAY_INDEX.test(component) ? Number(component) : undefined;
}

/**
 * Visits every value that a query path reaches, until `visit` returns true. Arrays on the way are
 * entered; `undefined` stands for a missing field.
 * @param expandLeaf also visits the elements of an array at the end of the path, as comparisons do
 */
export function anyAtPath(
  value: Value | undefined,
  path: Path,
  expandLeaf: boolean,
  visit: (leaf: Value | undefined) => boolean,
  depth = 0,
): boolean {
  if (depth === path.length) return visitLeaf(value, expandLeaf, visit);
  const component = path[depth] ?? '';
  if (value instanceof Doc) {
    return anyAtPath(value.get(component), path, expandLeaf, visit, depth + 1);
  }
  if (Array.isArray(value)) {
    const position = arrayIndex(component);
    if (position !== undefined && position < value.length) {
      if (anyAtPath(value[position], path, expandLeaf, visit, depth + 1)) return true;
    }
    // Scalars and arrays inside an array are not entered: they do not count as "missing" either.
    return value.some(
      (item) => item instanceof Doc && anyAtPath(item, path, expandLeaf, visit, depth),
    );
  }
  return visit(undefined);
}

function visitLeaf(
  value: Value | undefined,
  expandLeaf: boolean,
  visit: (leaf: Value | undefined) => boolean,
): boolean {
  if (expandLeaf && Array.isArray(value) && value.some((item) => visit(item))) return true;
  return visit(value);
}

/** The value at a path without entering arrays except by position; undefined when missing. */
export function valueAt(value: Value | undefined, path: Path): Value | undefined {
  let current = value;
  for (const component of path) {
    if (current instanceof Doc) current = current.get(component);
    else if (Array.isArray(current)) {
      const position = arrayIndex(component);
      current = position === undefined ? undefined : current[position];
    } else return undefined;
  }
  return current;
}
