// Pure. The computers that ask for licenses: their systems, which shift over the year, and the releases that run on them.

import type { Brand, Sku } from "./catalog.ts";
import { DAY, progressOfYear, type Time } from "./calendar.ts";
import type { Random } from "./random.ts";

/** A computer of a customer. */
export interface Host {
  id: string;
  name: string;
  os: OsType;
  arch: string;
  /** First seen; its system is no older than what was new then. */
  since: Time;
  /** How long after a new release of its system it moves to it; Infinity for never. */
  upgradeDelay: number;
  /** The newest system that was on it when it came. */
  bornRelease: number;
}

/** The computers of one customer, in the order in which they came to light. */
export interface Fleet {
  /** Draws of its own, so that a fleet does not depend on what else happens. */
  random: Random;
  hosts: Host[];
  /** How far the customer leans to each system; most lean to one. */
  leaning: Record<OsType, number>;
}

type OsType = "windows" | "darwin" | "linux" | "freebsd";
const osTypes: readonly OsType[] = ["windows", "darwin", "linux", "freebsd"];

/** Releases of each system in order, with the day from which computers may carry them. */
const releases: Record<OsType, readonly { version: string; at: Time }[]> = {
  windows: [
    { version: "10", at: 0 },
    { version: "11", at: Date.UTC(2021, 9, 5) },
  ],
  darwin: [
    { version: "14", at: 0 },
    { version: "15", at: Date.UTC(2024, 8, 16) },
    { version: "26", at: Date.UTC(2025, 8, 15) },
    { version: "27", at: Date.UTC(2026, 8, 14) },
  ],
  linux: [
    { version: "22.04", at: 0 },
    { version: "24.04", at: Date.UTC(2024, 3, 25) },
    { version: "26.04", at: Date.UTC(2026, 3, 23) },
  ],
  freebsd: [{ version: "14", at: 0 }],
};

export function createFleet(random: Random): Fleet {
  const lean = () => random.lognormal(1, 1.6);
  const leaning = { windows: lean(), darwin: lean(), linux: lean(), freebsd: lean() };
  return { random: random.fork("fleet"), hosts: [], leaning };
}

/** How common each system is among new computers, by product and time of the year. */
function shareOf(os: OsType, sku: Sku, time: Time): number {
  const year = progressOfYear(time);
  const shares: Record<OsType, number> =
    sku === "LUM-FARM"
      ? { windows: 0.12, darwin: 0.03, linux: 0.83, freebsd: 0.02 }
      : sku === "LUM-STUDIO" || sku === "LUM-SKETCH"
        ? { windows: 0.42, darwin: 0.5 - 0.04 * year, linux: 0.08 + 0.04 * year, freebsd: 0 }
        : { windows: 0.8 - 0.12 * year, darwin: 0.12, linux: 0.079 + 0.12 * year, freebsd: 0.001 };
  return shares[os];
}

function shareOfArm(os: OsType, time: Time): number {
  const year = progressOfYear(time);
  if (os === "darwin") return 0.6 + 0.3 * year;
  if (os === "windows") return 0.03 + 0.07 * year;
  return os === "linux" ? 0.06 + 0.1 * year : 0;
}

/** A computer that was not seen before. */
function addHost(fleet: Fleet, sku: Sku, time: Time): Host {
  const { random } = fleet;
  const os = random.weighted(osTypes, (type) => shareOf(type, sku, time) * fleet.leaning[type]);
  const isVirtual = os === "linux" && random.chance(sku === "LUM-FARM" ? 0.7 : 0.25);
  // Old computers are still about at the start of the year, and fewer come to light as it goes on.
  const isOld = random.chance(os === "windows" ? 0.62 - 0.4 * progressOfYear(time) : 0.45);
  const available = releases[os].findLastIndex((release) => release.at <= time);
  const host: Host = {
    id: random.hex(32),
    name: `${isVirtual ? "vm" : "ws"}-${String(fleet.hosts.length + 1).padStart(2, "0")}`,
    os,
    arch: random.chance(shareOfArm(os, time))
      ? "arm64"
      : os === "linux" || !random.chance(0.01)
        ? "amd64"
        : "x86",
    since: time,
    upgradeDelay: random.chance(0.2) ? Infinity : random.exponential(120 * DAY),
    bornRelease: Math.max(0, isOld ? available - 1 : available),
  };
  fleet.hosts.push(host);
  return host;
}

/** A computer for one more seat: one that the customer is known to have, if it is free for this, or one not seen before. */
export function chooseHost(fleet: Fleet, sku: Sku, time: Time, taken: ReadonlySet<Host>): Host {
  const known = fleet.hosts.filter((host) => host.since <= time && !taken.has(host));
  return known.length > 0 && fleet.random.chance(0.5) ? fleet.random.pick(known) : addHost(fleet, sku, time);
}

/** What a computer tells about its system at a time. The bought brand's programs use other words for the same things. */
export function platformOf(host: Host, brand: Brand, time: Time) {
  const arrived = releases[host.os].findLastIndex(
    ({ at }, index) =>
      at <= time && (index <= host.bornRelease || Math.max(at, host.since) + host.upgradeDelay <= time),
  );
  const version = releases[host.os][arrived]?.version ?? "";
  return brand === "Lumora"
    ? { os: { type: spokenOs[host.os], version }, arch: spokenArch[host.arch] ?? host.arch }
    : { os: { type: host.os as string, version }, arch: host.arch };
}

const spokenOs: Record<OsType, string> = {
  windows: "Windows",
  darwin: "macOS",
  linux: "Linux",
  freebsd: "FreeBSD",
};
const spokenArch: Record<string, string> = { amd64: "x86_64", arm64: "aarch64", x86: "i686" };

/** Releases of each brand's programs, about every two months. */
const appReleases: Record<Brand, readonly { version: string; at: Time }[]> = {
  Atlas: [
    { version: "7.2", at: 0 },
    { version: "7.3", at: Date.UTC(2025, 11, 2) },
    { version: "7.4", at: Date.UTC(2026, 1, 10) },
    { version: "8.0", at: Date.UTC(2026, 3, 21) },
    { version: "8.1", at: Date.UTC(2026, 6, 7) },
    { version: "8.2", at: Date.UTC(2026, 8, 22) },
  ],
  Lumora: [
    { version: "3.3", at: 0 },
    { version: "3.4", at: Date.UTC(2026, 4, 12) },
    { version: "3.5", at: Date.UTC(2026, 7, 4) },
    { version: "3.6", at: Date.UTC(2026, 9, 6) },
  ],
};

/** The release that is installed for an activation at a time: most take the newest, some an older download. */
export function appVersionAt(random: Random, brand: Brand, time: Time): string {
  const asOf = time - random.exponential(18 * DAY);
  return appReleases[brand].findLast(({ at }) => at <= asOf)?.version ?? appReleases[brand][0]?.version ?? "";
}
