// The thread that prepares an import: see `preparing.ts`.

import { workerData } from "node:worker_threads";
import { hashUnder } from "../keys-ring.ts";
import { answerWith } from "../thread-answer.ts";
import { openSource } from "./files.ts";
import { importerOf } from "./formats.ts";
import { Preparation, type Prepares } from "./preparation.ts";
import type { PrepareCall, Preparing } from "./preparing.ts";

const { format, paths, encoding, context, hostKey } = workerData as Preparing;

async function prepare(): Promise<Prepares> {
  const sources = await Promise.all(paths.map((path) => openSource(path, encoding)));
  return new Preparation(await importerOf(format), sources, context, hashUnder(Buffer.from(hostKey, "hex")));
}

const prepared = prepare();

answerWith(async ({ step, args }: PrepareCall): Promise<unknown> => {
  const preparation = await prepared;
  const call = preparation[step] as (...given: unknown[]) => Promise<unknown>;
  return call.apply(preparation, args);
});
