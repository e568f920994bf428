// A small S3 on this machine that is as strict as Amazon's: it derives every signature anew, with Amazon's own signer, from
// what came over the wire. It knows what segments need (PutObject, GetObject, ListObjectsV2) and refuses all else.

import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";

/** What goes wrong with a request, before it is carried out, or after it, when nobody hears of it. */
export type S3Trouble = { status: number; code: string } | "cut before" | "cut after";

export interface S3Server {
  endpoint: URL;
  /** The objects of the bucket, by key. */
  objects: Map<string, Buffer>;
  /** What happens to the next requests, one each. */
  troubles: S3Trouble[];
  /** What was asked, as `METHOD path?query`. */
  asked: string[];
  /** How far its clock is ahead of ours. */
  clock: { aheadMs: number };
  stop(): Promise<void>;
}

export const s3Access = {
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
};
export const BUCKET = "keyhouse-segments";
export const REGION = "eu-central-1";
const MAX_SKEW_MS = 15 * 60_000;

class Refused extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string) {
    super(code);
    this.status = status;
    this.code = code;
  }
}

export async function startS3(): Promise<S3Server> {
  const s3 = {
    objects: new Map<string, Buffer>(),
    troubles: [] as S3Trouble[],
    asked: [] as string[],
    clock: { aheadMs: 0 },
  };
  const server = createServer((request, response) => {
    void answer(s3, request, response);
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", resolve);
  await promise;
  const { port } = server.address() as AddressInfo;
  return {
    ...s3,
    endpoint: new URL(`http://127.0.0.1:${port}`),
    stop: async () => {
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      server.closeAllConnections();
      await closed.promise;
    },
  };
}

type State = Pick<S3Server, "objects" | "troubles" | "asked" | "clock">;

async function answer(s3: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = Buffer.concat(await request.toArray());
  s3.asked.push(`${request.method} ${request.url}`);
  const trouble = s3.troubles.shift();
  if (trouble === "cut before") return void request.socket.destroy();
  try {
    if (trouble !== undefined && typeof trouble === "object") throw new Refused(trouble.status, trouble.code);
    await authenticate(s3, request, body);
    const { status, content } = carryOut(s3, request, body);
    if (trouble === "cut after") return void request.socket.destroy();
    response.writeHead(status).end(content);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const { status, code } = error;
    const secretish = request.headers.authorization ?? "";
    response
      .writeHead(status, { "content-type": "application/xml" })
      .end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>${secretish}</Message></Error>`);
  }
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
async function authenticate({ clock }: State, request: IncomingMessage, body: Buffer): Promise<void> {
  const { headers, method = "", url = "" } = request;
  const given =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([a-z0-9;-]+), /.exec(
      headers.authorization ?? "",
    );
  if (!given) throw new Refused(403, "AccessDenied");
  const [, keyId, , region, signedHeaders = ""] = given;
  if (keyId !== s3Access.accessKeyId) throw new Refused(403, "InvalidAccessKeyId");
  if (region !== REGION) throw new Refused(400, "AuthorizationHeaderMalformed");
  const names = signedHeaders.split(";");
  const mustBeSigned = Object.keys(headers).filter((name) => name === "host" || name.startsWith("x-amz-"));
  if (!mustBeSigned.every((name) => names.includes(name))) throw new Refused(403, "AccessDenied");
  const date = String(headers["x-amz-date"]).replace(
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/,
    "$1-$2-$3T$4:$5:$6Z",
  );
  const signingDate = new Date(date);
  if (!(Math.abs(Date.now() + clock.aheadMs - signingDate.getTime()) <= MAX_SKEW_MS))
    throw new Refused(403, "RequestTimeTooSkewed");
  if (headers["x-amz-content-sha256"] !== createHash("sha256").update(body).digest("hex"))
    throw new Refused(400, "XAmzContentSHA256Mismatch");

  const [path = "", search = ""] = url.split("?");
  const signer = new SignatureV4({
    credentials: s3Access,
    region: REGION,
    service: "s3",
    sha256: Sha256,
    uriEscapePath: false,
    applyChecksum: false,
  });
  const { headers: expected } = await signer.sign(
    {
      method,
      protocol: "http:",
      hostname: "127.0.0.1",
      path,
      query: Object.fromEntries(new URLSearchParams(search)),
      headers: Object.fromEntries(names.map((name) => [name, String(headers[name])])),
    },
    { signingDate },
  );
  if (expected["authorization"] !== headers.authorization) throw new Refused(403, "SignatureDoesNotMatch");
}

function carryOut({ objects }: State, { method, url = "", headers }: IncomingMessage, body: Buffer) {
  const { pathname, searchParams } = new URL(url, "http://s3");
  const [bucket = "", ...parts] = pathname.slice(1).split("/").map(decodeURIComponent);
  if (bucket !== BUCKET) throw new Refused(404, "NoSuchBucket");
  const key = parts.join("/");
  if (method === "GET" && key === "") return { status: 200, content: listed(objects, searchParams) };
  const object = objects.get(key);
  if (method === "GET") {
    if (!object) throw new Refused(404, "NoSuchKey");
    return { status: 200, content: object };
  }
  if (method !== "PUT" || key === "") throw new Refused(405, "MethodNotAllowed");
  if (headers["if-none-match"] === "*" && object) throw new Refused(412, "PreconditionFailed");
  objects.set(key, body);
  return { status: 200, content: "" };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
function listed(objects: ReadonlyMap<string, Buffer>, query: URLSearchParams): string {
  if (query.get("list-type") !== "2" || query.get("encoding-type") !== "url")
    throw new Refused(501, "NotImplemented");
  const max = Math.min(Number(query.get("max-keys") ?? 1000), 1000);
  const after = query.get("start-after") ?? "";
  const keys = Array.from(objects.keys())
    .filter(
      (key) =>
        key.startsWith(query.get("prefix") ?? "") && Buffer.compare(Buffer.from(key), Buffer.from(after)) > 0,
    )
    .toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const page = keys.slice(0, max);
  const contents = page.map(
    (key) =>
      `<Contents><Key>${encodeURIComponent(key).replaceAll("%2F", "/")}</Key><Size>${objects.get(key)?.length}</Size></Contents>`,
  );
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">` +
    `<Name>${BUCKET}</Name><KeyCount>${page.length}</KeyCount><IsTruncated>${keys.length > max}</IsTruncated>` +
    `<EncodingType>url</EncodingType>${contents.join("")}</ListBucketResult>`
  );
}
