import { expect, test } from "vitest";
import { batchSigner } from "../../ingest/sign-batch.ts";
import { nobleSigner, PRIVATE_KEY_BYTES, signLicense, signLicenses } from "../../licensing/index.ts";
import { claims } from "../licensing/samples.ts";

const privateKey = new Uint8Array(PRIVATE_KEY_BYTES).fill(7);
const many = Array.from({ length: 50 }, (_, i) => ({
  ...claims,
  jti: `L-${i}`,
  product: { ...claims.product, name: "Ätlas 設計" },
}));

test("signs many on another thread to the same bytes as one by one, and as the reference", async () => {
  const [signer, reference] = [await batchSigner(privateKey), await nobleSigner(privateKey)];
  const tokens = await signLicenses(many, signer);
  expect(tokens).toEqual(await Promise.all(many.map((one) => signLicense(one, signer))));
  expect(tokens[49]).toBe(await signLicense(many[49] ?? claims, reference));
});

test("a signer without a thread signs many too", async () => {
  const reference = await nobleSigner(privateKey);
  const tokens = await signLicenses(many.slice(0, 3), reference);
  expect(tokens).toEqual(await Promise.all(many.slice(0, 3).map((one) => signLicense(one, reference))));
});

test("batches of two keys at once each have their own signatures", async () => {
  const other = await batchSigner(new Uint8Array(PRIVATE_KEY_BYTES).fill(8));
  const signer = await batchSigner(privateKey);
  const batches = await Promise.all([signer, other, signer].map((one) => signLicenses(many, one)));
  expect(batches[2]).toEqual(batches[0]);
  expect(batches[1]?.[0]).toBe(await signLicense(many[0] ?? claims, other));
});

test("what cannot be signed fails alone, and the thread goes on", async () => {
  const signer = await batchSigner(privateKey);
  const notText = [{}] as unknown as string[];
  const [bad, good] = await Promise.allSettled([
    signer.signAll?.("h", notText),
    signer.signAll?.("h", ["{}"]),
  ]);
  expect([bad.status, good.status]).toEqual(["rejected", "fulfilled"]);
});

test("keeps its private key to itself", async () => {
  const text = JSON.stringify(await batchSigner(privateKey));
  expect(text).not.toContain(Buffer.from(privateKey).toString("base64url"));
});
