// Where segments are kept beside the folder of a home: `KEYHOUSE_SEGMENTS`, and the names that every S3 tool reads.

import { setTimeout } from "node:timers/promises";
import { s3Store } from "./s3.ts";
import { SegmentFault, type SegmentStore } from "./store.ts";

/**
 * The bucket that the environment names.
 * @returns undefined where it names none: segments are in the home's folder then
 * @throws SegmentFault that says which setting is missing or wrong, never its value
 */
export function bucketOf(env: Record<string, string | undefined>): SegmentStore | undefined {
  const text = env["KEYHOUSE_SEGMENTS"] || undefined;
  if (text === undefined) return undefined;
  const named = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/.exec(text);
  if (!named) throw new SegmentFault("KEYHOUSE_SEGMENTS is not s3://bucket, or s3://bucket/prefix.");
  const [, bucket = "", path = ""] = named;
  const region = env["AWS_REGION"] || env["AWS_DEFAULT_REGION"] || "us-east-1";
  const endpoint =
    env["AWS_ENDPOINT_URL_S3"] || env["AWS_ENDPOINT_URL"] || `https://s3.${region}.amazonaws.com`;
  if (!/^https?:\/\//.test(endpoint) || !URL.canParse(endpoint))
    throw new SegmentFault(
      "AWS_ENDPOINT_URL_S3 is not an address such as https://ACCOUNT.r2.cloudflarestorage.com.",
    );
  const prefix = path.replaceAll(/^\/+|\/+$/g, "");
  return s3Store({
    endpoint: new URL(endpoint),
    region,
    bucket,
    prefix: prefix === "" ? "" : `${prefix}/`,
    accessKeyId: required(env, "AWS_ACCESS_KEY_ID"),
    secretAccessKey: required(env, "AWS_SECRET_ACCESS_KEY"),
    sessionToken: env["AWS_SESSION_TOKEN"]?.trim() || undefined,
    wait: (milliseconds) => setTimeout(milliseconds),
  });
}

function required(env: Record<string, string | undefined>, name: string): string {
  const value = env[name]?.trim();
  if (!value) throw new SegmentFault(`Set ${name}: KEYHOUSE_SEGMENTS names a bucket, which asks for a key.`);
  return value;
}
