// Segments in a bucket that speaks the S3 API: Amazon's, R2's from outside of Cloudflare, and many others'.

import { AwsV4Signer } from "aws4fetch";
import { explain, isPassing, type S3Answer } from "./s3-answer.ts";
import { SegmentFault, type SegmentStore, storeLimits, tooLarge } from "./store.ts";

export interface S3Options {
  /** Where the API is, such as `https://ACCOUNT.r2.cloudflarestorage.com`. */
  endpoint: URL;
  region: string;
  bucket: string;
  /** What all names here begin with: nothing, or something that ends with a slash. */
  prefix: string;
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string | undefined;
  /** Waits before the same is asked again. */
  wait: (milliseconds: number) => Promise<unknown>;
}

// Pauses of 0.2, 0.4, 0.8 and 1.6 s: who is away longer than that is asked again by the next round.
const MAX_ATTEMPTS = 5;
const FIRST_PAUSE_MS = 200;
// For 32 MB that is a line of 9 Mbit/s.
const TIMEOUT_MS = 30_000;
// Ours have some hundred bytes a name; errors are shorter.
const MAX_XML_BYTES = 4 * 1024 * 1024;

/** What is asked of the bucket. */
interface Asked {
  method: "GET" | "PUT";
  /** Of an object; of the bucket itself where empty. */
  key: string;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  body?: Uint8Array<ArrayBuffer>;
  maxBytes: number;
}

/** Keeps segments in a bucket, which has to be there. */
export function s3Store(options: S3Options, limits = storeLimits): SegmentStore {
  const { prefix, wait } = options;

  const ask = async (asked: Asked): Promise<S3Answer> => {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await send(options, asked).catch((error: unknown) => error as Error);
      if (answer instanceof SegmentFault) throw answer;
      if (!(answer instanceof Error) && !isPassing(answer)) return answer;
      if (attempt === MAX_ATTEMPTS) throw explain(answer, options);
      await wait(FIRST_PAUSE_MS * 2 ** (attempt - 1));
    }
  };

  return {
    async create(name, bytes) {
      const answer = await ask({
        method: "PUT",
        key: prefix + name,
        // RFC 9110 section 13.1.2: only where there is none. Where the answer to our own write was lost, it is there too.
        headers: { "if-none-match": "*" },
        body: new Uint8Array(bytes),
        maxBytes: MAX_XML_BYTES,
      });
      if (answer.status === 200) return true;
      if (answer.status === 412) return false;
      throw explain(answer, options);
    },

    async replace(name, bytes) {
      const key = prefix + name;
      const body = new Uint8Array(bytes);
      const answer = await ask({ method: "PUT", key, body, maxBytes: MAX_XML_BYTES });
      if (answer.status !== 200) throw explain(answer, options);
    },

    async list(after) {
      const answer = await ask({
        method: "GET",
        key: "",
        query: {
          "list-type": "2",
          "encoding-type": "url",
          "max-keys": String(limits.page),
          prefix,
          "start-after": prefix + after,
        },
        maxBytes: MAX_XML_BYTES,
      });
      if (answer.status !== 200) throw explain(answer, options);
      // Encoded as in a URL, a key has nothing in it that XML would write otherwise.
      const keys = new TextDecoder().decode(answer.bytes).matchAll(/<Key>([^<]*)<\/Key>/g);
      return Array.from(keys, ([, key = ""]) =>
        decodeURIComponent(key.replaceAll("+", " ")).slice(prefix.length),
      );
    },

    async read(name) {
      const answer = await ask({ method: "GET", key: prefix + name, maxBytes: limits.bytes });
      if (answer.status === 200) return answer.bytes;
      if (answer.code === "NoSuchKey") return null;
      throw explain(answer, options);
    },
  };

  /** Asks once. @throws SegmentFault for a body that is too large; what else it throws may pass */
  async function send({ endpoint, bucket, ...as }: S3Options, asked: Asked): Promise<S3Answer> {
    const { method, key, query = {}, headers = {}, body, maxBytes } = asked;
    const url = new URL(
      `${endpoint.href.replace(/\/$/, "")}/${bucket}${key === "" ? "" : `/${pathOf(key)}`}`,
    );
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const signed = await new AwsV4Signer({
      method,
      url: url.href,
      headers: { ...headers, "x-amz-content-sha256": await sha256(body ?? new Uint8Array()) },
      service: "s3",
      region: as.region,
      accessKeyId: as.accessKeyId,
      secretAccessKey: as.secretAccessKey,
      ...(as.sessionToken === undefined ? {} : { sessionToken: as.sessionToken }),
    }).sign();
    const response = await fetch(signed.url, {
      method,
      headers: signed.headers,
      ...(body === undefined ? {} : { body }),
      // A bucket elsewhere is an answer: it says what to set.
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const bytes = await readWithin(response, response.ok ? maxBytes : MAX_XML_BYTES);
    if (bytes === null) throw tooLarge(key.slice(prefix.length), limits);
    const code = response.ok ? "" : (/<Code>(\w+)<\/Code>/.exec(new TextDecoder().decode(bytes))?.[1] ?? "");
    return { status: response.status, code, bytes };
  }
}

/** A key as it stands in a URL: all encoded but slashes and what RFC 3986 section 2.3 leaves as it is, as it is signed. */
const pathOf = (key: string) =>
  encodeURIComponent(key)
    .replaceAll("%2F", "/")
    .replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

/** @returns null where there is more */
async function readWithin(response: Response, maxBytes: number): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > maxBytes) return null;
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
