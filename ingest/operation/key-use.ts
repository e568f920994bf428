// When was an API key last presented? Noted once a minute, and never waited for.

import { LRUCache } from "lru-cache";
import type { Instant } from "../../licensing/index.ts";
import { USE_NOTED_EVERY } from "../ledger/api-keys.ts";
import type { LedgerPort } from "../ledger/port.ts";
import type { ApiKey } from "../scope.ts";

// A vendor has some dozens. A key that was forgotten here is noted once more.
const MAX_KEYS = 1000;

export class KeyUse {
  readonly #control: LedgerPort;
  readonly #notedAt = new LRUCache<string, Instant>({ max: MAX_KEYS });

  constructor(control: LedgerPort) {
    this.#control = control;
  }

  /** @returns the note, where it is time for one: it shares the next transaction, and where it fails, the next minute has another */
  note({ keyId, lastUsedAt }: ApiKey, usedAt: Instant): Promise<void> | null {
    const notedAt = this.#notedAt.get(keyId) ?? lastUsedAt;
    if (notedAt !== null && usedAt - notedAt < USE_NOTED_EVERY) return null;
    this.#notedAt.set(keyId, usedAt);
    return this.#control.execute("noteKeyUse", { keyId, usedAt }).then(
      () => undefined,
      () => undefined,
    );
  }
}
