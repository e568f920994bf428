// What storefronts tell of orders, on its way into the ledger. A storefront can do nothing about a refusal of ours: what cannot
// be recorded is kept in quarantine, and goes the same way again when it is replayed.

import { formatInstant, type Instant } from "../../licensing/index.ts";
import { happenedAt } from "../history.ts";
import type { Ledgers } from "../ledgers.ts";
import { problem, problemOf } from "../problem.ts";
import { fingerprintOf, parseJson } from "../request.ts";
import type { Intake, StorefrontCommand } from "./command.ts";
import { readShopifyOrder } from "./shopify.ts";
import { readStripe } from "./stripe.ts";
import { follow, link, pay, takeBack } from "./subscriptions.ts";

/** Every storefront that we read, by the `source` that its events carry. */
const readers: Record<string, (json: unknown) => StorefrontCommand> = {
  shopify: readShopifyOrder,
  stripe: readStripe,
};

/** A message as a storefront wrote it, or an object of one of its exports. */
interface Message {
  source: string;
  body: string;
  /** The import that brings it in, if one does. */
  importId?: string | undefined;
}

/** Takes a message in. Says what was wrong; keeps nothing of it in that case, but for what the ledger says of it. */
export async function takeIn(
  ledgers: Ledgers,
  { source, body, importId }: Message,
  now: Instant,
): Promise<Intake> {
  const json = parseJson(body);
  if (!json.ok) return { kind: "not_understood", stage: "parse", problem: json.problem };
  const read = readers[source];
  if (!read) throw new TypeError(`no reader of ${source}`);
  const command = read(json.value);
  switch (command.kind) {
    case "quarantine":
      return { kind: "not_understood", stage: "map", problem: command.problem };
    case "ignore":
      return { kind: "ignored", what: command.what };
    case "record":
    case "withdraw":
      return takeOrder(ledgers, command, { source, importId }, now);
    case "follow":
      return follow(ledgers, { ...command.subscription, importId }, now);
    case "pay":
      return pay(ledgers, command.payment, now);
    case "return":
      return takeBack(ledgers, command.returned, now);
    case "link":
      return link(ledgers, command);
  }
}

async function takeOrder(
  ledgers: Ledgers,
  command: Extract<StorefrontCommand, { kind: "record" | "withdraw" }>,
  by: { source: string; importId: string | undefined },
  now: Instant,
): Promise<Intake> {
  const orderedAt = happenedAt("created_at", command.order.orderedAt, now);
  if (!orderedAt.ok) return { kind: "not_understood", stage: "map", problem: orderedAt.problem };
  const order = {
    order: { ...command.order, orderedAt: orderedAt.value },
    fingerprint: await fingerprintOf(command.order),
    toldAt: command.toldAt,
    ...by,
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
  const outcome = await ledger.execute("recordOrder", { ...order, bill: command.bill });
  if (outcome.ok) return { kind: "recorded", isNew: outcome.isNew, recorded: outcome.value };
  // Nothing is missing: what came after it is on record.
  if (outcome.refusal.code === "order_superseded")
    return { kind: "withdrawn", problem: problemOf(outcome.refusal) };
  return { kind: "not_understood", stage: "decide", problem: problemOf(outcome.refusal) };
}

/** One message of a storefront, as it came. */
interface Delivery extends Message {
  /** What tells this message from others, where the storefront says it: the same again is one message. */
  id: readonly string[] | undefined;
  /** When the storefront says that it was sent, where it does. */
  sentAt: Instant | undefined;
}

/** Shopify tries for two days at most; some hours more are for clocks, and for our own time off. */
const OLDEST_DELIVERY = 72 * 3600 * 1_000_000;

/** Takes an order in, or keeps it in quarantine with what was wrong. */
export async function takeInOrQuarantine(
  ledgers: Ledgers,
  { source, body, id, sentAt }: Delivery,
  now: Instant,
): Promise<Intake & { quarantineId?: string }> {
  const intake = staleness(sentAt, now) ?? (await takeIn(ledgers, { source, body }, now));
  if (intake.kind !== "not_understood") return intake;
  const { code, detail } = intake.problem;
  // An order is recognized by its ID; what cannot be read has only the name of its message, and its content.
  const request = id === undefined ? undefined : await fingerprintOf([source, ...id]);
  const outcome = await ledgers.control.execute(
    "quarantine",
    { source, stage: intake.stage, code, detail, input: body },
    request === undefined ? undefined : { request, fingerprint: request },
  );
  return outcome.ok ? { ...intake, quarantineId: outcome.value.quarantineId } : intake;
}

/** A message that was on its way for longer than anybody tries to send one is looked at by people first. */
function staleness(sentAt: Instant | undefined, now: Instant): Intake | null {
  if (sentAt === undefined) return null;
  const sent = happenedAt("X-Shopify-Triggered-At", sentAt, now);
  if (!sent.ok) return { kind: "not_understood", stage: "parse", problem: sent.problem };
  if (now - sentAt <= OLDEST_DELIVERY) return null;
  const stale = problem(
    "stale_delivery",
    `This was sent at ${formatInstant(sentAt)}, more than three days ago: replay it where it is still right.`,
  );
  return { kind: "not_understood", stage: "parse", problem: stale };
}

/**
 * Sends one quarantined input the same way again.
 * @param by who asks for it, as the event says it
 * @returns what became of it; where it is still not understood it stays in quarantine as it was
 */
export async function replay(
  ledgers: Ledgers,
  waiting: { quarantine_id: string; source: string; input: string },
  now: Instant,
  by: string,
): Promise<Intake> {
  const intake = await takeIn(ledgers, { source: waiting.source, body: waiting.input }, now);
  if (intake.kind !== "not_understood")
    await ledgers.ofId(waiting.quarantine_id).execute("markReplayed", {
      quarantineId: waiting.quarantine_id,
      by,
      source: waiting.source,
    });
  return intake;
}
