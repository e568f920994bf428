// Orders from storefronts, on their way into the ledger. A storefront can do nothing about a refusal of ours: what cannot
// be recorded is kept in quarantine, and goes the same way again when it is replayed.

import type { Instant } from "../../licensing/index.ts";
import { happenedAt } from "../history.ts";
import type { RecordedOrder } from "../ledger/queries.ts";
import type { Ledgers } from "../ledgers.ts";
import { type Problem, problemOf } from "../problem.ts";
import { fingerprintOf, parseJson } from "../request.ts";
import { readShopifyOrder, type StorefrontCommand } from "./shopify.ts";

/** Every storefront that we read, by the `source` that its events carry. */
const readers: Record<string, (json: unknown) => StorefrontCommand> = { shopify: readShopifyOrder };

/** What became of an order. */
export type Intake =
  | { kind: "recorded"; isNew: boolean; recorded: RecordedOrder }
  | { kind: "withdrawn"; problem: Problem | null }
  | { kind: "not_understood"; stage: "parse" | "map" | "decide"; problem: Problem };

/** Takes an order in as the storefront wrote it. Says what was wrong; keeps nothing of it in that case. */
async function takeIn(ledgers: Ledgers, source: string, body: string, now: Instant): Promise<Intake> {
  const json = parseJson(body);
  if (!json.ok) return { kind: "not_understood", stage: "parse", problem: json.problem };
  const read = readers[source];
  if (!read) throw new TypeError(`no reader of ${source}`);
  const command = read(json.value);
  if (command.kind === "quarantine")
    return { kind: "not_understood", stage: "map", problem: command.problem };

  const orderedAt = happenedAt("created_at", command.order.orderedAt, now);
  if (!orderedAt.ok) return { kind: "not_understood", stage: "map", problem: orderedAt.problem };
  const order = {
    order: { ...command.order, orderedAt: orderedAt.value },
    fingerprint: await fingerprintOf(command.order),
    source,
  };
  const ledger = ledgers.ofOrder(command.order.orderId);
  if (command.kind === "withdraw") {
    const outcome = await ledger.execute("withdrawOrder", {
      ...order,
      refusal: command.refusal,
      occurredAt: now,
    });
    return { kind: "withdrawn", problem: outcome.ok ? null : problemOf(outcome.refusal) };
  }
  const outcome = await ledger.execute("recordOrder", order);
  if (outcome.ok) return { kind: "recorded", isNew: outcome.isNew, recorded: outcome.value };
  return { kind: "not_understood", stage: "decide", problem: problemOf(outcome.refusal) };
}

/** Takes an order in, or keeps it in quarantine with what was wrong. */
export async function takeInOrQuarantine(
  ledgers: Ledgers,
  source: string,
  body: string,
  now: Instant,
): Promise<Intake & { quarantineId?: string }> {
  const intake = await takeIn(ledgers, source, body, now);
  if (intake.kind !== "not_understood") return intake;
  const { code, detail } = intake.problem;
  const outcome = await ledgers.control.execute("quarantine", {
    source,
    stage: intake.stage,
    code,
    detail,
    input: body,
  });
  return outcome.ok ? { ...intake, quarantineId: outcome.value.quarantineId } : intake;
}

/**
 * Sends one quarantined input the same way again.
 * @returns what became of it; where it is still not understood it stays in quarantine as it was
 */
export async function replay(
  ledgers: Ledgers,
  waiting: { quarantine_id: string; source: string; input: string },
  now: Instant,
): Promise<Intake> {
  const intake = await takeIn(ledgers, waiting.source, waiting.input, now);
  if (intake.kind !== "not_understood")
    await ledgers.ofId(waiting.quarantine_id).execute("markReplayed", {
      quarantineId: waiting.quarantine_id,
      source: waiting.source,
    });
  return intake;
}
