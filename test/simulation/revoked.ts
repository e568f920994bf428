// The list of revocations as a customer's software would know it, beside the plain set of licenses that must not run.

import {
  addDuration,
  type EntitlementEvent,
  type EntitlementState,
  evolve,
  type Instant,
  type RevocationChange,
  revocationOf,
} from "../../licensing/index.ts";
import type { Check } from "./step.ts";
import type { World } from "./world.ts";

interface Issued {
  entitlementId: string;
  activationId: string;
  licenseId: string;
  generation: number;
  /** When it stops running by itself, grace included. */
  stopsAt: Instant;
  /** When its term or lease ends. */
  endsAt: Instant;
  /** Whether the license that took its place on the same host ends earlier. */
  isOutlasting: boolean;
  /** When the longest ends that took its place on the same host; the list names only the newest of a host. */
  successorEndsAt: Instant | null;
}

export class RevocationList {
  #changes = new Map<string, RevocationChange>();
  #issued: Issued[] = [];

  /** Hears of the events of one command, as the ledger does. */
  hear(before: EntitlementState, events: readonly EntitlementEvent[]): void {
    let state = before;
    for (const event of events) {
      const change = revocationOf(state, event);
      if (change) this.#changes.set(`${change.kind} ${change.id}`, change);
      if (event.type === "license.issued") this.#issue(state, event);
      state = evolve(state, event);
    }
  }

  #issue({ entitlement }: EntitlementState, event: EntitlementEvent & { type: "license.issued" }): void {
    const { expires_at: end, generation } = event.data;
    const { grace } = entitlement.policy;
    const endsAt = end === null ? Infinity : Date.parse(end) * 1000;
    const stopsAt = grace === undefined || endsAt === Infinity ? endsAt : addDuration(endsAt, grace);
    for (const one of this.#issued) {
      if (one.activationId !== event.activation_id || one.generation !== generation) continue;
      if (one.endsAt > endsAt) one.isOutlasting = true;
      one.successorEndsAt = Math.max(one.successorEndsAt ?? endsAt, endsAt);
    }
    this.#issued.push({
      entitlementId: event.entitlement_id,
      activationId: event.activation_id,
      licenseId: event.license_id,
      generation,
      stopsAt,
      endsAt,
      isOutlasting: false,
      successorEndsAt: null,
    });
  }

  #isListed(kind: "license" | "entitlement", id: string, now: Instant): boolean {
    const change = this.#changes.get(`${kind} ${id}`);
    return change !== undefined && change.isRevoked && (change.until ?? Infinity) > now;
  }

  /** Listed are those licenses that still run and must not, no other, and each as long as it would run. */
  compare({ lives }: World, now: Instant, check: Check): void {
    for (const license of this.#issued) {
      const state = lives.find(
        (life) => life.state.entitlement.entitlementId === license.entitlementId,
      )?.state;
      const seat = state?.seats.get(license.activationId);
      if (!state || !seat) throw new TypeError("a license was made for a seat that is not there");
      const { entitlement } = state;
      const isResting = entitlement.cancelledAt !== null || entitlement.suspendedAt !== null;
      check(
        "an entitlement is listed while it is cancelled or suspended",
        this.#isListed("entitlement", entitlement.entitlementId, now) === isResting,
      );
      if (license.stopsAt <= now) continue;
      const isLeft = seat.endedAt !== null || license.generation < seat.generation || license.isOutlasting;
      const isListed = this.#isListed("license", license.licenseId, now);
      // What ended with its whole entitlement needs no line of its own; nor what stops no later than the license that its
      // host got next, for the list would have a line for each refresh.
      if (entitlement.cancelledAt !== null && !isListed) continue;
      if (!isListed && license.endsAt <= (license.successorEndsAt ?? -Infinity)) continue;
      check("the licenses that still run and must not are listed, and no other", isListed === isLeft, () => ({
        license,
        seat,
        isListed,
      }));
    }
  }
}
