// Bulk generation of licenses, and the making of tokens alone, against bare signatures.

import {
  claimsOf,
  evolve,
  PRIVATE_KEY_BYTES,
  type Seat,
  signLicense,
  webCryptoSigner,
} from "../../licensing/index.ts";
import { DAY, granted, START } from "../licensing/samples.ts";
import { order } from "../ingest/support.ts";
import { runChild } from "./child.ts";
import { mean } from "./rounds.ts";
import { say } from "./say.ts";
import type { SendPlan, SendResult } from "./send.ts";
import { type BenchService, startBench } from "./service.ts";

const LICENSES = 100_000;
const TOKENS = 40_000;
const ROUNDS = 5;
const WARM_UP = 5000;
// Measured on two cores: 4 in flight make 28,000 a second, 16 make 38,000, 64 make 43,000, 256 make 45,000, and so do more.
// Signatures run on the threads of libuv's pool, four by default, so that both cores are busy.
const IN_FLIGHT = 256;

/** Durable licenses over HTTP, and tokens without a ledger, each between two measurements of the bare signature. */
export async function bulk(home: string): Promise<void> {
  const tokens = await tokenMaker();
  const bare = await bareSignatures(tokens.message);
  await tokens.rate(WARM_UP);
  const rounds: { bare: number; token: number }[] = [];
  for (let round = 0; round < ROUNDS; round++)
    rounds.push({ bare: await bare(TOKENS), token: await tokens.rate(TOKENS) });
  const bareRate = mean(rounds.map((round) => round.bare));
  const tokenRate = mean(rounds.map((round) => round.token));
  say("tokens built and signed / bare WebCrypto Ed25519 signatures", tokenRate / bareRate, [
    `${Math.round(tokenRate)} / ${Math.round(bareRate)} a second, ${IN_FLIGHT} in flight on both cores, ${ROUNDS} rounds in turn`,
    `the bare signature is over the same ${tokens.message.length} bytes`,
  ]);

  const service = await startBench(home);
  await generate(service, "warm-up", WARM_UP);
  const before = await bare(TOKENS);
  const { rate, bytes, peakMiB } = await generate(service, "measured", LICENSES);
  const around = mean([before, await bare(TOKENS)]);
  say("durable licenses in bulk over HTTP / bare WebCrypto Ed25519 signatures", rate / around, [
    `${Math.round(rate)} / ${Math.round(around)} a second; ${LICENSES} licenses in one call, ${Math.round(bytes / LICENSES)} bytes each`,
    `the client is a process of its own and takes its share of the two cores; memory grew by ${peakMiB} MiB at most`,
  ]);
  await service.close();
}

/** Has so many licenses made, each for a host of its own. */
async function generate({ url, ledger, key, send }: BenchService, orderId: string, count: number) {
  const { entitlements } = await send<{ entitlements: { entitlementId: string }[] }>(
    "POST",
    "/v1/orders",
    order({ orderId, line: { quantity: count } }),
  );
  const entitlementId = entitlements[0]?.entitlementId ?? "";
  const plan: SendPlan = { url: `${url}/v1/licenses`, key, entitlementId, hosts: orderId, count };
  const memory = peakMemory();
  const { lines, seconds, bytes } = await runChild<SendResult>("send.ts", plan);
  const peakMiB = memory.stop();
  const { seatsBound } = await send<{ seatsBound: number }>("GET", `/v1/entitlements/${entitlementId}`);
  if (lines !== count || seatsBound !== count)
    throw new Error(`of ${count} licenses ${lines} were answered and ${seatsBound} recorded`);
  const { seq } = ledger.sql.get<{ seq: number }>("select max(seq) as seq from event") ?? { seq: 0 };
  if (seq < 2 * count) throw new Error(`${count} licenses left ${seq} events`);
  return { rate: count / seconds, bytes, peakMiB };
}

/** Samples how far the memory of this process grows. */
function peakMemory(): { stop(): number } {
  const before = process.memoryUsage.rss();
  let peak = before;
  const timer = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 50);
  return {
    stop() {
      clearInterval(timer);
      return Math.round((peak - before) / 2 ** 20);
    },
  };
}

/** Makes tokens, each of another seat of one entitlement. */
async function tokenMaker() {
  const signer = await webCryptoSigner(new Uint8Array(PRIVATE_KEY_BYTES).fill(1));
  const entitlement = evolve(undefined, granted({ quantity: TOKENS, policy: { lease: "P30D" } })).entitlement;
  const seatOf = (i: number): Seat => ({
    activationId: `act_00${String(i).padStart(26, "0")}`,
    hostHash: "0".repeat(32),
    userHash: null,
    generation: 1,
    boundAt: START,
    endedAt: null,
    runsUntil: START + 30 * DAY,
    license: {
      licenseId: `lic_00${String(i).padStart(26, "0")}`,
      issuedAt: START,
      notBefore: START,
      expiresAt: START + 30 * DAY,
    },
  });
  const make = (i: number) =>
    signLicense(claimsOf("keyhouse", entitlement, seatOf(i), { host: "h".repeat(43) }), signer);
  const [header = "", claims = ""] = (await make(0)).split(".");
  return {
    message: new TextEncoder().encode(`${header}.${claims}`),
    rate: (count: number) => perSecond(count, make),
  };
}

/** The bare signature of the engine, with a key of its own and nothing around it. */
async function bareSignatures(message: Uint8Array<ArrayBuffer>) {
  const { privateKey } = await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]);
  return (count: number) => perSecond(count, () => crypto.subtle.sign("Ed25519", privateKey, message));
}

/** Does so many of a thing, so many in flight, and says how many a second that were. */
async function perSecond(count: number, make: (i: number) => Promise<unknown>): Promise<number> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) await make(next++);
  };
  const begun = performance.now();
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  return (count / (performance.now() - begun)) * 1000;
}
