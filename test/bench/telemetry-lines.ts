// Telemetry as a vendor's collector sends it: mostly heartbeats, of some thousand seats, in the order of time.

import { createHash } from "node:crypto";

const SEATS = 5000;
// So many a second, by the events' own clocks.
const PER_SECOND = 1000;
const BEGIN = Date.now() - 60 * 86_400_000;

/** Lines from the first on; the same number is the same line in this process, up to its time. */
export function telemetryLines(first: number, count: number): string[] {
  return Array.from({ length: count }, (_, i) => lineOf(first + i));
}

function lineOf(number: number): string {
  const seat = (number * 7919) % SEATS;
  const isFeature = number % 5 === 0;
  return JSON.stringify({
    id: idOf(number),
    type: isFeature ? "telemetry.feature_used" : "telemetry.heartbeat",
    occurredAt: new Date(BEGIN + (number * 1000) / PER_SECOND).toISOString(),
    activationId: `act_00${String(seat).padStart(26, "0")}`,
    host: { id: `host-${seat}` },
    platform: { os: { type: seat % 3 === 0 ? "darwin" : "Windows NT", version: "11" }, arch: "x86_64" },
    app: { version: "7.2.1" },
    ...(isFeature && { data: { feature: "export", count: 3 } }),
  });
}

/** Looks like a random UUID, as most senders' IDs are. */
function idOf(number: number): string {
  const hex = createHash("md5").update(String(number)).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}
