import { CommandError, notImplemented } from '../errors.js';
import { toDouble } from '../bson-order/numbers.js';
import { Doc, isNumeric, type Value } from '../bson/values.js';
import { evaluateExpression, parseExpression, type Expression } from './expression.js';
import { parseFilter } from './filter-parser.js';
import type { Predicate } from './predicate.js';

type Leaf =
  | { readonly kind: 'include' | 'exclude' }
  | { readonly kind: 'compute'; readonly expression: Expression }
  | { readonly kind: 'slice'; readonly skip: number; readonly limit: number | undefined }
  | { readonly kind: 'elemMatch'; readonly filter: Predicate };

type Tree = Map<string, Leaf | Tree>;

/** A parsed projection; undefined members of the result are left out. */
export interface Projection {
  readonly mode: 'include' | 'exclude';
  readonly tree: Tree;
  readonly includeId: boolean;
}

function failed(message: string): CommandError {
  return new CommandError('BadValue', message);
}

/**
 * Parses the projection of a find, or of `$project`.
 * @throws CommandError for mixtures MongoDB refuses (31253, 31254, 31249) and what we do not have
 */
export function parseProjection(projection: Doc): Projection {
  const tree: Tree = new Map();
  let mode: 'include' | 'exclude' | undefined;
  let includeId: boolean | undefined;
  for (const [field, value] of projection) {
    const flag = flagOf(value);
    if (field === '_id' && flag !== undefined) {
      includeId = flag;
      if (!flag) continue;
    }
    const leaf = leafOf(field, value, flag);
    addLeaf(tree, field, leaf);
    if (field === '_id' && flag) continue;
    const wanted =
      leaf.kind === 'slice' ? undefined : leaf.kind === 'exclude' ? 'exclude' : 'include';
    if (wanted !== undefined && mode !== undefined && mode !== wanted) throw mixed(field, mode);
    mode ??= wanted;
  }
  const onlySlices = mode === undefined && [...tree.keys()].some((key) => key !== '_id');
  const fallback = onlySlices || includeId === false ? 'exclude' : 'include';
  return { mode: mode ?? fallback, tree, includeId: includeId ?? true };
}

function mixed(field: string, mode: 'include' | 'exclude'): CommandError {
  return mode === 'include'
    ? new CommandError(
        'Location31254',
        `Cannot do exclusion on field ${field} in inclusion projection`,
      )
    : new CommandError(
        'Location31253',
        `Cannot do inclusion on field ${field} in exclusion projection`,
      );
}

function flagOf(value: Value): boolean | undefined {
  if (typeof value === 'boolean') return value;
  return isNumeric(value) ? toDouble(value) !== 0 : undefined;
}

function leafOf(field: string, value: Value, flag: boolean | undefined): Leaf {
  if (field === '' || field.split('.').some((part) => part === '')) {
    throw failed(`FieldPath field names may not be empty: '${field}'`);
  }
  if (field.endsWith('.$')) throw notImplemented('The positional projection');
  if (field.startsWith('$'))
    throw failed(`FieldPath field names may not start with '$': '${field}'`);
  if (flag !== undefined) return { kind: flag ? 'include' : 'exclude' };
  if (value instanceof Doc) {
    const [entry] = value;
    if (entry?.[0] === '$slice') return sliceLeaf(entry[1]);
    if (entry?.[0] === '$elemMatch') {
      if (!(entry[1] instanceof Doc)) throw failed('$elemMatch needs an Object');
      return { kind: 'elemMatch', filter: parseFilter(new Doc([[field, value]])) };
    }
    if (entry?.[0] === '$meta') throw notImplemented('$meta');
  }
  return { kind: 'compute', expression: parseExpression(value) };
}

