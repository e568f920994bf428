// Signatures by the hundred, on another thread: Node only. WebCrypto has threads too, but takes a promise, a copy and two
// turns of the event loop for each signature, some 10 microseconds of the thread that decides (measured); here it is one
// message for all of them, and the tokens are put together there as well.

import { createPrivateKey, type KeyObject } from "node:crypto";
import { Worker } from "node:worker_threads";
import { type Signer, toBase64Url, webCryptoSigner } from "../licensing/index.ts";
import { Thread } from "./thread.ts";

/** What the thread is asked: to sign payloads under a header (both RFC 7515 section 7.1), each on its own. */
export interface SignRequest {
  key: KeyObject;
  /** In base64url, as it stands in the token. */
  header: string;
  payloads: string[];
}

interface Pending {
  payloads: string[];
  resolve: (tokens: string[]) => void;
  reject: (error: unknown) => void;
}

/** What waits to be sent: all of it under one key and one header. */
interface Batch {
  key: KeyObject;
  header: string;
  waiting: Pending[];
}

// What waits is sent at the latest when there is so much of it: the other thread signs while this one still decides the rest
// of a group. With 64 connections on two cores that were free it was 3 % more activations a second, and half the time in which
// nothing was to be done; on busy ones no more and no fewer.
const MAX_WAITING = 8;

/** One for the process, whatever keys come and go. */
class SigningThread {
  readonly #thread = new Thread<SignRequest, string[]>(
    () => new Worker(new URL("sign-thread.ts", import.meta.url)),
  );
  #batch: Batch | undefined;

  sign(key: KeyObject, header: string, payloads: string[]): Promise<string[]> {
    const { promise, resolve, reject } = Promise.withResolvers<string[]>();
    if (this.#batch && (this.#batch.key !== key || this.#batch.header !== header)) this.flush();
    if (!this.#batch) {
      this.#batch = { key, header, waiting: [] };
      queueMicrotask(() => this.flush());
    }
    this.#batch.waiting.push({ payloads, resolve, reject });
    if (this.#batch.waiting.length === MAX_WAITING) this.flush();
    return promise;
  }

  /** Sends what waits, in one message. */
  flush(): void {
    if (!this.#batch) return;
    const batch = this.#batch;
    this.#batch = undefined;
    this.#send(batch);
  }

  #send({ waiting, ...under }: Batch): void {
    const payloads = waiting.flatMap((one) => one.payloads);
    this.#thread.ask({ ...under, payloads }).then(
      (tokens) => {
        let next = 0;
        for (const one of waiting) one.resolve(tokens.slice(next, (next += one.payloads.length)));
      },
      (error: unknown) => {
        if (waiting.length === 1) waiting[0]?.reject(error);
        // One that cannot be signed must not take the others with it.
        else for (const one of waiting) this.#send({ ...under, waiting: [one] });
      },
    );
  }
}

const thread = new SigningThread();

/**
 * Sends what waits to be signed now, instead of at the end of this turn: for who is about to wait for a disk, and has
 * another core that need not.
 */
export const flushSignatures = (): void => thread.flush();

/** A signer on another thread; what is asked for in one turn of the event loop goes there in few messages. */
export async function batchSigner(privateKey: Uint8Array): Promise<Signer> {
  const signer = await webCryptoSigner(privateKey);
  const { kty, crv, x } = signer.publicJwk;
  const key = createPrivateKey({ key: { kty, crv, x, d: toBase64Url(privateKey) }, format: "jwk" });
  return { ...signer, signAll: (header, payloads) => thread.sign(key, header, payloads) };
}
