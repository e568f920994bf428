// A shard that runs elsewhere: what is thrown there does not arrive as it was, so it travels as a value.

import { OverloadedError } from "./group.ts";
import type { RequestName } from "./once.ts";
import { type LedgerPort, UnreachableError } from "./port.ts";

/** What a call of a shard is answered with. */
export type Reply = { value: unknown } | { fault: Fault };

/** What went wrong there, as far as the caller decides by it. */
interface Fault {
  message: string;
  isOverloaded: boolean;
  /** SQLite's result code, where the storage failed. */
  errcode?: number;
}

/** The shard's side: the port, with names as they come. */
export interface RemoteShard {
  execute(name: string, command: unknown, once?: RequestName): Promise<Reply>;
  ask(name: string, args: unknown[]): Promise<Reply>;
  /** Sees to it that what waits has an alarm: by being awake, it has. */
  lookAfter(): Promise<void>;
}

/** Answers a call with what it comes to, or with what went wrong, which is reported here as well: it has its stack here. */
export async function replyOf(
  call: () => Promise<unknown>,
  report: (error: unknown) => void,
): Promise<Reply> {
  try {
    return { value: await call() };
  } catch (error) {
    const { errcode } = error as { errcode?: number };
    const message = error instanceof Error ? error.message : String(error);
    const isOverloaded = error instanceof OverloadedError;
    if (!isOverloaded) report(error);
    return { fault: { message, isOverloaded, ...(errcode === undefined ? {} : { errcode }) } };
  }
}

/** What of a shard is its port. */
type Called = Pick<RemoteShard, "execute" | "ask">;

/** The caller's side: the port to a shard, with faults as if it ran here. `reach` is asked for each call. */
export function remotePort(reach: () => Called): LedgerPort {
  const call = async (send: (shard: Called) => Promise<Reply>): Promise<never> => {
    let reply: Reply;
    try {
      reply = await send(reach());
    } catch (error) {
      throw new UnreachableError("the shard did not answer", { cause: error });
    }
    // The port names the type of each answer; what comes back is what the same method there returned.
    if ("value" in reply) return reply.value as never;
    const { message, isOverloaded, errcode } = reply.fault;
    if (isOverloaded) throw new OverloadedError(message);
    throw Object.assign(new Error(message), errcode === undefined ? {} : { errcode });
  };
  return {
    async execute(name, command, once, onDecided) {
      const outcome = await call((shard) => shard.execute(name, command, once));
      onDecided?.(outcome);
      return outcome;
    },
    ask: (name, ...args) => call((shard) => shard.ask(name, args)),
  };
}
