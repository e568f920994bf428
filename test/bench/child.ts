// A script of the benchmark in a process of its own: its plan goes in as JSON, its result comes out.

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Runs `script`, a file beside this one. */
export function runChild<Result>(script: string, plan: object): Promise<Result> {
  const { promise, resolve, reject } = Promise.withResolvers<Result>();
  const child = spawn(process.execPath, [fileURLToPath(new URL(script, import.meta.url))], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  child.on("close", (code) =>
    code === 0 ? resolve(JSON.parse(output) as Result) : reject(new Error(`${script} ended with ${code}`)),
  );
  child.stdin.end(JSON.stringify(plan));
  return promise;
}
