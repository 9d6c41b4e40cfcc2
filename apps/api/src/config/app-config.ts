import { resolve } from 'node:path';
import { assistantsSettings, type AssistantsSettings } from './assistants-settings.js';
import { ConfigError } from './config-error.js';
import type { Variable } from './variable.js';
import { VARIABLES, type VariableName } from './variables.js';

export { ConfigError };

/** The configuration, read once. Injected wherever something depends on it. */
export class AppConfig {
  constructor(
    readonly environment: 'development' | 'production' | 'test',
    readonly host: string,
    readonly port: number,
    /** Absolute. */
    readonly dataDir: string,
    /** Undefined: the embedded database. */
    readonly mongodbUri: string | undefined,
    /** Undefined: generated into the data directory. */
    readonly jwtSecret: string | undefined,
    readonly registrationOpen: boolean,
    readonly demoUsers: boolean,
    readonly accessTokenSeconds: number,
    readonly refreshTokenSeconds: number,
    readonly loginAttempts: number,
    readonly loginWindowSeconds: number,
    readonly bodyLimitBytes: number,
    /** Of a file that is imported. */
    readonly importMaxBytes: number,
    readonly trustProxy: boolean | number | string,
    readonly shutdownGraceMs: number,
    readonly logLevel: string,
    /** Of one user, across all processes. */
    readonly maxRunningReplies: number,
    /** How long a reply may take altogether. */
    readonly replyTimeoutSeconds: number,
    /** How long a model may say nothing. */
    readonly replyIdleTimeoutSeconds: number,
    readonly assistants: AssistantsSettings,
    /** How long what was deleted can be restored. */
    readonly trashRetentionDays: number,
    /** Whether messages are indexed and can be searched. */
    readonly searchIndex: boolean,
  ) {}
}

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads and checks the whole environment.
 *
 * @throws ConfigError for the first variable that cannot be used.
 */
export function readConfig(env: Environment = process.env): AppConfig {
  const read = reader(env);
  const environment = read('NODE_ENV');
  const production = environment === 'production';
  const mongodbUri = read('MONGODB_URI');
  const jwtSecret = read('JWT_SECRET');
  if (production && mongodbUri !== undefined && jwtSecret === undefined) {
    throw new ConfigError(
      `JWT_SECRET must be set in production with MONGODB_URI: ${VARIABLES.JWT_SECRET.allowed}.`,
    );
  }
  return new AppConfig(
    environment,
    read('HOST'),
    read('PORT'),
    resolve(read('DATA_DIR')),
    mongodbUri,
    jwtSecret,
    read('REGISTRATION') === 'open',
    read('DEMO_USERS') ?? !production,
    read('ACCESS_TOKEN_TTL'),
    read('REFRESH_TOKEN_TTL'),
    read('LOGIN_ATTEMPTS'),
    read('LOGIN_WINDOW'),
    read('BODY_LIMIT'),
    read('IMPORT_MAX_BYTES'),
    read('TRUST_PROXY'),
    read('SHUTDOWN_GRACE_MS'),
    read('LOG_LEVEL'),
    read('MAX_RUNNING_REPLIES'),
    read('REPLY_TIMEOUT'),
    read('REPLY_IDLE_TIMEOUT'),
    readAssistants(read, env),
    read('TRASH_RETENTION_DAYS'),
    read('SEARCH_INDEX') === 'on',
  );
}

function readAssistants(read: Reader, env: Environment): AssistantsSettings {
  const variables = {
    openAi: {
      apiKey: read('OPENAI_API_KEY'),
      baseUrl: read('OPENAI_BASE_URL'),
      models: read('OPENAI_MODELS'),
    },
    anthropic: {
      apiKey: read('ANTHROPIC_API_KEY'),
      baseUrl: read('ANTHROPIC_BASE_URL'),
      models: read('ANTHROPIC_MODELS'),
    },
    file: read('ASSISTANTS_FILE'),
    defaultModel: read('DEFAULT_MODEL'),
  };
  return assistantsSettings(variables, env);
}

type Reader = <Name extends VariableName>(name: Name) => ValueOf<Name>;
type ValueOf<Name extends VariableName> =
  (typeof VARIABLES)[Name] extends Variable<infer Value> ? Value : never;

function reader(env: Environment): Reader {
  return <Name extends VariableName>(name: Name) => {
    const variable = VARIABLES[name] as unknown as Variable<ValueOf<Name>>;
    const given = env[name];
    if (given === undefined || given === '') return variable.fallback;
    const value = variable.read(given);
    if (value === undefined) {
      // A secret that was mistyped is still a secret.
      const shown = variable.secret === true ? '' : ` "${given}"`;
      throw new ConfigError(`${name}${shown} cannot be used: it must be ${variable.allowed}.`);
    }
    return value;
  };
}
