// The service as a process of its own, and the command-line tools of a home.

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { onTestFinished } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const run = promisify(execFile);

export interface Service {
  url: string;
  child: ChildProcess;
  /** Everything that it said. */
  output: () => string;
  /** Waits until it has said something that fits. */
  says(pattern: RegExp): Promise<void>;
  /** Ends it by a signal, and waits until it is gone. @returns its exit code, or null where the signal ended it */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

// A test sends more than anybody does from one address, and says itself what it wants to hear of.
const QUIET = { PORT: "0", KEYHOUSE_LOAD_EVERY: "off", KEYHOUSE_RATE_LIMITS: "off", LOG_LEVEL: "error" };

/**
 * Starts the service on a free port; without scheduled loads where `env` does not ask for them.
 * @param whenOver is told how to end it, for a caller that fails before it does; the test that asks, where not given
 */
export async function startService(
  home: string,
  env: Record<string, string> = {},
  whenOver: (end: () => void) => void = onTestFinished,
): Promise<Service> {
  const child = spawn(process.execPath, ["ingest/node.ts"], {
    cwd: root,
    env: { ...process.env, ...QUIET, KEYHOUSE_HOME: home, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  // Who fails before it ends the service leaves none behind.
  whenOver(() => void child.kill("SIGKILL"));
  let said = "";
  const waiting: { pattern: RegExp; resolve: () => void }[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      const url = /listens on (http:\S+),/.exec(said)?.[1];
      if (url !== undefined) resolve(url);
      for (const { pattern, resolve: heard } of waiting) if (pattern.test(said)) heard();
    });
  const closed = Promise.withResolvers<number | null>();
  child.on("close", (code) => {
    closed.resolve(code);
    reject(new Error(`the service ended with ${code}: ${said}`));
  });
  return {
    url: await promise,
    child,
    output: () => said,
    says(pattern) {
      const heard = Promise.withResolvers<void>();
      if (pattern.test(said)) heard.resolve();
      waiting.push({ pattern, resolve: heard.resolve });
      return heard.promise;
    },
    end(signal) {
      child.kill(signal);
      return closed.promise;
    },
  };
}

/** Runs one of our command-line tools on a home. @returns what it printed; throws with what it said where it failed */
export async function runTool(home: string, script: string, ...args: string[]): Promise<string> {
  const { stdout } = await run(process.execPath, [script, ...args], {
    cwd: root,
    env: { ...process.env, KEYHOUSE_HOME: home },
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
}

/** Makes an API key of a home. */
export async function makeApiKey(home: string, ...scopes: string[]): Promise<string> {
  const flags = scopes.flatMap((scope) => ["--scope", scope]);
  const printed = await runTool(home, "ingest/cli/keys.ts", "api-key", "create", "--name", "test", ...flags);
  return printed.trimEnd().split("\n").at(-1) ?? "";
}

/** Brings the lake up to the ledger, as `npm run load` does. */
export async function load(home: string, ...args: string[]): Promise<void> {
  await runTool(home, "ingest/cli/export.ts");
  await runTool(home, "warehouse/cli.ts", "load", ...args);
}

/** Asks the lake, as `npm run sql` does. */
export async function sql<Row>(home: string, query: string): Promise<Row[]> {
  return JSON.parse(await runTool(home, "warehouse/cli.ts", "sql", "--format", "json", query)) as Row[];
}
