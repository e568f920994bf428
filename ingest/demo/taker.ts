// Takes one step after the other: fills in what only the vendor's answers tell, sends it, and counts what came of it.

import type { AnswerOf } from "../api/contract.ts";
import { writeTime } from "./calendar.ts";
import type { Answer, Send } from "./client.ts";
import { type Deed, note, type Outcome } from "./outcome.ts";
import { type OrderStep, PART, type Step, type TellingStep } from "./steps.ts";

/** An answer that no step of the year should get: the demo ends here. */
export class UnexpectedAnswer extends Error {
  override readonly name = "UnexpectedAnswer";
}

/** What the year itself provokes. Any other refusal is a fault of the demo, or of the service. */
const PLANNED_REFUSALS = new Set([
  "unknown_sku",
  "unknown_activation_code",
  "no_seats_left",
  "entitlement_not_started",
  "entitlement_expired",
  "entitlement_cancelled",
  "entitlement_suspended",
  "user_required",
  "rehosts_used_up",
  "returns_used_up",
  "repairs_used_up",
  "temporary_used_up",
  "license_superseded",
  "seat_ended",
  // Whose move was refused goes on all the same, on a computer that the seat did not go to.
  "wrong_host",
  "seats_in_use",
]);

/** Events of telemetry in one call. */
const BATCH = 1000;

/** A right, as its holder knows it. */
interface Right {
  entitlementId: string;
  code: string;
}

/** A seat, as its holder knows it. */
interface Held {
  activationId: string;
  newest: string;
  leftBehind?: string;
}

export interface Taker {
  take: (step: Step) => Promise<void>;
  /** Sends what was told and still waits. */
  finish: () => Promise<void>;
  outcome: Outcome;
}

/**
 * Makes a taker. A step for a seat or a part that was refused is left out: nobody has it.
 * @param steps all that will be taken: licenses are remembered for those seats only that are asked for again
 */
