import { encodeKeyValue } from '../bson-order/key-encoding.js';
import { toDouble } from '../bson-order/numbers.js';
import { Doc, Int32, isNumeric, type Value } from '../bson/values.js';
import { CommandError, notImplemented } from '../errors.js';
import { createAccumulator, type AccumulatorSpec, parseAccumulator } from './accumulators.js';
import { evaluateExpression, parseExpression, type Expression } from './expression.js';
import { parseFilter } from './filter-parser.js';
import { matches } from './matcher.js';
import type { Path } from './paths.js';
import { valueAt } from './paths.js';
import type { Predicate } from './predicate.js';
import { parseProjection, project, type Projection } from './projection.js';
import { parseSort, sortBy, type SortField } from './sort.js';

/** A parsed stage. */
export type Stage =
  | { readonly kind: 'match'; readonly predicate: Predicate }
  | { readonly kind: 'sort'; readonly fields: readonly SortField[] }
  | { readonly kind: 'skip'; readonly count: number }
  | { readonly kind: 'limit'; readonly count: number }
  | { readonly kind: 'project'; readonly projection: Projection }
  | { readonly kind: 'set'; readonly fields: ReadonlyMap<string, Expression> }
  | { readonly kind: 'count'; readonly field: string }
  | { readonly kind: 'count-all'; readonly result: (count: number) => Doc }
  | { readonly kind: 'replace'; readonly expression: Expression }
  | { readonly kind: 'unwind'; readonly path: Path; readonly keepEmpty: boolean }
  | {
      readonly kind: 'group';
      readonly id: Expression;
      readonly accumulators: ReadonlyMap<string, AccumulatorSpec>;
    };

/** The leading stages that an index can serve, and what follows them. */
export interface LeadingQuery {
  readonly filter: Doc | undefined;
  readonly sort: readonly SortField[];
  readonly skip: number;
  readonly limit: number;
  readonly rest: readonly Doc[];
}

function single(stage: Doc): [string, Value] {
  const [entry] = stage;
  if (!entry || stage.size !== 1) {
    throw new CommandError(
      'Location40323',
      'A pipeline stage specification object must contain exactly one field.',
    );
  }
  return entry;
}

function asDoc(name: string, value: Value): Doc {
  if (value instanceof Doc) return value;
  throw new CommandError('FailedToParse', `the ${name} stage specification must be an object`);
}

function wholeNumber(name: string, value: Value, least: number): number {
  const number = isNumeric(value) ? toDouble(value) : NaN;
  if (!Number.isSafeInteger(number) || number < least) {
    throw new CommandError(
      'BadValue',
      `invalid argument to ${name} stage: expected an integer of at least ${least}`,
    );
  }
  return number;
}

/** Takes `$match`, `$sort`, `$skip` and `$limit` off the front, once each and in this order. */
export function splitQuery(pipeline: readonly Doc[]): LeadingQuery {
  let at = 0;
  const take = (name: string): Value | undefined => {
    const stage = pipeline[at];
    if (!stage) return undefined;
    const [operator, argument] = single(stage);
    if (operator !== name) return undefined;
    at++;
    return argument;
  };
  const match = take('$match');
  const sort = take('$sort');
  const skip = take('$skip');
  const limit = take('$limit');
  return {
    filter: match === undefined ? undefined : asDoc('$match', match),
    sort: sort === undefined ? [] : parseSort(asDoc('$sort', sort)),
    skip: skip === undefined ? 0 : wholeNumber('$skip', skip, 0),
    limit: limit === undefined ? Infinity : wholeNumber('$limit', limit, 1),
    rest: pipeline.slice(at),
  };
}

/** @throws CommandError Location40324 (unknown), NotImplemented, and those of the stages */
export function parsePipeline(pipeline: readonly Doc[]): Stage[] {
  const stages = pipeline.map((stage, at) => parseStage(...single(stage), at === 0));
  return stages;
}

