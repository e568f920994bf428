// Pure. What a bucket answers: does it pass, and what is to be done about it? Never a word of a credential.

import { SegmentFault } from "./store.ts";

export interface S3Answer {
  status: number;
  /** Of an error, as S3 names it: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
  code: string;
  bytes: Uint8Array;
}

/** Codes that pass, of answers whose status alone does not say so. */
const passing: ReadonlySet<string> = new Set([
  "ConditionalRequestConflict",
  "OperationAborted",
  "RequestTimeout",
]);

/** Whether the same may be answered otherwise a moment later. */
export function isPassing({ status, code }: S3Answer): boolean {
  return status === 429 || status >= 500 || passing.has(code);
}

/** The fault of an answer, or of none, in words that say what to do. */
export function explain(
  answer: S3Answer | Error,
  { endpoint, bucket }: { endpoint: URL; bucket: string },
): SegmentFault {
  const where = `the bucket ${bucket} at ${endpoint.host}`;
  if (answer instanceof Error) {
    const { cause } = answer;
    const why = cause instanceof Error ? cause.message : answer.message;
    return new SegmentFault(
      `There was no answer from ${where} (${why}): is AWS_ENDPOINT_URL_S3 right, and the network up?`,
    );
  }
  return new SegmentFault(`${sayingOf(answer)}. What ${where} answered was ${answer.status} ${answer.code}.`);
}

function sayingOf(answer: S3Answer): string {
  switch (answer.code) {
    case "NoSuchBucket":
      return "There is no such bucket: make it, or correct KEYHOUSE_SEGMENTS";
    case "InvalidAccessKeyId":
      return "The access key is not known there: set AWS_ACCESS_KEY_ID to one of that account";
    case "SignatureDoesNotMatch":
      return "The secret is not that of the access key: set AWS_SECRET_ACCESS_KEY anew, with no blank or line end";
    case "AccessDenied":
      return "The access key may not do this: allow it to list the bucket, and to get and put objects";
    case "RequestTimeTooSkewed":
      return "This machine's clock is off by more than 15 minutes: set it right, and keep it so by NTP";
    case "ExpiredToken":
    case "InvalidToken":
      return "The session has ended: set AWS_SESSION_TOKEN and its two keys anew, or use a key that stays";
    case "AuthorizationHeaderMalformed":
    case "PermanentRedirect":
    case "TemporaryRedirect":
      return "The bucket is in another region: set AWS_REGION, and AWS_ENDPOINT_URL_S3 where it names one";
    default:
      return isPassing(answer)
        ? "Segments cannot be reached, or there is too much to do there: try again later"
        : "Segments cannot be reached: look the code up where the bucket is";
  }
}
