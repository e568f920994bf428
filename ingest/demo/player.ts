// Plays a year through the HTTP API, as any other client would: no step looks into the service.

import { Agent, request } from "node:http";
import { writeTime } from "./calendar.ts";
import type { Step } from "./year.ts";

/** What came of a year. */
export interface Outcome {
  orders: number;
  cancellations: number;
  /** Seats that were bound, and requests by those who had theirs already. */
  seats: number;
  repeats: number;
  /** How often each code refused an order or an activation. */
  refusals: Record<string, number>;
}

/** An answer that no step of the year should get: the demo ends here. */
export class UnexpectedAnswer extends Error {
  override readonly name = "UnexpectedAnswer";
}

export interface PlayOptions {
  /** The service, without a slash at the end. */
  url: string;
  /** An API key with the scopes admin, orders:write and history:write. */
  key: string;
  /** Ends the play between two steps. */
  signal?: AbortSignal;
  /** Called after each step. */
  onStep?: () => void;
}

/** Orders that are under way at once. The service commits what arrives together in one go, so more than a few pay. */
const CONCURRENCY = 48;

/**
 * Sends the steps. Those of one order go one after the other, different orders side by side; a new catalog waits for
 * everything before it, and everything after waits for the catalog.
 * @throws UnexpectedAnswer at the first answer that is neither a success nor one of the refusals that a step may meet
 */
export async function play(
  steps: readonly Step[],
  { url, key, signal, onStep = () => {} }: PlayOptions,
): Promise<Outcome> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONCURRENCY });
  const send = sender(url, key, agent);
  const codes = new Map<string, string>();
  const outcome: Outcome = { orders: 0, cancellations: 0, seats: 0, repeats: 0, refusals: {} };
  try {
    for (const { catalog, byOrder } of chaptersOf(steps)) {
      for (const stepsInTurn of [catalog ? [[catalog]] : [], byOrder])
        await inParallel(stepsInTurn, async (ofOne) => {
          for (const step of ofOne) {
            signal?.throwIfAborted();
            await take(step, send, codes, outcome);
            onStep();
          }
        });
    }
    return outcome;
  } finally {
    agent.destroy();
  }
}

interface Chapter {
  catalog: Step | null;
  byOrder: Step[][];
}

/** What may go side by side: the steps from one catalog to the next, by order. */
export function chaptersOf(steps: readonly Step[]): Chapter[] {
  const starts = steps.flatMap((step, index) => (step.kind === "catalog" ? [index] : []));
  const cuts = starts[0] === 0 ? starts : [0, ...starts];
  return cuts.map((start, index) => {
    const chapter = steps.slice(start, cuts[index + 1]);
    const byOrder = new Map<string, Step[]>();
    for (const step of chapter)
      if (step.kind !== "catalog") {
        const before = byOrder.get(step.orderId);
        if (before) before.push(step);
        else byOrder.set(step.orderId, [step]);
      }
    const [catalog] = chapter;
    return { catalog: catalog?.kind === "catalog" ? catalog : null, byOrder: Array.from(byOrder.values()) };
  });
}

/** Works through the items from first to last, {@link CONCURRENCY} at a time; the first failure ends it. */
async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const item = items[next] as T;
      next += 1;
      await work(item).catch((error: unknown) => {
        next = items.length;
        throw error;
      });
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
}

async function take(step: Step, send: Send, codes: Map<string, string>, outcome: Outcome): Promise<void> {
  switch (step.kind) {
    case "catalog":
      expectSuccess(step, await send("PUT", "/v1/catalog", { ...step.body, occurredAt: writeTime(step.at) }));
      return;
    case "order": {
      const answer = await send("POST", "/v1/orders", step.body);
      if (noteRefusal(answer, outcome)) return;
      const { entitlements } = expectSuccess(step, answer) as OrderAnswer;
      for (const { lineNumber, activationCode } of entitlements)
        codes.set(`${step.orderId}/${lineNumber}`, activationCode);
      outcome.orders += 1;
      return;
    }
    case "activation": {
      const code = codes.get(`${step.orderId}/${step.lineNumber}`);
      if (code === undefined) throw new UnexpectedAnswer(`no activation code for ${step.orderId}`);
      const activationCode = step.isMistyped ? mistype(code) : code;
      const answer = await send("POST", "/v1/activations", { activationCode, ...step.body });
      if (noteRefusal(answer, outcome)) return;
      expectSuccess(step, answer);
      outcome[answer.status === 201 ? "seats" : "repeats"] += 1;
      return;
    }
    case "cancellation": {
      const path = `/v1/orders/${encodeURIComponent(step.orderId)}/cancel`;
      expectSuccess(step, await send("POST", path, step.body));
      outcome.cancellations += 1;
    }
  }
}

interface OrderAnswer {
  entitlements: { lineNumber: number; activationCode: string }[];
}

/** What the year itself provokes. Any other refusal is a fault of the demo, or of the service. */
const PLANNED_REFUSALS = new Set([
  "unknown_sku",
  "unknown_activation_code",
  "no_seats_left",
  "entitlement_not_started",
  "entitlement_expired",
  "entitlement_cancelled",
  "user_required",
]);

function noteRefusal({ status, body }: Answer, { refusals }: Outcome): boolean {
  const { code } = body as { code?: unknown };
  if (status < 400 || typeof code !== "string" || !PLANNED_REFUSALS.has(code)) return false;
  refusals[code] = (refusals[code] ?? 0) + 1;
  return true;
}

function expectSuccess(step: Step, { status, body }: Answer): unknown {
  if (status === 200 || status === 201) return body;
  const about = step.kind === "catalog" ? step.body.version : step.orderId;
  throw new UnexpectedAnswer(
    `The ${step.kind} ${about} was answered ${status}:\n${JSON.stringify(body, null, 2)}`,
  );
}

/** One wrong character at the end, as a person would: the code's check characters tell. */
function mistype(code: string): string {
  return `${code.slice(0, -1)}${code.endsWith("7") ? "1" : "7"}`;
}

interface Answer {
  status: number;
  body: unknown;
}
type Send = (method: string, path: string, body: unknown) => Promise<Answer>;

// Not `fetch`: measured over a whole year against an empty server, it took 8.5 s of processor time, and this 3.6 s.
function sender(url: string, key: string, agent: Agent): Send {
  return (method, path, body) =>
    new Promise((resolve, reject) => {
      const content = Buffer.from(JSON.stringify(body));
      const headers = {
        authorization: `Bearer ${key}`,
        "content-type": "application/json",
        "content-length": content.length,
      };
      const sent = request(`${url}${path}`, { method, headers, agent }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => {
          resolve({ status: response.statusCode ?? 0, body: parse(Buffer.concat(chunks).toString()) });
        });
        response.on("error", reject);
      });
      sent.on("error", reject);
      sent.end(content);
    });
}

/** A proxy or a crash may answer with something else than JSON: it is shown as it is. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return { text };
  }
}
