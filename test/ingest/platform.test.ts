import { describe, expect, test } from "vitest";
import { minorUnits } from "../../ingest/money.ts";
import { normalizeArch, normalizeOs } from "../../ingest/platform.ts";

describe("platforms are OpenTelemetry's, and what was said is kept", () => {
  test.each([
    ["windows", { value: "windows", raw: null }],
    ["Win32", { value: "windows", raw: "Win32" }],
    ["macOS", { value: "darwin", raw: "macOS" }],
    [" Linux ", { value: "linux", raw: " Linux " }],
    ["z_os", { value: "zos", raw: "z_os" }],
    ["TempleOS", { value: "other", raw: "TempleOS" }],
    ["constructor", { value: "other", raw: "constructor" }],
  ])("os %j", (said, normalized) => expect(normalizeOs(said)).toEqual(normalized));

  test.each([
    ["amd64", { value: "amd64", raw: null }],
    ["x86_64", { value: "amd64", raw: "x86_64" }],
    ["aarch64", { value: "arm64", raw: "aarch64" }],
    ["i686", { value: "x86", raw: "i686" }],
    ["riscv64", { value: "other", raw: "riscv64" }],
    [undefined, { value: "other", raw: null }],
  ])("arch %j", (said, normalized) => expect(normalizeArch(said)).toEqual(normalized));
});

describe("money is whole minor units, and never rounded", () => {
  test.each([
    ["199.00", "USD", 19_900],
    ["199", "EUR", 19_900],
    ["0.5", "EUR", 50],
    ["1000", "JPY", 1000],
    ["1000.00", "JPY", 1000],
    ["1.234", "KWD", 1234],
    ["1.005", "USD", undefined],
    ["10.5", "JPY", undefined],
    ["-1.00", "USD", undefined],
    ["1e3", "USD", undefined],
    ["1,000.00", "USD", undefined],
    ["1.00", "usd", undefined],
  ])("%s %s is %j", (amount, currency, minor) => expect(minorUnits(amount, currency)).toBe(minor));
});