export function createTaker(send: Send, steps: readonly Step[]): Taker {
  const rights = new Map<string, Right>();
  const seats = new Map<string, Held>();
  const told: object[] = [];
  const outcome: Outcome = { done: {}, refusals: {} };
  const wanted = new Set(
    steps.flatMap((step) => (step.kind === "seat" || step.kind === "telling" ? [nameOf(step)] : [])),
  );

  /** Sends a step; null where it was refused as planned. */
  async function ask<T>(
    step: Step,
    path: string,
    body: object,
    method = "POST",
  ): Promise<(T & Answer) | null> {
    const answer = await send(method, path, body);
    const { code } = answer.body as { code?: unknown };
    if (answer.status >= 400 && typeof code === "string" && PLANNED_REFUSALS.has(code)) {
      note(outcome.refusals, code);
      return null;
    }
    if (answer.status !== 200 && answer.status !== 201) throw unexpected(step, answer);
    return answer as T & Answer;
  }
  const done = (deed: Deed) => note(outcome.done, deed);

  function remember(step: OrderStep & { kind: "activation" | "seat" }, { activation, license }: SeatAnswer) {
    const name = nameOf(step);
    if (!wanted.has(name)) return;
    const before = seats.get(name);
    const isMove = step.kind === "seat" && step.request === "rehost";
    const leftBehind = isMove ? before?.newest : before?.leftBehind;
    seats.set(name, {
      activationId: activation.activationId,
      newest: license,
      ...(leftBehind === undefined ? {} : { leftBehind }),
    });
  }

  async function takeOrder(step: OrderStep & { kind: "order" }) {
    const answer = await ask<{ body: OrderAnswer }>(step, "/v1/orders", step.body);
    if (!answer) return;
    for (const { lineNumber, entitlementId, activationCode } of answer.body.entitlements)
      rights.set(`${step.orderId}/${lineNumber}`, { entitlementId, code: activationCode });
    done("order");
  }

  async function takeActivation(step: OrderStep & { kind: "activation" }) {
    const right = rightOf(step);
    if (!right) return;
    const activationCode = step.isMistyped ? mistype(right.code) : right.code;
    const answer = await ask<{ body: SeatAnswer }>(step, "/v1/activations", { activationCode, ...step.body });
    if (!answer) return;
    remember(step, answer.body);
    done(answer.status === 201 ? "seat" : "repeat");
  }

  async function takeSeat(step: OrderStep & { kind: "seat" }) {
    const held = seats.get(nameOf(step));
    const license = step.shows === "newest" ? held?.newest : held?.leftBehind;
    if (!held || license === undefined) return;
    const path = `/v1/activations/${held.activationId}/${step.request}`;
    const answer = await ask<{ body: SeatAnswer }>(step, path, { license, ...step.body });
    if (!answer) return;
    if (step.request === "return" || step.request === "release") seats.delete(nameOf(step));
    // A temporary license runs beside that of the seat.
    else if (step.request !== "temporary") remember(step, answer.body);
    done(step.request);
  }

  async function takeChange(step: OrderStep & { kind: "change" }) {
    const right = rightOf(step);
    if (!right) return;
    const path = `/v1/entitlements/${right.entitlementId}/${step.change}`;
    const answer = await ask<{ body: ChangeAnswer }>(step, path, step.body);
    if (!answer) return;
    const { child } = answer.body;
    if (child)
      rights.set(`${step.orderId}/${step.right}${PART}`, {
        entitlementId: child.entitlementId,
        code: child.activationCode,
      });
    done(step.change);
  }

  /** Programs tell in batches, as a collector of theirs would send them. What has no seat does not run. */
  async function takeTelling(step: TellingStep) {
    const held = seats.get(nameOf(step));
    if (!held) return;
    told.push({ ...step.body, activationId: held.activationId });
    if (told.length >= BATCH) await tell();
  }

  async function tell() {
    const batch = told.splice(0, BATCH);
    if (batch.length === 0) return;
    const answer = await send("POST", "/v1/events", batch);
    const { stored } = answer.body as Partial<AnswerOf<"POST /v1/events">["body"]>;
    if (answer.status !== 200 || stored !== batch.length)
      throw new UnexpectedAnswer(`Telemetry was answered ${answer.status}:\n${excerptOf(answer)}`);
    note(outcome.done, "telling" satisfies Deed, stored);
  }

  function rightOf({ orderId, right }: OrderStep & { kind: "activation" | "change" }): Right | undefined {
    const found = rights.get(`${orderId}/${right}`);
    if (!found && !right.endsWith(PART)) throw new UnexpectedAnswer(`no activation code for ${orderId}`);
    return found;
  }

  async function take(step: Step): Promise<void> {
    switch (step.kind) {
      case "catalog":
        await ask(step, "/v1/catalog", { ...step.body, occurredAt: writeTime(step.at) }, "PUT");
        return;
      case "merge":
        await ask(step, `/v1/customers/${encodeURIComponent(step.customerId)}/merge`, step.body);
        return done("merge");
      case "order":
        return takeOrder(step);
      case "activation":
        return takeActivation(step);
      case "seat":
        return takeSeat(step);
      case "change":
        return takeChange(step);
      case "telling":
        return takeTelling(step);
      case "cancellation":
        await ask(step, `/v1/orders/${encodeURIComponent(step.orderId)}/cancel`, step.body);
        return done("cancellation");
      case "refund":
        await ask(step, `/v1/orders/${encodeURIComponent(step.orderId)}/refunds`, step.body);
        return done("refund");
    }
  }
  return { take, finish: tell, outcome };
}

type OrderAnswer = AnswerOf<"POST /v1/orders">["body"];
type SeatAnswer = AnswerOf<"POST /v1/activations">["body"];
type ChangeAnswer = Partial<AnswerOf<"POST /v1/entitlements/{entitlementId}/split">["body"]>;

const nameOf = ({ orderId, right, seat }: { orderId: string; right: string; seat: string }) =>
  `${orderId}/${right}/${seat}`;

function unexpected(step: Step, { status, body }: Answer): UnexpectedAnswer {
  const about =
    step.kind === "catalog" ? step.body.version : step.kind === "merge" ? step.customerId : step.orderId;
  const what = step.kind === "seat" ? step.request : step.kind === "change" ? step.change : step.kind;
  const at = writeTime(step.at);
  return new UnexpectedAnswer(
    `The ${what} ${about} of ${at} was answered ${status}:\n${JSON.stringify(body, null, 2)}`,
  );
}

/** An outcome for each of a thousand events says less than the first of them. */
const excerptOf = ({ body }: Answer) => JSON.stringify(body, null, 2).slice(0, 1000);

/** One wrong character at the end, as a person would: the code's check characters tell. */
function mistype(code: string): string {
  return `${code.slice(0, -1)}${code.endsWith("7") ? "1" : "7"}`;
}
