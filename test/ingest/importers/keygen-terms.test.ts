// Terms of Keygen's licenses and policies, in ours.

import { describe, expect, test } from "vitest";
import { importer } from "../../../ingest/importers/keygen/importer.ts";
import { formatInstant, licenseModelSchema } from "../../../licensing/index.ts";
import { license, policy } from "./keygen-support.ts";
import { entriesOf, sourceOf } from "./support.ts";

const read = (...resources: object[]) => entriesOf(importer, sourceOf(JSON.stringify(resources)));

async function rightOf(attributes: object) {
  const [entry] = await read(license(attributes));
  return entry?.kind === "right" ? entry.right : undefined;
}

/** The license models of a policy, by key. */
async function modelsOf(attributes: object) {
  const entries = await read(policy(attributes));
  return new Map(
    entries.flatMap((entry) =>
      entry.kind === "reference" && entry.reference.of === "model"
        ? [[entry.reference.key, entry.reference.model] as const]
        : [],
    ),
  );
}

const heartbeat = { requireHeartbeat: true };
const unlimited = { maxMachines: null };

describe("what a license counts", () => {
  test.each<[attributes: object, metric: string, quantity: number]>([
    [{ floating: false, maxMachines: 1 }, "node-locked", 1],
    [{ floating: false, ...unlimited }, "node-locked", 1],
    [{ floating: false, maxMachines: 1, ...heartbeat }, "node-locked", 1],
    // Machines keep their seats until somebody deactivates them.
    [{ maxMachines: 5 }, "node-locked", 5],
    [{ maxMachines: 5, strict: false }, "node-locked", 5],
    // Seats of machines that fall silent come back.
    [{ maxMachines: 5, ...heartbeat }, "floating", 5],
    [{ ...unlimited }, "site", 1],
    [{ ...unlimited, ...heartbeat }, "site", 1],
    [{ ...unlimited, maxCores: 64 }, "node-locked", 64],
    [{ ...unlimited, maxCores: 64, ...heartbeat }, "floating", 64],
    [{ maxMachines: 5, maxCores: 64 }, "node-locked", 5],
    [{ ...unlimited, maxUsers: 10 }, "named-user", 10],
    [{ maxMachines: 2, maxUsers: 10 }, "named-user", 10],
    [{ maxUses: 500 }, "metered", 500],
    [{ ...unlimited, maxUsers: 10, maxUses: 500, maxCores: 1 }, "metered", 500],
    [{ ...unlimited, maxProcesses: 8 }, "site", 1],
  ])("%j is %s, %i", async (attributes, metric, quantity) => {
    const lease = "requireHeartbeat" in attributes ? { policy: { lease: "PT10M" } } : {};
    expect(await rightOf(attributes)).toMatchObject({
      quantity,
      model: { name: `P/${metric}/perpetual`, metric, term: "perpetual", ...lease },
    });
  });

  test("a license that ends has another model than one that does not", async () => {
    const right = await rightOf({ expiry: "2025-02-01T10:00:00.5Z" });
    expect(right).toMatchObject({ model: { name: "P/node-locked/dated", term: "subscription" } });
    expect(formatInstant(right?.endsAt ?? 0)).toBe("2025-02-01T10:00:00.500000Z");
  });
});

describe("whether a license is in force", () => {
  const created = "2024-02-01T10:00:00.000000Z";
  const updated = "2024-03-01T10:00:00.000000Z";
  test.each<[attributes: object, kind: string | undefined, at?: string]>([
    [{}, undefined],
    [{ status: null }, undefined],
    [{ status: "INACTIVE" }, undefined],
    [{ status: "EXPIRING" }, undefined],
    // It ends with its expiry, and not once more.
    [{ status: "EXPIRED", expiry: "2024-02-02T00:00:00Z" }, undefined],
    [{ status: "SUSPENDED", suspended: true }, "suspended", updated],
    [{ status: "EXPIRED", suspended: true, expiry: "2024-02-02T00:00:00Z" }, "suspended", updated],
    [{ status: "suspended", updated: null }, "suspended", created],
    [{ status: "SUSPENDED", updated: "2020-01-01T00:00:00Z" }, "suspended", created],
    [{ status: "BANNED" }, "suspended", updated],
    [{ status: "BANNED", suspended: true }, "suspended", updated],
    [{ status: "REVOKED" }, "cancelled", updated],
  ])("%j", async (attributes, kind, at) => {
    const right = await rightOf(attributes);
    expect(right?.ended?.kind).toBe(kind);
    expect(right?.ended && formatInstant(right.ended.at)).toBe(at);
  });
});

