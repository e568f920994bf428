// Pure. The headers of answers, as the document says them.

export interface HeaderObject {
  description: string;
  /** Whether it is there whenever the document says it: a test holds that it is. */
  required: boolean;
  schema: { type: "string" | "integer" };
}

/** By their names. https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/ for the rates. */
export const headers = {
  "X-Request-Id": {
    description:
      "Names the request in the operator's log: as its caller named it, or as it was named here. A problem has it in `instance`.",
    required: true,
    schema: { type: "string" },
  },
  "RateLimit-Policy": {
    description: "How many requests may come, and in how many seconds. Absent where nothing is counted.",
    required: false,
    schema: { type: "string" },
  },
  RateLimit: {
    description: "How many may come now, and in how many seconds one more.",
    required: false,
    schema: { type: "string" },
  },
  "Retry-After": {
    description: "Seconds, after which to try again.",
    required: true,
    schema: { type: "integer" },
  },
  "WWW-Authenticate": {
    description: "That an API key is sent as a bearer token.",
    required: true,
    schema: { type: "string" },
  },
} as const satisfies Record<string, HeaderObject>;

type HeaderName = keyof typeof headers;
const rates = ["RateLimit-Policy", "RateLimit"] as const;
const granted = ["X-Request-Id", ...rates] as const;
const refused: Record<string, readonly HeaderName[]> = {
  401: ["WWW-Authenticate"],
  429: ["Retry-After", ...rates],
  503: ["Retry-After"],
};

/** What is sent beside an answer of a status, each by reference. */
export function headersOf(status: string): { headers?: Record<string, { $ref: string }> } {
  const names = status < "400" ? granted : refused[status];
  if (!names) return {};
  return {
    headers: Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }])),
  };
}
