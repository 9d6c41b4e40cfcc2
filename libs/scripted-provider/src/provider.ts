import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { anthropicWire, readMessagesRequest } from './anthropic-wire.js';
import { ClientGone, Exchange, type ReceivedRequest, type Script } from './exchange.js';
import { monotonicMs } from './monotonic-clock.js';
import { openAiWire, readChatCompletion } from './openai-wire.js';
import { scenarioOf } from './scenarios.js';
import type { Question, Wire } from './wire.js';

export interface ScriptedProvider {
  /** `http://127.0.0.1:…`, without a slash at the end. */
  readonly url: string;
  /** What a client of OpenAI, or of a compatible server, takes for its base address. */
  readonly openAiBaseUrl: string;
  /** What a client of Anthropic takes for its base address. */
  readonly anthropicBaseUrl: string;
  /** Every request that arrived, oldest first. */
  readonly requests: readonly ReceivedRequest[];
  /** Answers a model's requests by this script from now on. */
  script(model: string, script: Script): void;
  /** The first request that is like this, whether it has arrived or is still to come. */
  waitForRequest(isIt: (request: ReceivedRequest) => boolean): Promise<ReceivedRequest>;
  /** Cuts every connection and frees the port. */
  stop(): Promise<void>;
}

export interface ScriptedProviderOptions {
  /** A free one when absent. */
  readonly port?: number;
  /** Requests with another key are answered with 401; any key will do when absent. */
  readonly apiKey?: string;
}

interface Protocol {
  readonly read: (body: object) => Question;
  readonly wire: (body: object, id: string) => Wire;
}

const PROTOCOLS: Readonly<Record<string, Protocol>> = {
  '/v1/chat/completions': { read: readChatCompletion, wire: openAiWire },
  '/v1/messages': { read: readMessagesRequest, wire: anthropicWire },
};

/** Listens on this machine and answers as the model's name says; see `SCENARIOS`. */
export async function startScriptedProvider(
  options: ScriptedProviderOptions = {},
): Promise<ScriptedProvider> {
  const requests: ReceivedRequest[] = [];
  const scripts = new Map<string, Script>();
  const waiting = new Set<(request: ReceivedRequest) => void>();
  const attempts = new Map<string, number>();
  const countAttempt = (question: Question): number => {
    const asked = JSON.stringify([question.model, question.turns]);
    const key = createHash('sha256').update(asked).digest('base64');
    const attempt = 1 + (attempts.get(key) ?? 0);
    attempts.set(key, attempt);
    return attempt;
  };
  const server = createServer((incoming, response) => {
    void receive(incoming, response, countAttempt).then(async (exchange) => {
      if (exchange === undefined) return;
      requests.push(exchange.request);
      for (const tell of waiting) tell(exchange.request);
      const script = isAllowed(exchange.request, options.apiKey)
        ? (scripts.get(exchange.question.model) ?? scenarioOf(exchange.question.model))
        : refuseKey;
      await run(script, exchange);
    });
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    openAiBaseUrl: `${url}/v1`,
    anthropicBaseUrl: `${url}/v1`,
    requests,
    script: (model, script) => void scripts.set(model, script),
    waitForRequest: (isIt) =>
      new Promise((found) => {
        const arrived = requests.find(isIt);
        if (arrived !== undefined) {
          found(arrived);
          return;
        }
        const tell = (request: ReceivedRequest): void => {
          if (!isIt(request)) return;
          waiting.delete(tell);
          found(request);
        };
        waiting.add(tell);
      }),
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Reads a request; answers those that no protocol knows by itself. */
async function receive(
  incoming: IncomingMessage,
  response: ServerResponse,
  countAttempt: (question: Question) => number,
): Promise<Exchange | undefined> {
  const atMs = monotonicMs();
  const path = (incoming.url ?? '').split('?', 1)[0] ?? '';
  const protocol = incoming.method === 'POST' ? PROTOCOLS[path] : undefined;
  const body = await readJson(incoming);
  if (protocol === undefined || body === undefined) {
    response.writeHead(protocol === undefined ? 404 : 400).end();
    return undefined;
  }
  const question = protocol.read(body);
  const arrival = {
    method: incoming.method ?? '',
    path,
    headers: incoming.headers,
    remotePort: incoming.socket.remotePort,
    body,
    question,
    atMs,
    attempt: countAttempt(question),
  };
  return new Exchange(arrival, protocol.wire(body, `scripted-${randomUUID()}`), response);
}

async function readJson(incoming: IncomingMessage): Promise<object | undefined> {
  try {
    const parts: Buffer[] = [];
    for await (const part of incoming) parts.push(part as Buffer);
    const body: unknown = JSON.parse(Buffer.concat(parts).toString('utf8'));
    return typeof body === 'object' && body !== null ? body : undefined;
  } catch {
    return undefined;
  }
}

/** A script that fails is a fault of the test that wrote it: its client sees a broken connection. */
async function run(script: Script, exchange: Exchange): Promise<void> {
  try {
    await script(exchange);
  } catch (error) {
    if (error instanceof ClientGone) return;
    process.stderr.write(`The script for "${exchange.question.model}" failed: ${String(error)}\n`);
    exchange.destroy();
  }
}

function isAllowed({ headers }: ReceivedRequest, key: string | undefined): boolean {
  return (
    key === undefined || headers.authorization === `Bearer ${key}` || headers['x-api-key'] === key
  );
}

function refuseKey(exchange: Exchange): Promise<void> {
  return exchange.refuse(401, 'The API key is not valid.');
}
