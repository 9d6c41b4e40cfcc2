import autocannon from 'autocannon';

/** Connections of every load, as the bars say. */
export const CONNECTIONS = 16;

export interface LoadTarget {
  readonly url: string;
  /** Where given, each connection asks these in turns instead of the path of `url`. */
  readonly paths?: readonly string[];
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Where given, they are sent in turns instead of `body`. */
  readonly bodies?: readonly string[];
}

/**
 * Keeps `CONNECTIONS` connections busy for a while.
 *
 * @returns requests per second.
 * @throws where an answer was no success: a failing server is easily a fast one.
 */
export async function requestsPerSecond(target: LoadTarget, seconds: number): Promise<number> {
  const result = await autocannon({
    url: target.url,
    method: target.method ?? 'GET',
    headers: { ...target.headers },
    ...(target.body === undefined ? {} : { body: target.body }),
    ...requestsOf(target),
    connections: CONNECTIONS,
    duration: seconds,
  });
  if (result.errors > 0 || result.non2xx > 0) {
    throw new Error(
      `${target.url}: ${result.non2xx} answers were no success, ${result.errors} connections failed.`,
    );
  }
  return result.requests.total / result.duration;
}

/** The milliseconds that each of `times` requests took, one after the other. */
export async function latencies(target: LoadTarget, times: number): Promise<number[]> {
  const taken: number[] = [];
  for (let i = 0; i < times; i += 1) {
    const began = performance.now();
    const response = await fetch(target.url, { headers: { ...target.headers } });
    await response.arrayBuffer();
    taken.push(performance.now() - began);
    if (!response.ok) throw new Error(`${target.url} answered ${response.status}.`);
  }
  return taken;
}

/** Each request with a path and a body of its own, as many as it takes to use all of them. */
function requestsOf({ paths, bodies }: LoadTarget): {
  requests?: { path?: string; body?: string }[];
} {
  const count = Math.max(paths?.length ?? 0, bodies?.length ?? 0);
  if (count === 0) return {};
  const at = (list: readonly string[] | undefined, i: number): string | undefined =>
    list?.[i % list.length];
  return {
    requests: Array.from({ length: count }, (_, i) => {
      const [path, body] = [at(paths, i), at(bodies, i)];
      return {
        ...(path === undefined ? {} : { path }),
        ...(body === undefined ? {} : { body }),
      };
    }),
  };
}
