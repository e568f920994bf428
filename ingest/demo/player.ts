// Plays a year through the HTTP API, as any other client would: no step looks into the service.

import { Agent } from "node:http";
import { sender } from "./client.ts";
import type { Outcome } from "./outcome.ts";
import type { OrderStep, Step } from "./steps.ts";
import { createTaker } from "./taker.ts";

export interface PlayOptions {
  /** The service, without a slash at the end. */
  url: string;
  /** An API key with the scopes admin, orders:write, events:write and history:write. */
  key: string;
  /** Ends the play between two steps. */
  signal?: AbortSignal;
  /** Called after each step. */
  onStep?: () => void;
}

/** Orders that are under way at once. The service commits what arrives together in one go, so more than a few pay. */
const CONCURRENCY = 48;

/**
 * Sends the steps. Those of one order go one after the other, different orders side by side; a new catalog or a merger of
 * customers waits for everything before it, and everything after waits for it.
 * @throws UnexpectedAnswer at the first answer that is neither a success nor one of the refusals that a step may meet
 */
export async function play(
  steps: readonly Step[],
  { url, key, signal, onStep = () => {} }: PlayOptions,
): Promise<Outcome> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONCURRENCY });
  const { take, finish, outcome } = createTaker(sender(url, key, agent), steps);
  try {
    for (const { barriers, byOrder } of chaptersOf(steps)) {
      for (const stepsInTurn of [[barriers], byOrder])
        await inParallel<readonly Step[]>(stepsInTurn, async (inLine) => {
          for (const step of inLine) {
            signal?.throwIfAborted();
            await take(step);
            onStep();
          }
        });
    }
    await finish();
    return outcome;
  } finally {
    agent.destroy();
  }
}

interface Chapter {
  /** What goes alone, one after the other. */
  barriers: Step[];
  byOrder: OrderStep[][];
}

/** What may go side by side: the steps from one barrier to the next, by order. Barriers in a row make one chapter. */
export function chaptersOf(steps: readonly Step[]): Chapter[] {
  const chapters: (Chapter & { orders: Map<string, OrderStep[]> })[] = [];
  const open = () => {
    const chapter = { barriers: [], byOrder: [], orders: new Map<string, OrderStep[]>() };
    chapters.push(chapter);
    return chapter as (typeof chapters)[number];
  };
  for (const step of steps) {
    let chapter = chapters.at(-1) ?? open();
    if (step.kind === "catalog" || step.kind === "merge") {
      if (chapter.byOrder.length > 0) chapter = open();
      chapter.barriers.push(step);
      continue;
    }
    const before = chapter.orders.get(step.orderId);
    if (before) before.push(step);
    else {
      const line = [step];
      chapter.orders.set(step.orderId, line);
      chapter.byOrder.push(line);
    }
  }
  return chapters.map(({ barriers, byOrder }) => ({ barriers, byOrder }));
}
/** Works through the items from first to last, {@link CONCURRENCY} at a time; the first failure ends it. */
async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const item = items[next] as T;
      next += 1;
      await work(item).catch((error: unknown) => {
        next = items.length;
        throw error;
      });
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
}
