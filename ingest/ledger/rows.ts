// Pure. Rows of the ledger's tables, and what the rules know of them.

import type { Seat } from "../../licensing/index.ts";

/** An order as the ledger keeps it: what is answered, and what tells it from another one under its ID. */
export interface OrderRow {
  order_id: string;
  customer_id: string;
  status: "recorded" | "refused";
  fingerprint: string;
  body: string;
  cancelled_at: number | null;
  told_at: number | null;
  /** The import that brought it in; null where it came by itself. */
  import_id: string | null;
  /** When that import was taken back. */
  taken_back_at: number | null;
}

/** A seat as its table has it. */
export interface SeatRow {
  activation_id: string;
  host_hash: string | null;
  user_hash: string | null;
  generation: number;
  bound_at: number;
  ended_at: number | null;
  license_id: string | null;
  license_issued_at: number | null;
  license_not_before: number | null;
  license_expires_at: number | null;
  runs_until: number | null;
}

/** Input that was not understood, as the ledger keeps it. */
export interface QuarantineRow {
  quarantine_id: string;
  received_at: number;
  source: string;
  stage: string;
  code: string;
  detail: string;
  input: string;
  replayed_at: number | null;
  /** What names it, where the same may be sent again. */
  record_key: string | null;
}

/** A seat as the rules know it, of its row. */
export function seatOf(row: SeatRow): Seat {
  return {
    activationId: row.activation_id,
    hostHash: row.host_hash,
    userHash: row.user_hash,
    generation: row.generation,
    boundAt: row.bound_at,
    endedAt: row.ended_at,
    runsUntil: row.runs_until,
    license:
      row.license_id === null || row.license_issued_at === null || row.license_not_before === null
        ? null
        : {
            licenseId: row.license_id,
            issuedAt: row.license_issued_at,
            notBefore: row.license_not_before,
            expiresAt: row.license_expires_at,
          },
  };
}
