// Segments in a bucket of Cloudflare R2.

import type { R2Bucket } from "@cloudflare/workers-types";
import { type SegmentStore, storeLimits, tooLarge } from "./store.ts";

/** Keeps segments in a bucket. An object there is whole, stored and seen by everyone, or it is not there at all. */
export function r2Store(bucket: Pick<R2Bucket, "put" | "list" | "get">, limits = storeLimits): SegmentStore {
  return {
    async create(name, bytes) {
      // RFC 9110 section 13.1.2, If-None-Match: * — only where there is no object of that name. Null says that there is.
      const stored = await bucket.put(name, bytes, { onlyIf: { etagDoesNotMatch: "*" } });
      return stored !== null;
    },

    async replace(name, bytes) {
      await bucket.put(name, bytes);
    },

    async list(after) {
      const { objects } = await bucket.list({
        limit: limits.page,
        ...(after === "" ? {} : { startAfter: after }),
      });
      return objects.map(({ key }) => key);
    },

    async read(name) {
      const object = await bucket.get(name);
      if (object === null) return null;
      if (object.size > limits.bytes) {
        await object.body.cancel();
        throw tooLarge(name, limits);
      }
      return object.bytes();
    },
  };
}
