// Around every request: its ID, the bounds that hold whatever it asks, and the one line that is logged of it.

import type { Context, MiddlewareHandler } from "hono";
import { type Problem, problem } from "../problem.ts";
import { respond } from "../respond.ts";
import type { Caller } from "./rate-limits.ts";
import { bodyBytes } from "./load.ts";
import type { Operation } from "./operation.ts";

declare module "hono" {
  /** What is known of a request on its way through the app. */
  interface ContextVariableMap {
    requestId: string;
    /** The route's pattern; absent where none fits. */
    route: string | undefined;
    caller: Caller | undefined;
    /** The code of the problem that it was answered with. */
    code: string | undefined;
    /** Keeps the request at hand until a stream that answers it is over. */
    whileStreaming: (stream: ReadableStream<Uint8Array>) => ReadableStream<Uint8Array>;
  }
}

// Longer IDs are somebody's mistake, and would fill the log.
const REQUEST_ID = /^[\w=-]{1,64}$/;
// Our longest path has two IDs of 128 characters, each of which may be percent-encoded; the rest of a line is in headers.
const MAX_URL_LENGTH = 4096;
// A browser behind three proxies sends some forty.
const MAX_HEADERS = 100;

/** Numbers a request, bounds it, counts it, and logs it when its answer is over. */
export function watched({ headerCountOf, load, log, metrics }: Operation): MiddlewareHandler {
  const tooMuch = (c: Context): Problem | null => {
    if (c.req.url.length > MAX_URL_LENGTH)
      return problem("url_too_long", `An address may have ${MAX_URL_LENGTH} characters.`);
    if (headerCountOf(c) > MAX_HEADERS)
      return problem("headers_too_large", `A request may have ${MAX_HEADERS} header fields.`);
    return null;
  };
  return async (c, next) => {
    const begunAt = performance.now();
    const given = c.req.header("x-request-id");
    const id = given !== undefined && REQUEST_ID.test(given) ? given : crypto.randomUUID();
    c.set("requestId", id);
    c.set("headers", { "x-request-id": id });
    const end = load.begin(bodyBytes(c.req.method, c.req.header("content-length")));
    const finish = (): void => {
      end?.();
      const { method } = c.req;
      const { status } = c.res;
      const milliseconds = performance.now() - begunAt;
      // A path may hold what only its caller should know: of what is no route, nothing is told.
      const route = c.get("route") ?? "none";
      const code = c.get("code");
      metrics?.answered({ method, route, status, milliseconds });
      if (code !== undefined) metrics?.refused(code);
      const fields = {
        id,
        method,
        route,
        status,
        ms: Math.round(milliseconds * 10) / 10,
        key: c.get("caller")?.key?.keyId,
        code,
      };
      if (status >= 500) log.warn(fields, "request");
      else log.info(fields, "request");
    };
    let isStreaming = false;
    c.set("whileStreaming", (stream) => {
      isStreaming = true;
      return followed(stream, finish);
    });
    const refused = end ? tooMuch(c) : problem("overloaded", "Too much is at hand: try again in a moment.");
    if (refused) c.res = respond(refused, c);
    else await next();
    // Pages and files, which others answer with.
    const unsaid = c.get("headers");
    for (const name in unsaid) c.header(name, unsaid[name]);
    if (!isStreaming) finish();
  };
}

/** The same stream, as its reader asks for it; `onEnd` is called once, however it ends. */
function followed(stream: ReadableStream<Uint8Array>, onEnd: () => void): ReadableStream<Uint8Array> {
  const reader = stream.getReader();
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (!done) return controller.enqueue(value);
          controller.close();
        } catch (error) {
          controller.error(error);
        }
        onEnd();
      },
      async cancel(reason) {
        onEnd();
        await reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}