function sliceLeaf(argument: Value): Leaf {
  const numbers = (Array.isArray(argument) ? argument : [argument]).map((part) => {
    if (!isNumeric(part)) throw failed('$slice only supports numbers and [skip, limit] arrays');
    return toDouble(part);
  });
  const [first = 0, second] = numbers;
  if (second === undefined) {
    return first < 0
      ? { kind: 'slice', skip: first, limit: undefined }
      : { kind: 'slice', skip: 0, limit: first };
  }
  if (second <= 0) throw failed('$slice limit must be positive');
  return { kind: 'slice', skip: first, limit: second };
}

function addLeaf(tree: Tree, field: string, leaf: Leaf): void {
  const path = field.split('.');
  const last = path.pop() ?? '';
  let node = tree;
  for (const part of path) {
    const next = node.get(part);
    if (next instanceof Map) node = next;
    else if (next !== undefined) throw collision(field, part);
    else {
      const created: Tree = new Map();
      node.set(part, created);
      node = created;
    }
  }
  if (node.has(last)) throw collision(field, last);
  node.set(last, leaf);
}

function collision(field: string, part: string): CommandError {
  return new CommandError('Location31249', `Path collision at ${field} remaining portion ${part}`);
}

/** Applies a projection. */
export function project(projection: Projection, document: Doc): Doc {
  const { mode, tree, includeId } = projection;
  const result = new Doc();
  const id = document.get('_id');
  for (const [key, value] of document) {
    if (key === '_id' && !tree.has('_id')) {
      if (includeId && id !== undefined) result.set('_id', id);
      continue;
    }
    const projected = projectMember(tree.get(key), value, mode, document);
    if (projected !== undefined) result.set(key, projected);
  }
  addComputed(result, tree, document);
  return result;
}

function projectMember(
  node: Leaf | Tree | undefined,
  value: Value,
  mode: 'include' | 'exclude',
  root: Doc,
): Value | undefined {
  if (node === undefined) return mode === 'exclude' ? value : undefined;
  if (node instanceof Map) return projectBelow(node, value, mode, root);
  switch (node.kind) {
    case 'include':
      return value;
    case 'exclude':
    case 'compute':
      return undefined;
    case 'slice':
      return Array.isArray(value) ? sliceOf(value, node.skip, node.limit) : value;
    case 'elemMatch':
      return firstMatching(node.filter, value);
  }
}

function projectBelow(
  tree: Tree,
  value: Value,
  mode: 'include' | 'exclude',
  root: Doc,
): Value | undefined {
  if (Array.isArray(value)) {
    const items = value.map((item) => projectBelow(tree, item, mode, root));
    return items.filter((item) => item !== undefined);
  }
  if (!(value instanceof Doc)) return mode === 'exclude' ? value : undefined;
  const result = new Doc();
  for (const [key, member] of value) {
    const projected = projectMember(tree.get(key), member, mode, root);
    if (projected !== undefined) result.set(key, projected);
  }
  addComputed(result, tree, root);
  return result;
}

function addComputed(result: Doc, tree: Tree, root: Doc): void {
  for (const [key, node] of tree) {
    if (node instanceof Map) {
      if (result.has(key) || !hasComputed(node)) continue;
      const nested = new Doc();
      addComputed(nested, node, root);
      result.set(key, nested);
    } else if (node.kind === 'compute') {
      const value = evaluateExpression(node.expression, root);
      if (value !== undefined) result.set(key, value);
    }
  }
}

function hasComputed(tree: Tree): boolean {
  return [...tree.values()].some((node) =>
    node instanceof Map ? hasComputed(node) : node.kind === 'compute',
  );
}

function sliceOf(items: Value[], skip: number, limit: number | undefined): Value[] {
  const start = skip < 0 ? Math.max(0, items.length + skip) : skip;
  return items.slice(start, limit === undefined ? undefined : start + limit);
}

function firstMatching(filter: Predicate, value: Value): Value | undefined {
  if (!Array.isArray(value) || filter.kind !== 'leaf') return undefined;
  const found = value.find((item) => filter.test([item]));
  return found === undefined ? undefined : [found];
}
