import { Binary } from '../bson/values.js';
import { SESSION_TIMEOUT_MINUTES } from '../transactions/sessions.js';
import type { Answer, Command, CommandContext } from './command.js';

/**
 * MongoDB 8.0, the first with the `bulkWrite` command. A lower version would hide commands that
 * we have; a higher one would promise what we do not.
 */
export const WIRE_VERSION = 25;
const SERVER_VERSION = [8, 0, 0, 0] as const;

export const MAX_MESSAGE_BYTES = 48_000_000;
export const MAX_WRITE_BATCH = 100_000;
export const SET_NAME = 'embedded';

let nextConnectionId = 1;

/**
 * The answer to `hello` and `isMaster`. `topologyVersion` is left out on purpose: with it drivers
 * open a streaming heartbeat, which we do not serve, and clear their pool every second.
 */
export function helloAnswer(address: string, legacy: boolean): Answer {
  return {
    helloOk: true,
    [legacy ? 'ismaster' : 'isWritablePrimary']: true,
    secondary: false,
    setName: SET_NAME,
    setVersion: 1,
    hosts: [address],
    primary: address,
    me: address,
    maxBsonObjectSize: 16 * 1024 * 1024,
    maxMessageSizeBytes: MAX_MESSAGE_BYTES,
    maxWriteBatchSize: MAX_WRITE_BATCH,
    localTime: new Date(),
    logicalSessionTimeoutMinutes: SESSION_TIMEOUT_MINUTES,
    connectionId: nextConnectionId++,
    minWireVersion: 0,
    maxWireVersion: WIRE_VERSION,
    readOnly: false,
  };
}

const HELLO_OPTIONS = new Set([
  'helloOk',
  'client',
  'compression',
  'loadBalanced',
  'saslSupportedMechs',
  'topologyVersion',
  'maxAwaitTimeMS',
  'speculativeAuthenticate',
  'backpressure',
]);

function hello({ engine, name }: CommandContext): Answer {
  return helloAnswer(engine.address, name !== 'hello');
}

function endSessions({ engine, args }: CommandContext): Answer {
  for (const lsid of args.documents('endSessions')) {
    engine.sessions.end(engine.sessions.get(lsid));
  }
  return {};
}

function buildInfo(): Answer {
  return {
    version: SERVER_VERSION.slice(0, 3).join('.'),
    versionArray: SERVER_VERSION,
    gitVersion: 'embedded',
    modules: ['embedded'],
    bits: 64,
    debug: false,
    maxBsonObjectSize: 16 * 1024 * 1024,
  };
}

const none: ReadonlySet<string> = new Set();

export const handshakeCommands: Record<string, Command> = {
  hello: { options: HELLO_OPTIONS, immediate: true, run: hello },
  isMaster: { options: HELLO_OPTIONS, immediate: true, run: hello },
  ismaster: { options: HELLO_OPTIONS, immediate: true, run: hello },
  ping: { options: none, immediate: true, run: () => ({}) },
  buildInfo: { options: none, immediate: true, run: buildInfo },
  buildinfo: { options: none, immediate: true, run: buildInfo },
  endSessions: { options: none, run: endSessions },
  refreshSessions: { options: none, immediate: true, run: () => ({}) },
  connectionStatus: {
    options: new Set(['showPrivileges']),
    immediate: true,
    run: () => ({
      authInfo: { authenticatedUsers: [], authenticatedUserRoles: [] },
      uuid: new Binary(Buffer.alloc(16), 4),
    }),
  },
};
