// A story that asks every operation of the interface, each by what it learned before: the examples of the document.

import type { Example } from "../../ingest/api/examples.ts";
import { Load } from "../../ingest/operation/load.ts";
import { prometheusMetrics } from "../../ingest/operation/metrics.ts";
import { makeOfflineRequest } from "../../licensing/index.ts";
import { operated } from "./operated.ts";
import { NOW, testApp } from "./support.ts";
import { tellStorefronts } from "./story-storefronts.ts";
import { beginStory, type Tell } from "./telling.ts";

const SECRET = "the-store's-secret";

/** Plays the story in an app of its own, and writes down what was said. */
export async function playStory(): Promise<Example[]> {
  const metrics = prometheusMetrics({ ledger: () => app.ledger, inFlight: () => new Load() });
  const app = await testApp({ shopifySecret: SECRET, stripeSecrets: [SECRET], ...operated({ metrics }) });
  const { tell, examples } = await beginStory(app);
  const first = await sell(tell);
  await use(tell, first);
  await manage(tell, first);
  await ask(tell);
  return examples;
}

const windows = { os: { type: "windows", version: "11" }, arch: "amd64" };
const host = (number: number) => ({ id: `fingerprint-of-computer-${number}`, name: `ws-${number}` });

async function sell(tell: Tell) {
  await tell("PUT /v1/catalog", "A catalog of two products", {
    body: {
      version: "2026-11",
      products: [
        {
          sku: "CAD-PRO",
          name: "Atlas CAD Pro",
          brand: "Atlas",
          features: ["3d", "export"],
          defaultLicenseModel: "sub-node",
        },
        { sku: "RENDER", name: "Atlas Render", brand: "Atlas" },
      ],
      licenseModels: [
        {
          id: "sub-node",
          name: "Annual, node-locked",
          term: { kind: "subscription", duration: "P1Y" },
          metric: "node-locked",
          policy: { preset: "standard", lease: "P14D" },
        },
        {
          id: "float",
          name: "Perpetual, floating",
          term: { kind: "perpetual" },
          metric: "floating",
          policy: { lease: "PT8H" },
        },
        {
          id: "hours",
          name: "Render hours a month",
          term: { kind: "subscription", duration: "P1Y" },
          metric: "metered",
          consumptionPer: "P1M",
        },
      ],
      priceBands: [{ id: "high-volume", below: 20_000 }, { id: "high-touch" }],
    },
  });
  await tell("POST /v1/policies/exposure", "Two moves a year, and no lease", {
    body: { policy: { rehosts: { count: 2, per: "P1Y" } } },
  });
  const order = {
    orderId: "SO-1001",
    orderedAt: "2026-11-05T10:00:00Z",
    customer: { id: "C-42", name: "Example GmbH", email: "it@example.com", country: "DE" },
    lines: [
      {
        lineNumber: 1,
        sku: "CAD-PRO",
        licenseModel: "sub-node",
        quantity: 5,
        unitPrice: { amount: 99_900, currency: "EUR" },
      },
    ],
  };
  const recorded = await tell("POST /v1/orders", "Five seats for a year", { body: order });
  await tell("POST /v1/orders", "The same ID, with another content", {
    body: { ...order, channel: "partner" },
    isRefused: true,
  });
  const line = { lineNumber: 1, quantity: 10, unitPrice: { amount: 1_900, currency: "EUR" } };
  const more = await tell("POST /v1/orders", "A floating and a metered license", {
    body: {
      ...order,
      orderId: "SO-1002",
      lines: [
        { ...line, sku: "CAD-PRO", licenseModel: "float" },
        { ...line, lineNumber: 2, sku: "RENDER", licenseModel: "hours" },
      ],
    },
  });
  await tell("GET /v1/orders/{orderId}", "The first order", { path: { orderId: "SO-1001" } });
  await tellStorefronts(tell, SECRET);
  return { nodes: recorded.entitlements[0], floating: more.entitlements[0], metered: more.entitlements[1] };
}

