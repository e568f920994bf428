// Pure. What came back → an answer or a problem document, whoever it came from.

/** A response, or why there is none. */
export type Received = Response | { lost: unknown };

export type Answer = { ok: true; status: number; body: unknown } | { ok: false; problem: object };

/** Reads what came back. A problem is the service's where it wrote one, and else the client's own. */
export async function answerOf(received: Received): Promise<Answer> {
  if ("lost" in received) return lost(received.lost);
  const { status, ok } = received;
  try {
    const text = await received.text();
    const body = read(text);
    if (ok && body !== undefined) return { ok, status, body };
    // RFC 9457, and ours has a code.
    if (typeof body === "object" && body !== null && "code" in body) return { ok: false, problem: body };
    return problem("unexpected_answer", status, "This is no answer of Keyhouse's", text.slice(0, SHOWN));
  } catch (error) {
    return lost(error);
  }
}

/** A proxy's page is longer than anyone wants to read in a log. */
const SHOWN = 500;

function read(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const lost = (error: unknown): Answer =>
  problem("no_answer", 0, "Nothing was answered", error instanceof Error ? error.message : String(error));

const problem = (code: string, status: number, title: string, detail: string): Answer => ({
  ok: false,
  problem: { type: `urn:keyhouse:problem:${code}`, title, status, code, detail },
});
