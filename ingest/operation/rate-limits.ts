// Pure. Whose requests are counted, by what, and what they are told.

import { addDuration, type Instant, isDuration } from "../../licensing/index.ts";
import { type FaultCode, type Problem, problem } from "../problem.ts";
import type { ApiKey } from "../scope.ts";
import { type Rate, RateCounter, type Verdict } from "./rate.ts";

/** By address where a caller has no API key, by key where it has one; and codes, keys and signatures that were wrong. */
export type LimitName = "public" | "keyed" | "guesses";
export type Rates = Record<LimitName, Rate>;

const MINUTE = 60 * 1_000_000;

const DEFAULT_RATES: Rates = {
  // A company behind one address: some thousand floating seats that begin their day within ten minutes.
  public: { requests: 600, window: MINUTE },
  // An order system after a night without network, or a migration; more belongs into one bulk call.
  keyed: { requests: 6000, window: MINUTE },
  // People mistype, and try again. Two a minute find no code of 80 random bits.
  guesses: { requests: 20, window: 10 * MINUTE },
};

// About 10 MB each at the worst; a caller who was forgotten has its whole allowance again.
const MAX_CALLERS = 50_000;

/** What a wrong guess is answered with. A code that is well-formed and not ours is one; so is a revoked API key. */
const GUESSES: ReadonlySet<string> = new Set<FaultCode>([
  "unauthorized",
  "unknown_activation_code",
  "invalid_license",
  "invalid_signature",
]);

/** Who asks: the key that opened the door, or else the address; null where a runtime does not know it. */
export interface Caller {
  key: ApiKey | null;
  address: string | null;
}

export interface RateAnswer {
  headers: Record<string, string>;
  /** What to answer instead; null where the request may pass. */
  problem: Problem | null;
  limit: LimitName;
}

/** Counts requests; all its state is in memory, of this process alone. */
export class RateLimits {
  readonly #counters: Record<LimitName, RateCounter>;

  constructor(rates: Rates) {
    this.#counters = {
      public: new RateCounter(rates.public, MAX_CALLERS),
      keyed: new RateCounter(rates.keyed, MAX_CALLERS),
      guesses: new RateCounter(rates.guesses, MAX_CALLERS),
    };
  }

  /** Counts a request, and says whether it may pass. A good key is never held up by what others do at its address. */
  admit({ key, address }: Caller, now: Instant): RateAnswer {
    if (key) return answerOf("keyed", this.#counters.keyed.take(key.keyId, now));
    const name = nameOf(address);
    const guesses = this.#counters.guesses.look(name, now);
    if (!guesses.isAllowed) return answerOf("guesses", guesses);
    return answerOf("public", this.#counters.public.take(name, now));
  }

  /** Remembers what a caller was answered with, where that was a wrong guess. */
  answered({ key, address }: Caller, code: string, now: Instant): void {
    if (!key && GUESSES.has(code)) this.#counters.guesses.take(nameOf(address), now);
  }
}

/** Callers whose address is not known share one count. */
const nameOf = (address: string | null): string => address ?? "";

/** https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/ (version 10): structured fields. */
function answerOf(limit: LimitName, { isAllowed, rate, remaining, wait_seconds }: Verdict): RateAnswer {
  const headers = {
    "ratelimit-policy": `"${limit}";q=${rate.requests};w=${Math.ceil(rate.window / 1_000_000)}`,
    ratelimit: `"${limit}";r=${remaining};t=${wait_seconds}`,
  };
  if (isAllowed) return { headers, problem: null, limit };
  const what = {
    public: "from this address without an API key",
    keyed: "with this API key",
    guesses: "from this address with codes, keys or signatures that are none of ours",
  }[limit];
  return {
    headers: { ...headers, "retry-after": String(wait_seconds) },
    problem: problem("rate_limited", `There were too many requests ${what}: wait ${wait_seconds} seconds.`),
    limit,
  };
}

/**
 * Reads the setting `KEYHOUSE_RATE_LIMITS`: `off`, or rates such as `public=600/PT1M guesses=20/PT10M`; those that are
 * not named keep their default.
 * @returns null for none
 * @throws Error where it cannot be read
 */
export function readRates(text: string | undefined): Rates | null {
  if (text === "off") return null;
  const rates = { ...DEFAULT_RATES };
  for (const part of (text ?? "").split(/\s+/).filter(Boolean)) {
    const [, name = "", requests, duration = ""] = /^(\w+)=(\d{1,9})\/(\w+)$/.exec(part) ?? [];
    const window = isDuration(duration) ? addDuration(0, duration) : 0;
    if (!Object.hasOwn(rates, name) || !(Number(requests) >= 1) || window <= 0)
      throw new Error(
        `KEYHOUSE_RATE_LIMITS has "${part}": give public, keyed or guesses as in public=600/PT1M, or "off" alone.`,
      );
    rates[name as LimitName] = { requests: Number(requests), window };
  }
  return rates;
}
