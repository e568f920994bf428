// Pure. A country's code or name → its ISO 3166-1 alpha-2 code.

/** Names that people write and that are not in the lists of the Unicode CLDR. */
const OTHERS: Record<string, string> = {
  usa: "US",
  "u.s.a.": "US",
  "u.s.": "US",
  "united states of america": "US",
  uk: "GB",
  "u.k.": "GB",
  "great britain": "GB",
  england: "GB",
  scotland: "GB",
  wales: "GB",
  holland: "NL",
  "the netherlands": "NL",
  korea: "KR",
  "republic of korea": "KR",
  "czech republic": "CZ",
  turkey: "TR",
  "viet nam": "VN",
  "hong kong": "HK",
  macau: "MO",
  uae: "AE",
  "russian federation": "RU",
  brd: "DE",
  "vereinigte staaten von amerika": "US",
  tschechien: "CZ",
  großbritannien: "GB",
};

// Codes that are set aside for no country, or for several, and have a name all the same.
const NO_COUNTRY = new Set([
  "EU",
  "EZ",
  "UN",
  "XA",
  "XB",
  "ZZ",
  "QO",
  "AC",
  "CP",
  "CQ",
  "DG",
  "EA",
  "IC",
  "TA",
]);

let names: Map<string, string> | undefined;

/** By name in English or German, lowercase; and by code. */
function all(): Map<string, string> {
  if (names) return names;
  names = new Map(Object.entries(OTHERS));
  const letters = Array.from("ABCDEFGHIJKLMNOPQRSTUVWXYZ");
  for (const language of ["en", "de"]) {
    const display = new Intl.DisplayNames([language], { type: "region", fallback: "none" });
    for (const code of letters.flatMap((first) => letters.map((second) => first + second))) {
      const name = NO_COUNTRY.has(code) ? undefined : display.of(code);
      // A code that was given up stands for what followed it, which comes under its own code.
      if (name === undefined || new Intl.Locale(`und-${code}`).region !== code) continue;
      names.set(code.toLowerCase(), code);
      if (!names.has(name.toLowerCase())) names.set(name.toLowerCase(), code);
    }
  }
  return names;
}

/** @returns undefined where no country is called so */
export function countryOf(text: string): string | undefined {
  return all().get(text.toLowerCase());
}