function parseStage(name: string, argument: Value, isFirst: boolean): Stage {
  switch (name) {
    case '$match':
      return { kind: 'match', predicate: parseFilter(asDoc(name, argument)) };
    case '$sort':
      return { kind: 'sort', fields: parseSort(asDoc(name, argument)) };
    case '$skip':
      return { kind: 'skip', count: wholeNumber(name, argument, 0) };
    case '$limit':
      return { kind: 'limit', count: wholeNumber(name, argument, 1) };
    case '$project':
      return { kind: 'project', projection: parseProjection(asDoc(name, argument)) };
    case '$unset':
      return { kind: 'project', projection: parseProjection(excluding(argument)) };
    case '$set':
    case '$addFields':
      return { kind: 'set', fields: parseFields(asDoc(name, argument)) };
    case '$count':
      if (typeof argument !== 'string' || argument === '') {
        throw new CommandError('BadValue', 'the count field must be a non-empty string');
      }
      return { kind: 'count', field: argument };
    case '$replaceRoot':
      return {
        kind: 'replace',
        expression: parseExpression(asDoc(name, argument).get('newRoot') ?? null),
      };
    case '$replaceWith':
      return { kind: 'replace', expression: parseExpression(argument) };
    case '$unwind':
      return parseUnwind(argument);
    case '$group':
      return parseGroup(asDoc(name, argument), isFirst);
    default:
      if (KNOWN_STAGES.has(name)) throw notImplemented(`The stage ${name}`);
      throw new CommandError('Location40324', `Unrecognized pipeline stage name: '${name}'`);
  }
}

const KNOWN_STAGES = new Set([
  '$bucket',
  '$bucketAuto',
  '$changeStream',
  '$collStats',
  '$densify',
  '$documents',
  '$facet',
  '$fill',
  '$geoNear',
  '$graphLookup',
  '$indexStats',
  '$lookup',
  '$merge',
  '$out',
  '$redact',
  '$sample',
  '$search',
  '$setWindowFields',
  '$sortByCount',
  '$unionWith',
  '$vectorSearch',
]);

function excluding(argument: Value): Doc {
  const fields = Array.isArray(argument) ? argument : [argument];
  return new Doc(
    fields.map((field) => {
      if (typeof field !== 'string') {
        throw new CommandError('FailedToParse', '$unset specification must be a string or strings');
      }
      return [field, new Int32(0)];
    }),
  );
}

function parseFields(argument: Doc): Map<string, Expression> {
  const fields = new Map<string, Expression>();
  for (const [field, value] of argument) {
    if (field.includes('.')) throw notImplemented('A dotted field in $set');
    fields.set(field, parseExpression(value));
  }
  return fields;
}

function parseUnwind(argument: Value): Stage {
  const options = argument instanceof Doc ? argument : new Doc([['path', argument]]);
  for (const option of options.keys()) {
    if (option !== 'path' && option !== 'preserveNullAndEmptyArrays') {
      throw notImplemented(`The option ${option} of $unwind`);
    }
  }
  const path = options.get('path');
  if (typeof path !== 'string' || !path.startsWith('$') || path.length < 2) {
    throw new CommandError(
      'FailedToParse',
      "path option to $unwind stage should be prefixed with a '$'",
    );
  }
  return {
    kind: 'unwind',
    path: path.slice(1).split('.'),
    keepEmpty: options.get('preserveNullAndEmptyArrays') === true,
  };
}

function parseGroup(argument: Doc, isFirst: boolean): Stage {
  if (!argument.has('_id'))
    throw new CommandError('FailedToParse', 'a group specification must include an _id');
  const accumulators = new Map<string, AccumulatorSpec>();
  for (const [field, value] of argument) {
    if (field !== '_id') accumulators.set(field, parseAccumulator(field, value));
  }
  const id = parseExpression(argument.get('_id') ?? null);
  const [only] = accumulators;
  if (isFirst && id.kind === 'literal' && accumulators.size === 1 && only?.[1].countsOnes) {
    const [field] = only;
    return {
      kind: 'count-all',
      result: (count) =>
        new Doc([
          ['_id', id.value],
          [field, new Int32(count)],
        ] as [string, Value][]),
    };
  }
  return { kind: 'group', id, accumulators };
}

type Documents = Iterable<Doc | undefined>;

/** Runs the stages over the documents; `undefined` is a pause and is passed on. */
export function runStages(stages: readonly Stage[], documents: Documents): Documents {
  return stages.reduce((input, stage) => runStage(stage, input), documents);
}

function* runStage(stage: Stage, input: Documents): Generator<Doc | undefined> {
  switch (stage.kind) {
    case 'sort':
    case 'group':
    case 'count':
    case 'count-all':
      yield* runWhole(stage, input);
      return;
    case 'limit':
      yield* limited(input, stage.count);
      return;
    case 'match':
    case 'skip':
    case 'project':
    case 'set':
    case 'replace':
    case 'unwind':
      yield* runEach(stage, input);
  }
}

