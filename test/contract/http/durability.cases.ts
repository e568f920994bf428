import { expect } from "vitest";
import { activate, type Cases, host, inUse, ordered } from "./vendor.ts";

export const durability: Cases = {
  "a crash loses nothing that was acknowledged, and makes no second answer to the same request": async (
    api,
  ) => {
    const keys = await api.keys();
    const orders = await Promise.all(Array.from({ length: 24 }, () => inUse(api)));
    const used = await Promise.all(
      orders.map(async (one, i) => ({
        ...one,
        moved: i % 3 === 0 ? (await one.post("rehost", { license: one.license, ...host("b") })).body : null,
        renewed: (await one.change("renew", {}, { "Idempotency-Key": "PO-1" })).body,
        before: await one.now(),
        past: await one.events(),
      })),
    );
    const { body: list } = await api.send("GET", "/v1/revocations");

    await api.crash();

    expect((await api.send("GET", "/.well-known/jwks.json")).body).toEqual({ keys });
    expect((await api.send("GET", "/v1/revocations")).body.number).toBeGreaterThanOrEqual(list.number);
    for (const {
      sent,
      entitlement,
      change,
      before,
      past,
      now,
      events,
      code,
      license,
      moved,
      renewed,
    } of used) {
      expect(await now()).toEqual(before);
      expect(await events()).toEqual(past);
      const again = await api.vendor("POST", "/v1/orders", sent);
      expect([again.status, again.body.entitlements[0].activationCode]).toEqual([
        200,
        entitlement.activationCode,
      ]);
      expect((await change("renew", {}, { "Idempotency-Key": "PO-1" })).body).toEqual(renewed);
      const activated = await activate(api, code, moved ? host("b") : {});
      expect(activated).toMatchObject({ status: 200, body: { license: moved?.license ?? license } });
    }
  },

  "what was answered while it was struck down under load is there afterwards": async (api) => {
    const { code, now } = await ordered(api, { quantity: 200 });
    // Whatever comes back is an acknowledgement; what breaks off is none.
    const bind = (i: number) =>
      api
        .fetch("/v1/activations", {
          method: "POST",
          body: JSON.stringify({ activationCode: code, ...host(`host-${i}`) }),
        })
        .then(async (response) => ({ i, status: response.status, body: (await response.json()) as Granted }))
        .catch(() => null);
    const sent = Array.from({ length: 100 }, (_, i) => bind(i));
    await Promise.race(sent);
    await api.crash();
    const granted = (await Promise.all(sent)).filter((answer) => answer?.status === 201);
    expect(granted.length).toBeGreaterThan(0);
    for (const answer of granted) {
      const again = await activate(api, code, host(`host-${answer?.i}`));
      expect(again).toMatchObject({ status: 200, body: { license: answer?.body.license } });
    }
    expect((await now()).seatsBound).toBeGreaterThanOrEqual(granted.length);
  },
};

interface Granted {
  license: string;
}
