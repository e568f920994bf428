// Signatures by the hundred, on another thread: Node only. WebCrypto has threads too, but takes a promise, a copy and two
// turns of the event loop for each signature, some 10 microseconds of the thread that decides (measured); here it is one
// message for all of them, and the tokens are put together there as well.

import { createPrivateKey, type KeyObject } from "node:crypto";
import { Worker } from "node:worker_threads";
import { type Signer, toBase64Url, webCryptoSigner } from "../licensing/index.ts";

/** What the thread is asked: to sign payloads under a header (both RFC 7515 section 7.1), each on its own. */
export interface SignRequest {
  id: number;
  key: KeyObject;
  /** In base64url, as it stands in the token. */
  header: string;
  payloads: string[];
}

/** What it answers: tokens, in the order of the payloads. */
export type SignAnswer = { id: number } & ({ tokens: string[] } | { error: unknown });

interface Pending {
  resolve: (tokens: string[]) => void;
  reject: (error: unknown) => void;
}

/** One for the process, whatever keys come and go; it begins with the first request, and keeps no process alive. */
class SigningThread {
  #worker: Worker | undefined;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;

  sign(key: KeyObject, header: string, payloads: string[]): Promise<string[]> {
    const worker = (this.#worker ??= this.#start());
    const { promise, resolve, reject } = Promise.withResolvers<string[]>();
    const id = ++this.#lastId;
    this.#pending.set(id, { resolve, reject });
    worker.ref();
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
    worker.postMessage({ id, key, header, payloads } satisfies SignRequest);
    return promise;
  }

  #start(): Worker {
    const worker = new Worker(new URL("sign-thread.ts", import.meta.url));
    worker.on("message", (answer: SignAnswer) => {
      const pending = this.#pending.get(answer.id);
      this.#pending.delete(answer.id);
      if (this.#pending.size === 0) worker.unref();
      if ("tokens" in answer) pending?.resolve(answer.tokens);
      else pending?.reject(answer.error);
    });
    // The next request starts another one.
    worker.on("error", (error) => {
      this.#worker = undefined;
      for (const { reject } of this.#pending.values()) reject(error);
      this.#pending.clear();
    });
    return worker;
  }
}

const thread = new SigningThread();

/** A signer that can sign many at once, on another thread, and one by one as WebCrypto does. */
export async function batchSigner(privateKey: Uint8Array): Promise<Signer> {
  const signer = await webCryptoSigner(privateKey);
  const { kty, crv, x } = signer.publicJwk;
  const key = createPrivateKey({ key: { kty, crv, x, d: toBase64Url(privateKey) }, format: "jwk" });
  return { ...signer, signAll: (header, payloads) => thread.sign(key, header, payloads) };
}
