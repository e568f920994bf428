// Rules of the house that no other tool holds.

import { describe, expect, test } from "vitest";
import { files } from "./files.ts";

const textOf = (path: string) => files.find((file) => file.path === path)?.text ?? "";

const MAX_LINES = 300;
/** Written by tools or taken as given: nobody reads them from top to bottom. */
const isData = (path: string) => path === "package-lock.json" || path.endsWith(".json");

test(`no file is longer than ${MAX_LINES} lines`, () => {
  const faults = files
    .filter(({ path }) => !isData(path))
    .map(({ path, text }) => ({ path, lines: text.split("\n").length - 1 }))
    .filter(({ lines }) => lines > MAX_LINES)
    .map(({ path, lines }) => `${path} has ${lines} lines: it is two files`);
  expect(faults).toEqual([]);
});

test("no file knows the machine that it was written on", () => {
  const machine = /(?<![\w.:/)}-])(?:\/(?:home|root|work|Users)(?=\/)|[A-Z]:\\+Users\\)/;
  const faults = files.flatMap(({ path, text }) =>
    text
      .split("\n")
      .map((line, i) => ({ line, at: `${path}:${i + 1}` }))
      .filter(({ line }) => machine.test(line))
      .map(({ line, at }) => `${at} names a folder of one machine: ${line.trim().slice(0, 120)}`),
  );
  expect(faults).toEqual([]);
});

test("the service asks nobody over the network but its own bucket", () => {
  const client = /(?<!async |[\w.])fetch\(|import (?!type)[^;]*"(?:node:https?|node:http2|undici)"/;
  const faults = files
    .filter(({ path }) => /^ingest\/(?!demo\/|segments\/s3\.ts).*\.ts$/.test(path))
    .filter(({ text }) => client.test(text))
    .map(({ path }) => `${path} sends requests: where they go, somebody else may come to decide`);
  expect(faults).toEqual([]);
});

describe("packages", () => {
  const manifest = JSON.parse(textOf("package.json")) as Record<string, Record<string, string> | undefined>;

  test.each(["dependencies", "devDependencies"])("%s are pinned exactly", (kind) => {
    const faults = Object.entries(manifest[kind] ?? {})
      .filter(([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version))
      .map(([name, version]) => `${name} ${version}: name one version, without range, tag or address`);
    expect(faults).toEqual([]);
  });

  test("the lock file names packages and hashes, and not who served them", () => {
    const faults = textOf("package-lock.json")
      .split("\n")
      .filter((line) => /"resolved"|\bregistry\./.test(line))
      .slice(0, 5)
      .map((line) => `${line.trim()}: npm install with this repository's .npmrc leaves it out`);
    expect(faults).toEqual([]);
  });

  test("npm asks whom its user chose: no registry is named here", () => {
    expect(
      [".npmrc", "package.json"].filter((path) => /^\s*"?(?:@[\w-]+:)?registry\b/m.test(textOf(path))),
    ).toEqual([]);
  });
});
