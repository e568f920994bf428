// Pure. How often may somebody ask? The generic cell rate algorithm (ITU-T I.371, annex A): one time a caller, no timers, no
// windows that all begin anew at once.

import { LRUCache } from "lru-cache";
import type { Instant } from "../../licensing/index.ts";

/** So many requests at once, and no more than so many over any such time. */
export interface Rate {
  requests: number;
  /** In microseconds, as instants are. */
  window: number;
}

/** What became of one request, in the terms of the RateLimit header fields. */
export interface Verdict {
  isAllowed: boolean;
  rate: Rate;
  /** Requests that would be allowed right now. */
  remaining: number;
  /** Until one more is allowed than `remaining` says. */
  wait_seconds: number;
}

/**
 * Counts by caller. Whoever was not heard of for longest is forgotten first: memory is bounded, and somebody with very
 * many addresses gains what those addresses are allowed, which no count by address prevents.
 */
export class RateCounter {
  readonly #rate: Rate;
  /** When a caller will have used up nothing: the theoretical arrival time of the algorithm. */
  readonly #emptyAt: LRUCache<string, Instant>;

  constructor(rate: Rate, maxCallers: number) {
    this.#rate = rate;
    this.#emptyAt = new LRUCache({ max: maxCallers });
  }

  /** Counts a request where it is allowed; a refused one costs nothing, so that waiting helps. */
  take(caller: string, now: Instant): Verdict {
    const next = this.#emptyAfter(caller, now) + this.#rate.window / this.#rate.requests;
    const isAllowed = next - now <= this.#rate.window;
    if (isAllowed) this.#emptyAt.set(caller, next);
    return this.#verdict(caller, now, isAllowed);
  }

  /** Whether a request would be allowed, without counting it. */
  look(caller: string, now: Instant): Verdict {
    const verdict = this.#verdict(caller, now, true);
    return { ...verdict, isAllowed: verdict.remaining > 0 };
  }

  #emptyAfter(caller: string, now: Instant): Instant {
    const emptyAt = this.#emptyAt.get(caller) ?? now;
    const latest = now + this.#rate.window;
    if (emptyAt <= latest) return Math.max(emptyAt, now);
    // The clock was set back: that locks nobody out for longer than the window.
    this.#emptyAt.set(caller, latest);
    return latest;
  }

  #verdict(caller: string, now: Instant, isAllowed: boolean): Verdict {
    const { requests, window } = this.#rate;
    const used = this.#emptyAfter(caller, now) - now;
    const each = window / requests;
    // Fractions of a microsecond, as of 7 requests in a second, are no request less.
    const remaining = Math.floor((window - used) / each + 1e-6);
    const wait = used - (window - (remaining + 1) * each);
    return { isAllowed, rate: this.#rate, remaining, wait_seconds: Math.max(1, Math.ceil(wait / 1e6)) };
  }
}