type Sold = Awaited<ReturnType<typeof sell>>;

async function use(tell: Tell, { nodes, floating, metered }: Sold): Promise<void> {
  const activate = (activationCode: string, number: number) => ({
    activationCode,
    host: host(number),
    platform: windows,
    app: { version: "7.2" },
  });
  const one = await tell("POST /v1/activations", "A computer activates", {
    body: activate(nodes.activationCode, 17),
  });
  await tell("POST /v1/activations", "A code with a wrong character", {
    body: activate(`${nodes.activationCode.slice(0, -1)}U`, 18),
    isRefused: true,
  });
  const path = { activationId: one.activation.activationId };
  await report(tell, path.activationId);
  await tell("POST /v1/activations/{activationId}/refresh", "By the license of the seat", {
    path,
    body: { license: one.license },
  });
  const moved = await tell("POST /v1/activations/{activationId}/rehost", "To another computer", {
    path,
    headers: { "Idempotency-Key": "rehost-of-ws-17" },
    body: { license: one.license, host: host(19), platform: windows },
  });
  await tell("POST /v1/activations/{activationId}/refresh", "By a license from before the move", {
    path,
    body: { license: one.license },
    isRefused: true,
  });
  await tell("POST /v1/activations/{activationId}/repair", "A new fingerprint", {
    path,
    body: { activationCode: nodes.activationCode, host: host(20), platform: windows },
  });
  await tell("POST /v1/activations/{activationId}/temporary", "For a computer that stands in", {
    path,
    body: { activationCode: nodes.activationCode, host: host(21), reason: "failure" },
  });
  await tell("POST /v1/activations/{activationId}/return", "By a license from before the repair", {
    path,
    body: { license: moved.license },
    isRefused: true,
  });
  await tell("POST /v1/activations/{activationId}/return", "By the activation code", {
    path,
    body: { activationCode: nodes.activationCode },
  });
  const pooled = await tell("POST /v1/activations", "A floating seat", {
    body: activate(floating.activationCode, 22),
  });
  await tell("POST /v1/activations/{activationId}/release", "Back to the pool", {
    path: { activationId: pooled.activation.activationId },
    body: { license: pooled.license },
  });
  const meter = await tell("POST /v1/activations", "A metered license", {
    body: activate(metered.activationCode, 23),
  });
  const used = { path: { activationId: meter.activation.activationId } };
  await tell("POST /v1/activations/{activationId}/consume", "Four units", {
    ...used,
    headers: { "Idempotency-Key": "job-1" },
    body: { license: meter.license, units: 4 },
  });
  await tell("POST /v1/activations/{activationId}/consume", "More than is left", {
    ...used,
    body: { license: meter.license, units: 100 },
    isRefused: true,
  });
  const file = await makeOfflineRequest({
    nonce: "b3BlbiBzZXNhbWUsIHBsZWFzZQ",
    requestedAt: NOW,
    activationCode: nodes.activationCode,
    host: host(24),
    platform: windows,
  });
  await tell("POST /v1/offline-activations", "A request file", { body: file });
  const lines = [
    { entitlementId: nodes.entitlementId, host: host(25) },
    { entitlementId: "ent_of_nobody", host: host(27) },
  ];
  await tell("POST /v1/licenses", "Two lines, one of them of no entitlement", {
    body: lines.map((line) => `${JSON.stringify(line)}\n`).join(""),
  });
  const last = await tell("POST /v1/activations", "One more computer", {
    body: activate(nodes.activationCode, 26),
  });
  await tell("POST /v1/licenses/{licenseId}/revoke", "The license of one computer", {
    path: { licenseId: last.activation.licenseId },
  });
  await tell("GET /v1/revocations", "The list now");
}

