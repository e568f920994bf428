// Keyhouse's own programs, started as children and ended by their handles: the service, and the steps around it.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** The environment that a program is given on top of ours, and the signal that ends it. */
export interface Surroundings {
  env: Record<string, string>;
  signal: AbortSignal;
}

/** A program did not do what it should; its message is what it said last. */
export class ProgramFailed extends Error {
  override readonly name = "ProgramFailed";
}

/** What is kept of a program's words, in case it fails. */
const KEPT_CHARACTERS = 4000;

/**
 * Runs a program to its end.
 * @param script its path within the repository
 * @returns what it wrote to standard output
 * @throws ProgramFailed where it ends with anything but 0
 */
export async function runProgram(
  script: string,
  args: readonly string[],
  { env, signal }: Surroundings,
): Promise<string> {
  signal.throwIfAborted();
  const child = spawn(process.execPath, [pathOf(script), ...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const end = () => child.kill();
  signal.addEventListener("abort", end);
  const [said, complained] = [collect(child.stdout), collect(child.stderr)];
  const [code] = (await once(child, "close")) as [number | null];
  signal.removeEventListener("abort", end);
  signal.throwIfAborted();
  if (code !== 0)
    throw new ProgramFailed(`${script} failed: ${complained().trim() || `it ended with ${code}`}`);
  return said();
}

/** The running service. */
export interface Service {
  /** Where it listens, as other programs on this machine reach it, without a slash at the end. */
  address: string;
  /** Whether its ledger held nothing yet when it started. */
  isEmpty: boolean;
  /** Resolves when it has ended, by itself or by {@link Service.stop}. */
  ended: Promise<unknown>;
  /** Lets it finish what is at hand, and waits for its end. */
  stop(): Promise<void>;
}

/**
 * Starts the service and waits until it answers.
 * @throws ProgramFailed where it ends before that, such as on a port that is taken
 */
export async function startService({ env, signal }: Surroundings): Promise<Service> {
  signal.throwIfAborted();
  const child = spawn(process.execPath, [pathOf("ingest/node.ts")], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    // Out of the terminal's group: Ctrl-C reaches us alone, and we end it once, in our own order.
    detached: true,
  });
  const ended = once(child, "close");
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
  };
  // However this process ends, the service does not outlive it.
  const orphan = () => child.kill("SIGTERM");
  process.once("exit", orphan);
  void ended.finally(() => process.removeListener("exit", orphan));
  try {
    const address = await announced(child, signal);
    const health = await fetch(`${address}/healthz`, { signal });
    if (!health.ok) throw new ProgramFailed(`The service started, but /healthz answers ${health.status}.`);
    const { lastSeq } = (await health.json()) as { lastSeq: number };
    // From here on, its complaints are for whoever looks on.
    child.stderr.pipe(process.stderr);
    return { address, isEmpty: lastSeq === 0, ended, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The address that the service says it listens on. Its own word: another service may answer on the same port. */
async function announced(child: ChildProcess, signal: AbortSignal): Promise<string> {
  const [said, complained] = [collect(child.stdout), collect(child.stderr)];
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  child.stdout?.on("data", () => {
    const port = /http:\/\/localhost:(\d+)/.exec(said())?.[1];
    if (port !== undefined) resolve(`http://127.0.0.1:${port}`);
  });
  child.once("close", () => reject(new ProgramFailed(`The service did not start. ${complained().trim()}`)));
  signal.addEventListener("abort", () => reject(signal.reason as Error));
  return promise;
}

const pathOf = (script: string) => fileURLToPath(new URL(`../../${script}`, import.meta.url));

/** Keeps the end of what a program says; it has to be read anyway, or the program would wait for a reader. */
function collect(stream: NodeJS.ReadableStream | null): () => string {
  let text = "";
  stream?.setEncoding("utf8").on("data", (chunk: string) => (text = (text + chunk).slice(-KEPT_CHARACTERS)));
  return () => text;
}
