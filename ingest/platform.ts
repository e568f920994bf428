// Pure. What a client calls its system and processor → OpenTelemetry's `os.type` and `host.arch`.

// Values of https://opentelemetry.io/docs/specs/semconv/registry/attributes/os/ and …/host/, deprecated ones left out.
export const osTypes = [
  "windows",
  "linux",
  "darwin",
  "freebsd",
  "netbsd",
  "openbsd",
  "dragonflybsd",
  "hpux",
  "aix",
  "solaris",
  "zos",
] as const;
export const architectures = ["amd64", "arm32", "arm64", "ia64", "ppc32", "ppc64", "s390x", "x86"] as const;

// What runtimes and vendors say instead: uname, Go, Node, .NET, Java, Windows' PROCESSOR_ARCHITECTURE.
const osAliases: Record<string, (typeof osTypes)[number]> = {
  win32: "windows",
  win64: "windows",
  win: "windows",
  "windows nt": "windows",
  macos: "darwin",
  "mac os x": "darwin",
  "mac os": "darwin",
  osx: "darwin",
  mac: "darwin",
  sunos: "solaris",
  "hp-ux": "hpux",
  z_os: "zos",
  "z/os": "zos",
};
const archAliases: Record<string, (typeof architectures)[number]> = {
  x86_64: "amd64",
  "x86-64": "amd64",
  x64: "amd64",
  aarch64: "arm64",
  arm64e: "arm64",
  armv8: "arm64",
  arm: "arm32",
  armv7l: "arm32",
  armv6l: "arm32",
  i386: "x86",
  i486: "x86",
  i586: "x86",
  i686: "x86",
  ia32: "x86",
  ppc: "ppc32",
  ppc64le: "ppc64",
  powerpc64: "ppc64",
};

/** A normalized name, and what was said where that was something else. */
export interface Normalized {
  value: string;
  raw: string | null;
}

/** The registry's name of an operating system; "other" for one that it does not know. */
export const normalizeOs = (said: string): Normalized => normalize(said, osTypes, osAliases);

/** The registry's name of a processor architecture; "other" for one that it does not know, or that was not told. */
export const normalizeArch = (said: string | undefined): Normalized =>
  said === undefined ? { value: "other", raw: null } : normalize(said, architectures, archAliases);

function normalize(said: string, known: readonly string[], aliases: Record<string, string>): Normalized {
  const key = said.trim().toLowerCase();
  const value = known.includes(key) ? key : Object.hasOwn(aliases, key) ? (aliases[key] ?? "other") : "other";
  return { value, raw: value === said ? null : said };
}
