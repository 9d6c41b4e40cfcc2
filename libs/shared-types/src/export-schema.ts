import { EXPORT_FORMAT_NAME, EXPORT_VERSION } from './export-document.js';
import { FOLDER_COLORS } from './folder.js';
import { LIMITS } from './limits.js';
import { FINISH_REASONS, MESSAGE_ROLES, MESSAGE_STATUSES } from './message.js';

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/** As much of JSON Schema (draft 2020-12) as the schemas of an export are made of. */
export interface ExportSchema {
  $schema?: string;
  title?: string;
  description?: string;
  type?: string;
  const?: string | number;
  enum?: (string | null)[];
  anyOf?: ExportSchema[];
  pattern?: string;
  format?: string;
  minimum?: number;
  minLength?: number;
  maxLength?: number;
  maxItems?: number;
  items?: ExportSchema;
  required?: string[];
  properties?: Record<string, ExportSchema>;
  additionalProperties?: boolean;
}

const id: ExportSchema = { type: 'string', pattern: '^[0-9a-f]{24}$' };
/** UTC with milliseconds. */
const time: ExportSchema = {
  type: 'string',
  format: 'date-time',
  pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$',
};
const text: ExportSchema = { type: 'string' };
const flag: ExportSchema = { type: 'boolean' };
const count: ExportSchema = { type: 'integer', minimum: 0 };

function orNull(schema: ExportSchema): ExportSchema {
  return { anyOf: [schema, { type: 'null' }] };
}

function oneOf(values: readonly string[]): ExportSchema {
  return { type: 'string', enum: [...values] };
}

function list(items: ExportSchema, limits: ExportSchema = {}): ExportSchema {
  return { type: 'array', items, ...limits };
}

/** Every member is there; what a reader does not know may stand beside them. */
function object(properties: Record<string, ExportSchema>): ExportSchema {
  return {
    type: 'object',
    required: Object.keys(properties),
    properties,
    additionalProperties: true,
  };
}

const origin = {
  format: { type: 'string', const: EXPORT_FORMAT_NAME },
  version: { type: 'integer', const: EXPORT_VERSION },
} satisfies Record<string, ExportSchema>;

const problem = object({ type: text, title: text, status: count, detail: text, instance: text });

const revision = object({
  revision: { type: 'integer', minimum: 1 },
  content: text,
  created_at: time,
});

const message = object({
  _id: id,
  parent_id: orNull(id),
  role: oneOf(MESSAGE_ROLES),
  content: text,
  created_at: time,
  edited_at: orNull(time),
  status: oneOf(MESSAGE_STATUSES),
  model: orNull(text),
  finish_reason: orNull(oneOf(FINISH_REASONS)),
  usage: orNull(object({ input_tokens: count, output_tokens: count })),
  reasoning: orNull(text),
  error: orNull(problem),
  reactions: list(text, { maxItems: LIMITS.reactionsPerMessage }),
  revisions: list(revision),
  deleted_at: orNull(time),
});

const session = object({
  _id: id,
  title: { type: 'string', maxLength: LIMITS.sessionTitle.max },
  created_at: time,
  updated_at: time,
  last_message_at: orNull(time),
  model: orNull(text),
  system_prompt: orNull(text),
  active_message_id: orNull(id),
  folder_id: orNull(id),
  pinned: flag,
  archived: flag,
  unread: flag,
  tags: list(
    { type: 'string', minLength: LIMITS.tag.min, maxLength: LIMITS.tag.max },
    { maxItems: LIMITS.tagsPerSession },
  ),
  deleted_at: orNull(time),
});

const folder = object({
  _id: id,
  name: { type: 'string', minLength: LIMITS.folderName.min, maxLength: LIMITS.folderName.max },
  parent_id: orNull(id),
  color: orNull(oneOf(FOLDER_COLORS)),
  position: count,
  created_at: time,
  updated_at: time,
});

/**
 * JSON Schemas (draft 2020-12) of the documents of an export, one for each kind of file of the ZIP;
 * `session` is that of `?format=json` too. docs/export-format.md says in words what they cannot.
 */
export const EXPORT_SCHEMAS = {
  manifest: {
    $schema: DIALECT,
    title: 'manifest.json of an export',
    ...object({ ...origin, counts: object({ folders: count, sessions: count, messages: count }) }),
  },
  profile: {
    $schema: DIALECT,
    title: 'profile.json of an export',
    ...object({ username: text, display_name: text, created_at: time }),
  },
  folders: { $schema: DIALECT, title: 'folders.json of an export', ...list(folder) },
  session: {
    $schema: DIALECT,
    title: 'A session of an export',
    ...object({ ...origin, session, messages: list(message) }),
  },
} satisfies Record<string, ExportSchema>;
