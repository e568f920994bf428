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

// Powers of alpha, a root of the primitive polynomial x^5 + x^2 + 1 over GF(2).
const power: number[] = [1];
for (let i = 1; i < 31; i++) {
  const doubled = (power[i - 1] ?? 0) << 1;
  power.push(doubled & 32 ? doubled ^ 0b100101 : doubled);
}
const logarithm = new Map(power.map((value, exponent) => [value, exponent]));

function multiply(a: number, b: number): number {
  const [logA, logB] = [logarithm.get(a), logarithm.get(b)];
  return logA === undefined || logB === undefined ? 0 : (power[(logA + logB) % 31] ?? 0);
}

/** The word read as a polynomial, first symbol highest, at a point. */
function evaluate(symbols: readonly number[], point: number): number {
  return symbols.reduce((sum, symbol) => multiply(sum, point) ^ symbol, 0);
}

const ALPHA = 2;

/** The two symbols that make both syndromes of the whole word vanish. */
function checkSymbols(message: readonly number[]): [number, number] {
  const word = [...message, 0, 0];
  const atOne = evaluate(word, 1);
  const atAlpha = evaluate(word, ALPHA);
  // c1 * 1 + c0 = atOne, c1 * alpha + c0 = atAlpha: in a field of characteristic 2, minus is plus.
  const inverse = power[(31 - (logarithm.get(ALPHA ^ 1) ?? 0)) % 31] ?? 0;
  const first = multiply(atOne ^ atAlpha, inverse);
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
  const bits = random.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const symbols = Array.from({ length: RANDOM_SYMBOLS }, (_, i) =>
    Number((bits >> BigInt(5 * (RANDOM_SYMBOLS - 1 - i))) & 31n),
  );
  const message = [shard >> 5, shard & 31, ...symbols];
  return format([...message, ...checkSymbols(message)]);
}

function format(symbols: readonly number[]): string {
  const letters = symbols.map((symbol) => ALPHABET.charAt(symbol)).join("");
  return letters.match(/.{5}/g)?.join("-") ?? letters;
}

/**
 * Reads what a person typed: in any case, with or without hyphens and spaces, with O for 0 and I or L for 1.
 * @returns the code in its one written form and its shard, or undefined where a character is wrong, swapped or missing
 */
export function parseActivationCode(typed: string): { code: string; shard: number } | undefined {
  // A code with twice its length in separators is not one; the bound keeps a hostile text from being worked on.
  if (typed.length > 3 * LENGTH) return undefined;
  // Word processors and mail programs turn hyphens into other dashes; all of them are separators here.
  const letters = typed
    .toUpperCase()
    .replaceAll(/[\s\p{Dash_Punctuation}]/gu, "")
    .replaceAll("O", "0")
    .replaceAll(/[IL]/g, "1");
  if (letters.length !== LENGTH) return undefined;
  const symbols = Array.from(letters, (letter) => ALPHABET.indexOf(letter));
  if (symbols.includes(-1)) return undefined;
  if (evaluate(symbols, 1) !== 0 || evaluate(symbols, ALPHA) !== 0) return undefined;
  const [high = 0, low = 0] = symbols;
  return { code: format(symbols), shard: (high << 5) | low };
}
