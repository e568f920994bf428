// A Worker that runs the contract of the port to SQLite where the port lives: inside of a Durable Object.

import type { DurableObjectState } from "@cloudflare/workers-types";
import { durableSql } from "../../ingest/ledger/durable-object.ts";
import { sqlContract } from "./sql.ts";

interface Environment {
  CHECKS: { getByName(name: string): { fetch(request: Request): Promise<Response> } };
}

/** The name of a promise, as it stands in a request's path. */
const promiseOf = (request: Request) => decodeURIComponent(new URL(request.url).pathname.slice(1));

export default {
  // Each promise has an object of its own, and so an empty database.
  fetch: (request: Request, env: Environment): Promise<Response> =>
    env.CHECKS.getByName(promiseOf(request)).fetch(request),
};

export class Check {
  readonly #ctx: DurableObjectState;

  constructor(ctx: DurableObjectState) {
    this.#ctx = ctx;
  }

  async fetch(request: Request): Promise<Response> {
    const check = sqlContract[promiseOf(request)];
    if (!check) return new Response("there is no such promise", { status: 404 });
    try {
      check(durableSql(this.#ctx.storage));
      return new Response("kept");
    } catch (error) {
      return new Response(error instanceof Error ? error.stack : String(error), { status: 500 });
    }
  }
}