function* limited(input: Documents, count: number): Generator<Doc | undefined> {
  let passed = 0;
  for (const document of input) {
    yield document;
    if (document && ++passed >= count) return;
  }
}

type EachStage = Extract<
  Stage,
  { kind: 'match' | 'skip' | 'project' | 'set' | 'replace' | 'unwind' }
>;

function* runEach(stage: EachStage, input: Documents): Generator<Doc | undefined> {
  let skipped = 0;
  for (const document of input) {
    if (!document) yield undefined;
    else if (stage.kind === 'match') {
      if (matches(stage.predicate, document)) yield document;
    } else if (stage.kind === 'skip') {
      if (++skipped > stage.count) yield document;
    } else if (stage.kind === 'unwind') yield* unwound(document, stage.path, stage.keepEmpty);
    else yield transformed(stage, document);
  }
}

function transformed(
  stage: Extract<Stage, { kind: 'project' | 'set' | 'replace' }>,
  document: Doc,
): Doc {
  switch (stage.kind) {
    case 'project':
      return project(stage.projection, document);
    case 'set': {
      const result = new Doc(document);
      for (const [field, expression] of stage.fields) {
        const value = evaluateExpression(expression, document);
        if (value === undefined) result.delete(field);
        else result.set(field, value);
      }
      return result;
    }
    case 'replace': {
      const root = evaluateExpression(stage.expression, document);
      if (!(root instanceof Doc)) {
        throw new CommandError('BadValue', "'newRoot' expression must evaluate to an object");
      }
      return root;
    }
  }
}

function* unwound(document: Doc, path: Path, keepEmpty: boolean): Generator<Doc> {
  const value = valueAt(document, path);
  if (!Array.isArray(value)) {
    if ((value !== undefined && value !== null) || keepEmpty) yield document;
  } else if (value.length === 0) {
    if (keepEmpty) yield replaced(document, path, undefined);
  } else for (const item of value) yield replaced(document, path, item);
}

function replaced(document: Doc, path: Path, value: Value | undefined): Doc {
  const [first = '', ...rest] = path;
  const copy = new Doc(document);
  const member = document.get(first);
  const next = rest.length > 0 && member instanceof Doc ? replaced(member, rest, value) : value;
  if (next === undefined) copy.delete(first);
  else copy.set(first, next);
  return copy;
}

type WholeStage = Extract<Stage, { kind: 'sort' | 'group' | 'count' | 'count-all' }>;

function* runWhole(stage: WholeStage, input: Documents): Generator<Doc | undefined> {
  switch (stage.kind) {
    case 'sort': {
      const all: Doc[] = [];
      for (const document of input) {
        if (document) all.push(document);
        else yield undefined;
      }
      yield* sortBy(all, stage.fields, (document) => document);
      return;
    }
    case 'count':
    case 'count-all': {
      let count = 0;
      for (const document of input) {
        if (document) count++;
        else yield undefined;
      }
      if (count === 0) return;
      yield stage.kind === 'count'
        ? new Doc([[stage.field, new Int32(count)]])
        : stage.result(count);
      return;
    }
    case 'group':
      yield* grouped(stage, input);
  }
}

function* grouped(
  stage: Extract<Stage, { kind: 'group' }>,
  input: Documents,
): Generator<Doc | undefined> {
  const groups = new Map<string, { id: Value; members: ReturnType<typeof createAccumulator>[] }>();
  const specs = [...stage.accumulators];
  for (const document of input) {
    if (!document) {
      yield undefined;
      continue;
    }
    const id = evaluateExpression(stage.id, document) ?? null;
    const key = encodeKeyValue(id, false).toString('latin1');
    let group = groups.get(key);
    if (!group) {
      group = { id, members: specs.map(([, spec]) => createAccumulator(spec)) };
      groups.set(key, group);
    }
    for (const [at, [, spec]] of specs.entries()) {
      group.members[at]?.add(evaluateExpression(spec.expression, document));
    }
  }
  for (const { id, members } of groups.values()) {
    const result = new Doc([['_id', id]]);
    for (const [at, [field]] of specs.entries()) result.set(field, members[at]?.result() ?? null);
    yield result;
  }
}
