import { Doc, type Value } from '../bson/values.js';
import type { Encodable } from '../bson/encode.js';
import type { Collection } from '../catalog/catalog.js';
import { drain } from '../cursors/deadline.js';
import type { Examined } from '../cursors/examined.js';
import { CommandError, notImplemented } from '../errors.js';
import { parseSort } from '../evaluate/sort.js';
import type { IndexPlan, Plan, PlannedRange } from '../planner/plan.js';
import { aggregateQuery } from './aggregate.js';
import { Arguments } from './arguments.js';
import type { Answer, Command, CommandContext } from './command.js';
import { parseFind } from './find.js';
import { filterOf, planFor, runQuery, type Query } from './query.js';

/** The query inside the command that is to be explained. */
function explainedQuery(name: string, args: Arguments): { query: Query; filter: Doc } {
  const [first = new Doc()] =
    name === 'update'
      ? args.documents('updates')
      : name === 'delete'
        ? args.documents('deletes')
        : [];
  switch (name) {
    case 'find':
      return { query: parseFind(args), filter: args.optionalDocument('filter') ?? new Doc() };
    case 'aggregate':
      return { query: aggregateQuery(args).query, filter: new Doc() };
    case 'count':
    case 'distinct':
      return plain(args.optionalDocument('query') ?? new Doc());
    case 'findAndModify':
      return plain(args.optionalDocument('query') ?? new Doc(), args.optionalDocument('sort'), 1);
    case 'update':
    case 'delete': {
      const statement = new Arguments(name, first);
      return plain(statement.document('q'));
    }
    default:
      throw notImplemented(`Explaining ${name}`);
  }
}

function plain(filter: Doc, sort?: Doc, limit = Infinity): { query: Query; filter: Doc } {
  const fields = sort ? parseSort(sort) : [];
  return { query: { predicate: filterOf(filter), sort: fields, skip: 0, limit }, filter };
}

function indexStage(plan: IndexPlan): Answer {
  const { index, ranges, intersected } = plan;
  const scan = (set: readonly PlannedRange[]): Answer => ({
    stage: 'IXSCAN',
    indexName: index.name,
    keyPattern: index.spec.get('key'),
    isMultiKey: index.arrays.size > 0,
    multiKeyPaths: Object.fromEntries(
      index.fields.map(({ field }, at): [string, Encodable] => [
        field,
        index.arrays.has(at) ? [field] : [],
      ]),
    ),
    isUnique: index.unique,
    isSparse: index.sparse,
    isPartial: index.partialFilter !== undefined,
    direction: plan.backward ? 'backward' : 'forward',
    ranges: set.length,
    merged: plan.merge,
  });
  if (intersected.length === 0) return scan(ranges);
  return {
    stage: 'AND_SORTED',
    indexName: index.name,
    inputStages: [ranges, ...intersected].map(scan),
  };
}

function stages(plan: Plan, query: Query): Answer {
  let stage: Answer =
    plan.kind === 'scan'
      ? { stage: 'COLLSCAN', direction: plan.backward ? 'backward' : 'forward' }
      : {
          stage: 'FETCH',
          inputStage: indexStage(plan),
        };
  if (!plan.sorted) {
    const sortPattern = query.sort.map(({ field, descending }): [string, Encodable] => [
      field,
      descending ? -1 : 1,
    ]);
    stage = { stage: 'SORT', sortPattern: Object.fromEntries(sortPattern), inputStage: stage };
  }
  if (query.skip > 0) stage = { stage: 'SKIP', skipAmount: query.skip, inputStage: stage };
  return query.limit === Infinity
    ? stage
    : { stage: 'LIMIT', limitAmount: query.limit, inputStage: stage };
}

async function execute(
  context: CommandContext,
  collection: Collection,
  query: Query,
  plan: Plan,
): Promise<Answer> {
  const examined: Examined = { keys: 0, docs: 0 };
  const started = performance.now();
  const results = await drain(
    runQuery(context, collection, query, examined, plan),
    context.deadline,
  );
  return {
    executionSuccess: true,
    nReturned: results.length,
    executionTimeMillis: Math.round(performance.now() - started),
    totalKeysExamined: examined.keys,
    totalDocsExamined: examined.docs,
    executionStages: stages(plan, query),
  };
}

async function explain(context: CommandContext): Promise<Answer> {
  const { args, db, engine } = context;
  const command = args.document('explain');
  const [name = ''] = command.keys();
  const verbosity = args.optionalString('verbosity') ?? 'allPlansExecution';
  if (!['queryPlanner', 'executionStats', 'allPlansExecution'].includes(verbosity)) {
    throw new CommandError('FailedToParse', `verbosity '${verbosity}' is unknown`);
  }
  const inner = new Arguments(name, command);
  const { query, filter } = explainedQuery(name, inner);
  const collection = engine.catalog.find(db, inner.string(name));
  const namespace = `${db}.${inner.string(name)}`;
  const plan: Plan | undefined = collection && planFor(collection, query);
  const winningPlan: Encodable = plan ? stages(plan, query) : { stage: 'EOF' };
  const stats =
    verbosity === 'queryPlanner' || !collection || !plan
      ? {}
      : { executionStats: await execute(context, collection, query, plan) };
  const parsedQuery: Value = filter;
  return {
    explainVersion: '1',
    queryPlanner: { namespace, parsedQuery, winningPlan, rejectedPlans: [] },
    ...stats,
    command,
    serverInfo: { host: 'embedded', port: 0, version: '8.0.0', gitVersion: 'embedded' },
  };
}

export const explainCommands: Record<string, Command> = {
  explain: { options: new Set(['verbosity']), run: explain },
};
