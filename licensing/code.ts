// Pure. Activation codes: what a customer types, and what opens one entitlement.
//
// Twenty characters of Crockford's base 32 in four groups of five: two that name the ledger's shard, sixteen of
// randomness (80 bits), two check characters. The checks are those of a Reed-Solomon code over GF(32): two symbols
// whose syndromes at 1 and alpha vanish. Its distance is three, so every code that differs from a good one in one
// character, or in any two swapped characters, is bad.

// https://www.crockford.com/base32.html: no I, L, O, U.
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const RANDOM_SYMBOLS = 16;
const LENGTH = 2 + RANDOM_SYMBOLS + 2;

/** Random bytes that {@link makeActivationCode} needs: 80 bits, the least that cannot be guessed at a web service's pace. */
export const ACTIVATION_CODE_BYTES = 10;

/** The highest shard number that two characters hold. */
export const MAX_SHARD = 1023;

/** Multiplies by alpha, a root of the primitive polynomial x^5 + x^2 + 1 over GF(2). */
const timesAlpha = (a: number): number => (a & 16 ? (a << 1) ^ 0b100101 : a << 1);

/** A word's syndromes: the word read as a polynomial, first symbol highest, at 1 and at alpha. */
function syndromes(word: readonly number[]): [atOne: number, atAlpha: number] {
  let [atOne, atAlpha] = [0, 0];
  for (const symbol of word) {
    atOne ^= symbol;
    atAlpha = timesAlpha(atAlpha) ^ symbol;
  }
  return [atOne, atAlpha];
}

/** The two symbols that make both syndromes of the whole word vanish. */
function checkSymbols(message: readonly number[]): [number, number] {
  const [atOne, atAlpha] = syndromes([...message, 0, 0]);
  // c1 * 1 + c0 = atOne, c1 * alpha + c0 = atAlpha: in a field of characteristic 2, minus is plus, so that
  // c1 = (atOne + atAlpha) / (alpha + 1). There alpha + 1 is alpha^18, and alpha^31 is 1: c1 = (atOne + atAlpha) * alpha^13.
  let first = atOne ^ atAlpha;
  for (let i = 0; i < 13; i++) first = timesAlpha(first);
  return [first, atOne ^ first];
}

/**
 * Makes an activation code.
 * @param shard where its entitlement lives, 0 to {@link MAX_SHARD}
 * @param random {@link ACTIVATION_CODE_BYTES} bytes from a cryptographic source
 * @returns such as `00K3D-7TQ2M-9XH4V-A6BPR`
 * @throws RangeError where the shard or the number of bytes is out of range
 */
export function makeActivationCode(shard: number, random: Uint8Array): string {
  if (!Number.isInteger(shard) || shard < 0 || shard > MAX_SHARD)
    throw new RangeError(`no such shard: ${shard}`);
  if (random.length !== ACTIVATION_CODE_BYTES)
    throw new RangeError(`needs ${ACTIVATION_CODE_BYTES} random bytes`);
  const symbols: number[] = [];
  let bits = 0;
  let count = 0;
  for (const byte of random) {
    bits = ((bits << 8) | byte) & 0xfff;
    for (count += 8; count >= 5; count -= 5) symbols.push((bits >> (count - 5)) & 31);
  }
  const message = [shard >> 5, shard & 31, ...symbols];
  return format([...message, ...checkSymbols(message)]);
}

function format(symbols: readonly number[]): string {
  let code = "";
  for (const [i, symbol] of symbols.entries())
    code += i > 0 && i % 5 === 0 ? `-${ALPHABET.charAt(symbol)}` : ALPHABET.charAt(symbol);
  return code;
}

// The alphabet, and what people take its characters for.
const symbolOf = new Map(Array.from(ALPHABET, (character, symbol) => [character, symbol]));
symbolOf.set("O", 0).set("I", 1).set("L", 1);
// Word processors and mail programs turn hyphens into other dashes; all of them are separators here.
const SEPARATOR = /[\s\p{Dash_Punctuation}]/u;

/**
 * Reads what a person typed: in any case, with or without hyphens and spaces, with O for 0 and I or L for 1.
 * @returns the code in its one written form and its shard, or undefined where a character is wrong, swapped or missing
 */
export function parseActivationCode(typed: string): { code: string; shard: number } | undefined {
  // A code with twice its length in separators is not one; the bound keeps a hostile text from being worked on.
  if (typed.length > 3 * LENGTH) return undefined;
  const symbols: number[] = [];
  for (const character of typed.toUpperCase()) {
    const symbol = symbolOf.get(character);
    if (symbol !== undefined) symbols.push(symbol);
    else if (character !== "-" && !SEPARATOR.test(character)) return undefined;
  }
  if (symbols.length !== LENGTH) return undefined;
  const [atOne, atAlpha] = syndromes(symbols);
  if (atOne !== 0 || atAlpha !== 0) return undefined;
  const [high = 0, low = 0] = symbols;
  return { code: format(symbols), shard: (high << 5) | low };
}
