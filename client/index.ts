// A client of Keyhouse for TypeScript: `fetch`, types made from the schemas that the service checks with, and no package.

import type {
  AnswerOf,
  BodyOf,
  CallKey,
  CallOf,
  LineOf,
  LinesKey,
  RefusalOf,
} from "../ingest/api/contract.ts";
import { answerOf, type Received } from "./answer.ts";
import { linesOf } from "./lines.ts";

export interface ClientOptions {
  /** Where the service is, such as `https://licenses.example.com`. */
  baseUrl: string;
  /** An API key; what customers' software asks needs none. */
  apiKey?: string;
  /** Sends a request; the runtime's own where it is absent. */
  fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** Milliseconds before each time that a request without an answer is sent again; `[]` for never. */
  pausesMs?: readonly number[];
  /** Waits so many milliseconds. */
  pause?: (ms: number) => Promise<void>;
}

/** What a call came to. A refusal is a value: `problem.code` says which, `problem.detail` what to do next. */
export type Result<K extends CallKey> = AnswerOf<K> | Refused<K>;
type Refused<K extends CallKey | LinesKey> = { ok: false; problem: RefusalOf<K, Unanswered> };

/** `no_answer`: nothing came back, every time. `unexpected_answer`: something else than Keyhouse answered. */
export type Unanswered = "no_answer" | "unexpected_answer";

type Ending = { signal?: AbortSignal };
type Arguments<Options> = object extends Options ? [options?: Options & Ending] : [options: Options & Ending];

export interface Client {
  /**
   * Calls an operation by its method and path, such as `"POST /v1/orders"`.
   *
   * Every POST carries an `Idempotency-Key`, the same each time that it is sent again, so nothing is done twice. Give one of
   * your own (an order's ID) where the call may come again after your process ended.
   * @throws what ended `signal`; nothing else
   */
  call<K extends CallKey>(key: K, ...options: Arguments<CallOf<K>>): Promise<Result<K>>;
  /**
   * Sends lines, and gives their answers as they come, each in its place. Nothing is sent again: the same lines are
   * answered the same.
   * @throws while its lines are read, where the connection breaks off
   */
  lines<K extends LinesKey>(
    key: K,
    lines: Iterable<BodyOf<K>>,
    options?: Ending,
  ): Promise<{ ok: true; lines: AsyncGenerator<LineOf<K>> } | Refused<K>>;
}

/** Long enough for a deployment to come back, and short enough for a person who waits. */
const PAUSES_MS = [200, 1_000, 5_000] as const;
/** What a service asks for beyond is too long for a call: it is answered with the refusal. */
const LONGEST_PAUSE_MS = 30_000;
/** It, or what stands before it, is overloaded or away for a moment. */
const PASSING = new Set([429, 502, 503, 504]);

/** Makes a client. */
export function createClient(options: ClientOptions): Client {
  const { baseUrl, apiKey, pausesMs = PAUSES_MS } = options;
  const send = options.fetch ?? ((url: string, init: RequestInit) => fetch(url, init));
  const pause = options.pause ?? ((ms: number) => new Promise<void>((done) => void setTimeout(done, ms)));

  async function request(key: string, { path, query, body, idempotencyKey, signal }: AnyCall) {
    const [method = "", template = ""] = key.split(" ");
    const place = template.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
      encodeURIComponent(path?.[name] ?? ""),
    );
    const search = new URLSearchParams(
      Object.entries(query ?? {}).map(([name, value]) => [name, String(value)]),
    );
    const init: RequestInit = {
      method,
      headers: {
        ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
        ...(method === "POST" ? { "idempotency-key": idempotencyKey ?? crypto.randomUUID() } : {}),
        ...(body === undefined
          ? {}
          : { "content-type": typeof body === "string" ? "text/plain" : "application/json" }),
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    };
    return send(`${baseUrl.replace(/\/+$/, "")}${place}${search.size === 0 ? "" : `?${search}`}`, init);
  }

  /** @returns the answer, or what came in its place */
  async function tryOnce(key: string, call: AnyCall): Promise<Received> {
    try {
      return await request(key, call);
    } catch (lost) {
      call.signal?.throwIfAborted();
      return { lost };
    }
  }

  async function answered(key: string, call: AnyCall, pauses: readonly number[]): Promise<Received> {
    const named = { idempotencyKey: crypto.randomUUID(), ...call };
    let response = await tryOnce(key, named);
    for (const wanted of pauses) {
      if (!("lost" in response) && !PASSING.has(response.status)) return response;
      const asked = "lost" in response ? 0 : Number(response.headers.get("retry-after") ?? 0) * 1000;
      // A date, or more than is worth waiting for: the refusal is the answer.
      if (!(asked <= LONGEST_PAUSE_MS)) return response;
      await pause(Math.max(wanted, asked));
      call.signal?.throwIfAborted();
      response = await tryOnce(key, named);
    }
    return response;
  }

  return {
    async call(key, ...[given]) {
      return (await answerOf(await answered(key, given ?? {}, pausesMs))) as Result<typeof key>;
    },
    async lines(key, items, { signal } = {}) {
      const body = Array.from(items, (item) => `${JSON.stringify(item)}\n`).join("");
      const received = await answered(key, { body, ...(signal === undefined ? {} : { signal }) }, []);
      if ("lost" in received || !received.ok || !received.body)
        return (await answerOf(received)) as Refused<typeof key>;
      return { ok: true, lines: linesOf(received.body) as AsyncGenerator<LineOf<typeof key>> };
    },
  };
}

interface AnyCall {
  path?: Record<string, string>;
  query?: Record<string, unknown>;
  body?: unknown;
  idempotencyKey?: string;
  signal?: AbortSignal;
}
