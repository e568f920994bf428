import type { Instant } from "../licensing/index.ts";

/** The system's clock. It ticks in milliseconds; only what comes from outside may be finer. */
export const systemClock = (): Instant => Date.now() * 1000;
