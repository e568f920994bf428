import * as fc from "fast-check";
import { assert } from "fast-check";
import { describe, expect, test } from "vitest";
import {
  ACTIVATION_CODE_BYTES,
  makeActivationCode,
  MAX_SHARD,
  parseActivationCode,
} from "../../licensing/index.ts";
import { texts } from "./samples.ts";

const ALPHABET = Array.from("0123456789ABCDEFGHJKMNPQRSTVWXYZ");
const shards = fc.integer({ min: 0, max: MAX_SHARD });
const random = fc.uint8Array({ minLength: ACTIVATION_CODE_BYTES, maxLength: ACTIVATION_CODE_BYTES });
const codes = fc.tuple(shards, random).map(([shard, bytes]) => makeActivationCode(shard, bytes));

/** Where the characters stand that are not hyphens. */
const positions = (code: string) => Array.from(code, (char, i) => (char === "-" ? [] : [i])).flat();
const replaced = (code: string, at: number, char: string) => code.slice(0, at) + char + code.slice(at + 1);

describe("an activation code", () => {
  test("is four groups of five characters that cannot be mistaken for others", () => {
    assert(
      fc.property(codes, (code) => /^([0-9A-HJKMNP-TV-Z]{5}-){3}[0-9A-HJKMNP-TV-Z]{5}$/.test(code)),
      { numRuns: 300 },
    );
  });

  test("says its shard", () => {
    assert(
      fc.property(shards, random, (shard, bytes) => {
        const code = makeActivationCode(shard, bytes);
        expect(parseActivationCode(code)).toEqual({ code, shard });
      }),
      { numRuns: 300 },
    );
  });

  test("holds all 80 random bits: they can be read back from it", () => {
    assert(
      fc.property(shards, random, (shard, bytes) => {
        const symbols = makeActivationCode(shard, bytes).replaceAll("-", "").slice(2, 18);
        const bits = Array.from(symbols, (symbol) =>
          ALPHABET.indexOf(symbol).toString(2).padStart(5, "0"),
        ).join("");
        const read = bits.match(/.{8}/g)?.map((byte) => Number.parseInt(byte, 2));
        expect(read).toEqual(Array.from(bytes));
      }),
      { numRuns: 200 },
    );
  });

  test.each([
    [0, "00000000000000000000", "00000-00000-00000-00000"],
    [1023, "ffffffffffffffffffff", "ZZZZZ-ZZZZZ-ZZZZZ-ZZZWW"],
    [713, "0724415e7b98b5d2ef0c", "P90WJ-42QKV-K2TX5-VRCP2"],
  ])("is for ever what it was when it was given out: %i and %s are %s", (shard, bytes, code) => {
    expect(makeActivationCode(shard, Uint8Array.fromHex(bytes))).toBe(code);
    expect(parseActivationCode(code)).toEqual({ code, shard });
  });

  test.each([-1, MAX_SHARD + 1, 0.5, Number.NaN])("throws for shard %d: a programmer's mistake", (shard) => {
    expect(() => makeActivationCode(shard, new Uint8Array(ACTIVATION_CODE_BYTES))).toThrow(RangeError);
  });

  test.each([0, 9, 11])("throws for %i random bytes: a programmer's mistake", (length) => {
    expect(() => makeActivationCode(0, new Uint8Array(length))).toThrow(RangeError);
  });
});

describe("parseActivationCode", () => {
  test("refuses every code with one wrong character", () => {
    assert(
      fc.property(codes, (code) => {
        const accepted = positions(code).flatMap((at) =>
          ALPHABET.filter((char) => char !== code[at])
            .map((char) => replaced(code, at, char))
            .filter((typo) => parseActivationCode(typo) !== undefined),
        );
        expect(accepted).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  test("refuses every code with two unequal characters swapped, neighbors or not", () => {
    assert(
      fc.property(codes, (code) => {
        const all = positions(code);
        const accepted = all
          .flatMap((a) => all.filter((b) => b > a && code[a] !== code[b]).map((b) => [a, b] as const))
          .map(([a, b]) => replaced(replaced(code, a, code.charAt(b)), b, code.charAt(a)))
          .filter((typo) => parseActivationCode(typo) !== undefined);
        expect(accepted).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  test("refuses every code with a character too few or too many", () => {
    assert(
      fc.property(codes, fc.constantFrom(...ALPHABET), (code, extra) => {
        const typos = positions(code).flatMap((at) => [
          code.slice(0, at) + code.slice(at + 1),
          code.slice(0, at) + extra + code.slice(at),
        ]);
        expect(typos.filter((typo) => parseActivationCode(typo) !== undefined)).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  // Half of the codes hold a 0 or a 1, which these spellings are about.
  const spellings: [string, (code: string) => string][] = [
    ["in lower case", (code) => code.toLowerCase()],
    ["without hyphens", (code) => code.replaceAll("-", "")],
    ["with spaces for hyphens", (code) => code.replaceAll("-", " ")],
    ["with spaces around", (code) => `  ${code}\r\n`],
    ["in groups of two", (code) => code.replaceAll("-", "").replaceAll(/(..)/g, "$1 ")],
    ["with the dashes that a word processor makes", (code) => code.replaceAll("-", "–")],
    ["with hyphens that do not break", (code) => code.replaceAll("-", "\u2011")],
    ["with spaces that do not break", (code) => code.replaceAll("-", "\u00a0")],
    ["with the letter O for 0", (code) => code.replaceAll("0", "O")],
    ["with a small o for 0", (code) => code.replaceAll("0", "o")],
    ["with I for 1", (code) => code.replaceAll("1", "I")],
    ["with a small l for 1", (code) => code.replaceAll("1", "l")],
  ];
  test.each(spellings)("reads a code %s", (_how, spell) => {
    assert(
      fc.property(codes, (code) => parseActivationCode(spell(code))?.code === code),
      { numRuns: 100 },
    );
  });

  test.each([
    ["nothing", ""],
    ["hyphens", "-".repeat(20)],
    ["a letter that is not in the alphabet", "UUUUU-UUUUU-UUUUU-UUUUU"],
    ["what is beyond the alphabet", "00000-00000-00000-0000💥"],
    ["a code after a screen of spaces", " ".repeat(100) + makeActivationCode(0, new Uint8Array(10))],
  ])("refuses %s", (_what, typed) => {
    expect(parseActivationCode(typed)).toBeUndefined();
  });

  test("takes no random text for a code, and never throws", () => {
    assert(
      fc.property(
        fc.oneof(texts(60), fc.string({ unit: fc.constantFrom(...ALPHABET, "-"), maxLength: 24 })),
        (typed) => {
          const parsed = parseActivationCode(typed);
          // One in 1024 texts of the right length is a code by chance; what is read then is in its one written form.
          return (
            parsed === undefined ||
            parsed.code.replaceAll("-", "") === typed.replaceAll("-", "").toUpperCase()
          );
        },
      ),
      { numRuns: 300 },
    );
  });
});
