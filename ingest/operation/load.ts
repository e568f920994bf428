// Pure. How much is at hand at once: what is more is turned away before it costs memory.

export interface LoadBounds {
  requests: number;
  bytes: number;
}

/**
 * A request at hand holds some ten kilobytes beside its body, and waits at worst for the 8192 commands of `group.ts`. Bodies
 * are counted by what they say they are long, before they are read.
 */
const LOAD_BOUNDS: LoadBounds = { requests: 10_000, bytes: 512 * 1024 * 1024 };

/** What a body counts at most: no route reads more of one at once, but for what `licenses.ts` reads ahead. */
const MAX_COUNTED_BYTES = 4 * 1024 * 1024;
/** What a body counts that does not say its length. It may be four times as long, and hardly any is. */
const UNKNOWN_BYTES = 1024 * 1024;

/** What is at hand. */
export class Load {
  readonly #bounds: LoadBounds;
  requests = 0;
  bytes = 0;

  constructor(bounds: LoadBounds = LOAD_BOUNDS) {
    this.#bounds = bounds;
  }

  /** Takes a request on. @returns what to call, once, when it is over; null where there is no room for it */
  begin(bytes: number): (() => void) | null {
    const { requests, bytes: most } = this.#bounds;
    if (this.requests >= requests || this.bytes + bytes > most) return null;
    this.requests += 1;
    this.bytes += bytes;
    return () => {
      this.requests -= 1;
      this.bytes -= bytes;
    };
  }
}

/** What a body will take, by the request's headers. */
export function bodyBytes(method: string, contentLength: string | undefined): number {
  if (method === "GET" || method === "HEAD") return 0;
  const stated = contentLength === undefined ? NaN : Number(contentLength);
  return stated >= 0 ? Math.min(stated, MAX_COUNTED_BYTES) : UNKNOWN_BYTES;
}