describe("what a policy comes to", () => {
  test("one model for each metric and kind of term that its licenses may state", async () => {
    const names = async (attributes: object) =>
      Array.from((await modelsOf(attributes)).entries(), ([key, { name }]) => `${key}: ${name}`);
    expect(await names({})).toEqual([
      "P/node-locked/perpetual: Pro (node-locked, perpetual)",
      "P/node-locked/dated: Pro (node-locked, subscription)",
      "P/named-user/perpetual: Pro (named-user, perpetual)",
      "P/named-user/dated: Pro (named-user, subscription)",
      "P/metered/perpetual: Pro (metered, perpetual)",
      "P/metered/dated: Pro (metered, subscription)",
    ]);
    expect(await names({ ...unlimited, ...heartbeat, duration: 2_592_000 })).toEqual([
      "P/site/perpetual: Pro (site, perpetual, lease PT10M)",
      "P/site/dated: Pro (site, subscription P30D, lease PT10M)",
      "P/floating/perpetual: Pro (floating, perpetual, lease PT10M)",
      "P/floating/dated: Pro (floating, subscription P30D, lease PT10M)",
      "P/named-user/perpetual: Pro (named-user, perpetual, lease PT10M)",
      "P/named-user/dated: Pro (named-user, subscription P30D, lease PT10M)",
      "P/metered/perpetual: Pro (metered, perpetual, lease PT10M)",
      "P/metered/dated: Pro (metered, subscription P30D, lease PT10M)",
    ]);
    expect(await names({ maxUses: 10 })).toHaveLength(2);
  });

  const flags = [true, false];
  const limits = [null, 4];
  const policies = flags.flatMap((floating) =>
    flags.flatMap((requireHeartbeat) =>
      limits.flatMap((maxMachines) =>
        limits.flatMap((maxUsers) =>
          limits.map((maxUses) => ({ floating, requireHeartbeat, maxMachines, maxUsers, maxUses })),
        ),
      ),
    ),
  );
  test("every license of every policy finds its model, whatever it says of its own, and a catalog takes the model", async () => {
    for (const stated of policies) {
      const models = await modelsOf({ ...stated, duration: 86_400 });
      const { floating, requireHeartbeat } = stated;
      for (const own of policies.filter(
        (it) => it.floating === floating && it.requireHeartbeat === requireHeartbeat,
      ))
        for (const expiry of [null, "2030-01-01T00:00:00Z"]) {
          // A limit that a license does not state of its own is its policy's.
          const limitsOf = (name: "maxMachines" | "maxUsers" | "maxUses") => own[name] ?? stated[name];
          const right = await rightOf({
            ...own,
            maxMachines: limitsOf("maxMachines"),
            maxUsers: limitsOf("maxUsers"),
            maxUses: limitsOf("maxUses"),
            expiry,
          });
          const model = models.get(right?.model.name ?? "");
          expect(model?.metric, JSON.stringify({ stated, own })).toBe(right?.model.metric);
          expect(model?.term === "perpetual").toBe(expiry === null);
          const { name, term, duration, metric, policy: terms } = model ?? {};
          const kind = term === "perpetual" ? { kind: term } : { kind: term, duration };
          const catalogued = { id: "m", name, metric, term: kind, policy: terms };
          expect(licenseModelSchema.safeParse(catalogued).error?.issues ?? []).toEqual([]);
        }
    }
  });

  test.each<[attributes: object, key: string, model: object]>([
    [{ overageStrategy: "NO_OVERAGE" }, "P/node-locked/perpetual", { policy: {} }],
    [{ overageStrategy: "ALLOW_1_25X_OVERAGE" }, "P/node-locked/perpetual", { policy: { overdraft: "25%" } }],
    [{ overageStrategy: "ALLOW_1_5X_OVERAGE" }, "P/named-user/perpetual", { policy: { overdraft: "50%" } }],
    [{ overageStrategy: "ALLOW_2X_OVERAGE" }, "P/node-locked/dated", { policy: { overdraft: "100%" } }],
    [
      { overageStrategy: "ALWAYS_ALLOW_OVERAGE" },
      "P/node-locked/perpetual",
      { name: "Pro (node-locked, perpetual, overdraft any)", policy: { overdraft: 1_000_000 } },
    ],
    // Before version 1.2 of the API.
    [{ concurrent: true }, "P/node-locked/perpetual", { policy: { overdraft: 1_000_000 } }],
    [{ concurrent: false }, "P/node-locked/perpetual", { policy: {} }],
    [{ overageStrategy: "ALLOW_2X_OVERAGE" }, "P/metered/perpetual", { policy: {} }],
    [{ overageStrategy: "ALLOW_2X_OVERAGE", ...unlimited }, "P/site/perpetual", { policy: {} }],
    [{ ...heartbeat, heartbeatDuration: 3600 }, "P/floating/perpetual", { policy: { lease: "PT1H" } }],
    // The machines that fell silent stay.
    [
      { ...heartbeat, heartbeatCullStrategy: "KEEP_DEAD" },
      "P/floating/perpetual",
      { metric: "node-locked", policy: { lease: "PT10M" } },
    ],
    // So many machines for each of any number of users.
    [{ machineLeasingStrategy: "PER_USER" }, "P/node-locked/perpetual", { metric: "site" }],
    [{ machineLeasingStrategy: "PER_USER", maxUsers: 5 }, "P/named-user/perpetual", { metric: "named-user" }],
    [{ machineLeasingStrategy: "PER_LICENSE" }, "P/node-locked/perpetual", { metric: "node-locked" }],
    [
      { requireCheckIn: true, checkInInterval: "week", checkInIntervalCount: 2 },
      "P/node-locked/dated",
      { policy: { lease: "P2W" } },
    ],
    [
      { requireCheckIn: true, checkInInterval: "month", ...heartbeat },
      "P/floating/dated",
      { policy: { lease: "PT10M" } },
    ],
    [{ requireCheckIn: false, checkInInterval: "day" }, "P/node-locked/dated", { policy: {} }],
    [{ name: "Free Trial", duration: 1_209_600 }, "P/node-locked/dated", { term: "trial", duration: "P14D" }],
    [{ name: "Evaluation" }, "P/node-locked/dated", { term: "trial" }],
    [
      { metadata: { trial: true }, duration: 86_400 },
      "P/node-locked/dated",
      { term: "trial", duration: "P1D" },
    ],
    [{ name: "Trialist" }, "P/node-locked/dated", { term: "subscription" }],
    // A trial that does not end is none.
    [{ name: "Free trial" }, "P/node-locked/perpetual", { term: "perpetual" }],
  ])("%j: %s", async (attributes, key, model) => {
    expect((await modelsOf(attributes)).get(key)).toMatchObject(model);
  });

  test.each<[seconds: number, duration: string]>([
    [86_400, "P1D"],
    [2_592_000, "P30D"],
    [31_536_000, "P365D"],
    // ActiveSupport's, by which Keygen's server counts a month and a year.
    [2_629_746, "P1M"],
    [31_556_952, "P1Y"],
    [63_113_904, "P2Y"],
    [90_000, "P1DT1H"],
    [86_460, "P1DT1M"],
    [86_401, "P1DT1S"],
    [1_576_800_000, "P18250D"],
  ])("a term of %i seconds is %s", async (seconds, duration) => {
    expect((await modelsOf({ duration: seconds })).get("P/node-locked/dated")).toMatchObject({ duration });
  });

  test.each<[attributes: object, at: string]>([
    [{ duration: 2_147_483_647 }, "[0].attributes.duration"],
    [{ duration: 0 }, "[0].attributes.duration"],
    [{ duration: 1.5 }, "[0].attributes.duration"],
    [{ heartbeatDuration: 2_147_483_647 }, "[0].attributes.heartbeatDuration"],
    [{ overageStrategy: "ALLOW_3X_OVERAGE" }, "[0].attributes.overageStrategy"],
    [{ name: "" }, "[0].attributes.name"],
    [{ checkInIntervalCount: 366 }, "[0].attributes.checkInIntervalCount"],
  ])("a policy with %j is invalid", async (attributes, at) => {
    expect(await read(policy(attributes))).toMatchObject([
      { kind: "problem", code: "invalid", place: { at } },
    ]);
  });
});
