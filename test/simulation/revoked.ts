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
  /** Whether it was made beside the seat. */
  isLent: boolean;
  /** Whether the license that took its place on the same host at once ends earlier. */
  isOutlasting: boolean;
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
      if (event.type === "license.issued" || event.type === "license.lent") this.#issue(state, event);
      state = evolve(state, event);
    }
  }

  #issue(
    { entitlement }: EntitlementState,
    event: EntitlementEvent & { type: "license.issued" | "license.lent" },
  ): void {
    const { expires_at: end, generation } = event.data;
    const grace = entitlement.model.metric === "floating" ? undefined : entitlement.policy.grace;
    const endsAt = end === null ? Infinity : Date.parse(end) * 1000;
    const stopsAt = grace === undefined || endsAt === Infinity ? endsAt : addDuration(endsAt, grace);
    const isLent = event.type === "license.lent";
    const last = this.#issued.findLast((one) => one.activationId === event.activation_id && !one.isLent);
    if (!isLent && last?.generation === generation && last.endsAt > endsAt) last.isOutlasting = true;
    this.#issued.push({
      entitlementId: event.entitlement_id,
      activationId: event.activation_id,
      licenseId: event.license_id,
      generation,
      stopsAt,
      endsAt,
      isLent,
      isOutlasting: false,
    });
  }

  #listed(kind: RevocationChange["kind"], id: string, now: Instant): RevocationChange | undefined {
    const change = this.#changes.get(`${kind} ${id}`);
    return change?.isRevoked && (change.until ?? Infinity) > now ? change : undefined;
  }

  #isListed({ licenseId, activationId, generation }: Issued, now: Instant): boolean {
    const seat = this.#listed("activation", activationId, now);
    const isSeatsListed = seat?.kind === "activation" && generation <= seat.generation;
    return isSeatsListed || this.#listed("license", licenseId, now) !== undefined;
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
        (this.#listed("entitlement", entitlement.entitlementId, now) !== undefined) === isResting,
      );
      if (license.stopsAt <= now) continue;
      // A license of a later generation than an ended seat's was made after it, for a mistake of the vendor's.
      const isOfEnded = seat.endedAt !== null && license.generation === seat.generation;
      const isLeft = isOfEnded || license.generation < seat.generation || license.isOutlasting;
      const isListed = this.#isListed(license, now);
      // What ended with its whole entitlement needs no line of its own.
      if (entitlement.cancelledAt !== null && !isListed) continue;
      check("the licenses that still run and must not are listed, and no other", isListed === isLeft, () => ({
        license,
        seat,
        isListed,
      }));
    }
  }
}
