// The engine's Ed25519 against the reference.

import { nobleSigner, PRIVATE_KEY_BYTES, webCryptoSigner } from "../../licensing/index.ts";
import { say } from "./say.ts";

/** Native Ed25519 against noble, one after the other. */
export async function signatures(): Promise<void> {
  const key = new Uint8Array(PRIVATE_KEY_BYTES).fill(1);
  const message = new Uint8Array(1000).fill(2);
  const perSecond = async (signer: { sign(m: Uint8Array<ArrayBuffer>): Promise<unknown> }, count: number) => {
    const begun = performance.now();
    for (let i = 0; i < count; i++) await signer.sign(message);
    return (count / (performance.now() - begun)) * 1000;
  };
  const [native, noble] = [await webCryptoSigner(key), await nobleSigner(key)];
  await perSecond(noble, 50);
  const [nativeRate, nobleRate] = [await perSecond(native, 5000), await perSecond(noble, 500)];
  say("WebCrypto signatures / noble signatures", nativeRate / nobleRate, [
    `${Math.round(nativeRate)} / ${Math.round(nobleRate)} a second, one at a time`,
  ]);
}
