// How far the benchmark lets a ledger grow.

/** Rows that a ledger has before it is measured again; `KEYHOUSE_BENCH_ROWS` sets another number. */
export const GROWN_ROWS = Number(process.env["KEYHOUSE_BENCH_ROWS"] ?? 1_000_000);