async function report(tell: Tell, activationId: string): Promise<void> {
  const ran = {
    id: "0192d3c4-5b1e-7c11-9a52-3f0f8c1b2a01",
    type: "telemetry.first_run",
    occurredAt: "2026-11-24T08:31:00Z",
    activationId,
    host: { id: host(17).id },
    platform: windows,
    app: { version: "7.2" },
  };
  const used = {
    id: "0192d3c5-11aa-7f3e-8d2c-6b1de4470c02",
    type: "telemetry.feature_used",
    occurredAt: "2026-11-24T09:02:11Z",
    activationId,
    data: { feature: "export", count: 3 },
  };
  await tell("POST /v1/events", "Two events, a line each", {
    headers: { "Content-Type": "application/x-ndjson" },
    body: [ran, used].map((event) => `${JSON.stringify(event)}\n`).join(""),
  });
  await tell(
    "POST /v1/events",
    "One of them again, the other with another content, and one of a clock that is ahead",
    {
      body: [
        ran,
        { ...used, data: { feature: "export", count: 4 } },
        { ...ran, id: "0192d3c6-07fe-7a90-b1c3-90e2d1a65f03", occurredAt: "2027-11-24T08:31:00Z" },
      ],
    },
  );
}

async function manage(tell: Tell, { nodes }: Sold): Promise<void> {
  const path = { entitlementId: nodes.entitlementId };
  const of = (reason: string, body: object = {}) => ({ path, body: { reason, ...body } });
  const at = "/v1/entitlements/{entitlementId}";
  await tell(`GET ${at}`, "With its seats", { path });
  await tell(`POST ${at}/renew`, "Another year", {
    ...of("order SO-2001"),
    headers: { "Idempotency-Key": "SO-2001" },
  });
  await tell(`POST ${at}/extend`, "Three more seats", of("order SO-2002", { added: 3 }));
  await tell(`POST ${at}/suspend`, "An invoice is not paid", of("invoice 77 is overdue"));
  await tell(`POST ${at}/reinstate`, "It was paid", of("invoice 77 was paid"));
  await tell(`POST ${at}/policy`, "One more move", {
    ...of("their server room burned", { policy: { rehosts: { count: 5, per: "P1Y" }, lease: "P14D" } }),
  });
  const parted = await tell(
    `POST ${at}/split`,
    "Two seats for a department",
    of("a department", { quantity: 2 }),
  );
  await tell(`POST ${at}/upgrade`, "To another product", {
    path: { entitlementId: parted.child.entitlementId },
    body: { sku: "RENDER", reason: "order SO-2003" },
  });
  await tell(`POST ${at}/transfer`, "The department is sold", {
    path: { entitlementId: parted.child.entitlementId },
    body: { customerId: "C-43", reason: "contract of 2026-11-20" },
  });
  await tell("POST /v1/customers/{customerId}/merge", "One customer buys another", {
    path: { customerId: "C-43" },
    body: { into: "C-44", reason: "an acquisition" },
  });
  await tell("POST /v1/orders/{orderId}/refunds", "Some of the second order's money goes back", {
    path: { orderId: "SO-1002" },
    body: { refundId: "RF-1", reason: "an outage", lines: [{ lineNumber: 1, amount: 99, currency: "EUR" }] },
  });
  await tell("POST /v1/orders/{orderId}/cancel", "The second order is taken back", {
    path: { orderId: "SO-1002" },
    body: { reason: "withdrawn by the customer" },
  });
}

async function ask(tell: Tell): Promise<void> {
  await tell("GET /v1/customers/{customerId}/entitlements", "All of a customer's", {
    path: { customerId: "C-44" },
  });
  await tell("GET /v1/customers/{customerId}/history", "The first page", { path: { customerId: "C-44" } });
  await tell("GET /.well-known/jwks.json", "The keys now");
  await tell("GET /healthz", "It is well");
  await tell("GET /readyz", "It takes work");
  await tell("GET /metrics", "Refusals so far: a part of the answer", { shown: /keyhouse_refusals_total/ });
}
