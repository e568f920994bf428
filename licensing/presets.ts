// Pure. Policies to begin with: the trade between a customer who must not stand still and copies that must not stay.

import type { Policy } from "./catalog.ts";

export const presetNames = ["high-touch", "standard", "high-volume"] as const;

/**
 * The three service tiers of the field. Few customers who spend much are known, and kept running through any failure at
 * once; many who spend little help themselves, within limits that make copying a poor business.
 */
export const presets: Record<(typeof presetNames)[number], Policy> = {
  "high-touch": {
    rehosts: { count: 24, per: "P1Y" },
    returns: { count: 24, per: "P1Y" },
    repairs: { count: 24, per: "P1Y" },
    temporary: { count: 12, per: "P1Y", duration: "P14D" },
    overdraft: "10%",
    lease: "P90D",
    grace: "P30D",
    offline: "P1Y",
    borrow: "P30D",
  },
  standard: {
    rehosts: { count: 4, per: "P1Y" },
    returns: { count: 4, per: "P1Y" },
    repairs: { count: 4, per: "P1Y" },
    temporary: { count: 2, per: "P1Y", duration: "P7D" },
    lease: "P30D",
    grace: "P7D",
    offline: "P90D",
    borrow: "P7D",
  },
  "high-volume": {
    rehosts: { count: 2, per: "P1Y" },
    returns: { count: 2, per: "P1Y" },
    repairs: { count: 1, per: "P1Y" },
    lease: "P14D",
    grace: "P3D",
  },
};
