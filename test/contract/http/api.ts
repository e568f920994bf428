// What a case speaks to: the service over HTTP, whose every answer is held to what all answers promise.

import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { text as textOf } from "node:stream/consumers";
import { createLocalJWKSet, jwtVerify } from "jose";
import { expect } from "vitest";
import type { Scope } from "../../../ingest/scope.ts";
import { hostDigest, type PublicJwk, verifyLicense } from "../../../licensing/index.ts";
import { holdToDocument } from "../../ingest/held.ts";
import { type Runtime, settings } from "./runtime.ts";

export interface Answered {
  status: number;
  headers: Headers;
  // What a test reads of an answer is what it asserts.
  // oxlint-disable-next-line typescript/no-explicit-any
  body: any;
}

/** A host, and for a named user's license the user, that a license is for. */
interface Holder {
  host?: string | undefined;
  user?: string | undefined;
}

/** A call that was answered with success. */
export interface Call {
  method: string;
  path: string;
}

export class Api {
  readonly calls: Call[] = [];
  readonly #runtime: Runtime;
  readonly #keys = new Map<string, string>();
  readonly #holders = new Map<string, Holder>();
  readonly #verified = new Set<string>();
  #jwks: { keys: PublicJwk[] } | undefined;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  /** Asks for a path to the letter, where `fetch` would tidy it up before it leaves. */
  async raw(
    method: string,
    path: string,
    headers: Record<string, string>,
  ): Promise<{ status: number; text: string }> {
    const { hostname, port } = this.#runtime.url();
    const asked = request({ hostname, port, method, path, headers }).end();
    const [answer] = (await once(asked, "response")) as [IncomingMessage];
    return { status: answer.statusCode ?? 0, text: await textOf(answer) };
  }

  /** Sends a request as it is, and answers with what came back as it is. */
  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const response = await fetch(new URL(path, this.#runtime.url()), init);
    if (response.ok) this.calls.push({ method: init.method ?? "GET", path: path.replace(/\?.*/, "") });
    return response;
  }

  /** Sends a request, its body as JSON, or as it is where it is text. Problems are problems, and licenses verify. */
  async send(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answered> {
    const sent = typeof body === "object" ? JSON.stringify(body) : (body as string | undefined);
    const response = await this.fetch(path, {
      method,
      headers,
      ...(sent === undefined ? {} : { body: sent }),
    });
    const text = await response.text();
    const type = response.headers.get("content-type");
    const answer: Answered = { status: response.status, headers: response.headers, body: JSON.parse(text) };
    holdToDocument({ ...answer, method, url: path });
    if (!response.ok) expectProblem(answer);
    else expect(type, `${method} ${path}`).toBe("application/json");
    if (typeof answer.body.license === "string") await this.#verify(answer.body, body as Stated);
    return answer;
  }

  /** Sends as the vendor, who may do everything. */
  async vendor(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answered> {
    return this.send(method, path, body, { ...(await this.as("admin")), ...headers });
  }

  /** An `Authorization` header with a key of these scopes. */
  async as(...scopes: Scope[]): Promise<Record<string, string>> {
    const name = scopes.join(" ");
    const key = this.#keys.get(name) ?? (await this.#runtime.makeKey(scopes));
    this.#keys.set(name, key);
    return { authorization: `Bearer ${key}` };
  }

  /** Generates licenses in bulk. @returns an answer a line, each license verified */
  // oxlint-disable-next-line typescript/no-explicit-any
  async generate(lines: readonly (object | string)[], headers?: Record<string, string>): Promise<any[]> {
    const body = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n");
    const response = await this.fetch("/v1/licenses", {
      method: "POST",
      headers: headers ?? (await this.as("admin")),
      body,
    });
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "application/x-ndjson"]);
    const text = await response.text();
    expect(text === "" || text.endsWith("\n")).toBe(true);
    const answers = text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line)]));
    for (const answer of answers) {
      const sent = lines[answer.line - 1];
      if (answer.license)
        await this.#verify(answer, (typeof sent === "string" ? JSON.parse(sent) : sent) as Stated);
      else expectProblem({ ...answer, body: answer.problem, headers: problemHeaders });
    }
    return answers;
  }

  /** The keys that the service publishes. */
  async keys(): Promise<PublicJwk[]> {
    this.#jwks ??= (await this.send("GET", "/.well-known/jwks.json")).body as { keys: PublicJwk[] };
    return this.#jwks.keys;
  }

  crash(): Promise<void> {
    this.#holders.clear();
    return this.#runtime.crash();
  }

  /** Holds a license to what jose says of it, and to what a customer's product would. */
  async #verify(
    answer: { license: string; activation: Seat; temporary?: object },
    sent: Stated,
  ): Promise<void> {
    const { license, activation } = answer;
    // The same again to the byte is verified.
    if (this.#verified.size === this.#verified.add(license).size) return;
    const keys = await this.keys();
    const stated = { host: sent.host?.id, user: sent.user };
    // Who moves, or borrows for another host, says which; who refreshes need not say where.
    const known = this.#holders.get(activation.activationId);
    const holder: Holder = { host: stated.host ?? known?.host, user: stated.user ?? known?.user };
    if (!answer.temporary) this.#holders.set(activation.activationId, holder);
    const claims = JSON.parse(Buffer.from(license.split(".")[1] ?? "", "base64url").toString()) as Dated;
    // A license of the past is verified as of then.
    const then = Math.max(claims.iat, claims.nbf ?? 0) * 1000;
    const { payload, protectedHeader } = await jwtVerify(license, createLocalJWKSet({ keys: [...keys] }), {
      issuer: settings.KEYHOUSE_ISSUER,
      typ: "license+jwt",
      algorithms: ["EdDSA"],
      currentDate: new Date(then),
    });
    expect(keys.map(({ kid }) => kid)).toContain(protectedHeader.kid);
    expect(payload).toMatchObject({
      entitlement: activation.entitlementId,
      activation: activation.activationId,
    });
    // What the vendor lends after the seat was given up is not withdrawn with it.
    const isAfterwards = answer.temporary !== undefined && activation.state === "ended";
    expect(payload["generation"]).toBe(activation.generation + (isAfterwards ? 1 : 0));
    if (payload["host"] !== undefined) expect(payload["host"]).toBe(await hostDigest(holder.host ?? ""));
    expect(await verifyLicense(license, { keys, now: then, ...holder })).toMatchObject({ ok: true });
  }
}

interface Stated {
  host?: { id: string };
  user?: string;
}

interface Seat {
  activationId: string;
  entitlementId: string;
  state: "bound" | "ended";
  generation: number;
}

interface Dated {
  iat: number;
  nbf?: number;
}

const problemHeaders = new Headers({ "content-type": "application/problem+json" });

/** RFC 9457, with a code that callers decide by and a sentence for people. */
function expectProblem({ status, headers, body }: Answered): void {
  expect(headers.get("content-type")).toBe("application/problem+json");
  expect(body).toMatchObject({
    type: `urn:keyhouse:problem:${body.code}`,
    status,
    code: expect.stringMatching(/^[a-z_]+$/),
    title: expect.stringMatching(/\S/),
    detail: expect.stringMatching(/\.$/),
  });
}
