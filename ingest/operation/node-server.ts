// The HTTP server on Node: what it bounds before a request reaches the app, and how it begins and ends.

import type { Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { serve } from "@hono/node-server";
import { type FaultCode, problem } from "../problem.ts";

/** Bounds of a connection: who is slow, or holds very many, is let go. */
export interface ServerBounds {
  connections: number;
  headers_ms: number;
  request_ms: number;
  idle_ms: number;
}

const SERVER_BOUNDS: ServerBounds = {
  // Each holds some ten kilobytes at rest. A process has 1024 files at least, and some systems no more by default.
  connections: 4096,
  // A client sends its headers at once.
  headers_ms: 10_000,
  // The longest body is a bulk call's: a million lines, some minutes of work, sent as fast as they are answered.
  request_ms: 15 * 60_000,
  // Nothing sent and nothing taken for so long: the other end is gone.
  idle_ms: 120_000,
};

// Node's own default, said so that it stays: the address and all headers together.
const MAX_HEADER_BYTES = 16 * 1024;
// How often Node looks for connections that took too long.
const CHECK_EVERY_MS = 1000;

export interface ListenOptions {
  fetch: Parameters<typeof serve>[0]["fetch"];
  hostname: string;
  port: number;
  bounds?: ServerBounds;
}

export interface Listening {
  port: number;
  /** Takes no new request, and waits for those at hand. */
  close(): Promise<void>;
}

/** Listens. @throws Error where the port is taken, in words that help */
export function listen({ fetch, hostname, port, bounds = SERVER_BOUNDS }: ListenOptions): Promise<Listening> {
  const { promise, resolve, reject } = Promise.withResolvers<Listening>();
  const server = serve(
    {
      fetch,
      hostname,
      port,
      serverOptions: {
        maxHeaderSize: MAX_HEADER_BYTES,
        headersTimeout: bounds.headers_ms,
        requestTimeout: bounds.request_ms,
        connectionsCheckingInterval: Math.min(CHECK_EVERY_MS, bounds.headers_ms),
      },
    },
    () => resolve({ port: (server.address() as AddressInfo).port, close: () => close(server) }),
  ) as Server;
  server.maxConnections = bounds.connections;
  server.setTimeout(bounds.idle_ms);
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Socket) => answerBad(error, socket));
  server.once("error", (error: NodeJS.ErrnoException) =>
    reject(
      error.code === "EADDRINUSE"
        ? new Error(`Port ${port} is taken: stop what listens there, or set PORT.`)
        : error,
    ),
  );
  return promise;
}

/** What Node's parser says, as the code of a problem; what it does not name is no HTTP. */
const FAULTS: Record<string, FaultCode> = {
  HPE_HEADER_OVERFLOW: "headers_too_large",
  ERR_HTTP_REQUEST_TIMEOUT: "request_timeout",
};

const DETAILS: Partial<Record<FaultCode, string>> = {
  headers_too_large: `The address and the headers may have ${MAX_HEADER_BYTES} bytes together.`,
  request_timeout: "The connection is closed: send the request again, and all of it.",
};

/** There is no request yet that the app could answer: the same document is written by hand, and the connection ends. */
function answerBad(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) return void socket.destroy();
  const code = FAULTS[error.code ?? ""] ?? "malformed_request";
  const document = problem(code, DETAILS[code] ?? "The connection is closed: what came is not HTTP/1.1.");
  const body = JSON.stringify(document);
  socket.end(
    [
      `HTTP/1.1 ${document.status} ${document.title}`,
      "content-type: application/problem+json",
      `content-length: ${Buffer.byteLength(body)}`,
      "connection: close",
      "",
      body,
    ].join("\r\n"),
  );
}

function close(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeIdleConnections();
  return promise;
}
