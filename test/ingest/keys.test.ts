import { mkdtempSync } from "node:fs";
import { cp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { eventSchema } from "../../ingest/event.ts";
import { homeOf, openLedger } from "../../ingest/home.ts";
import { signingKeyCommand } from "../../ingest/cli/signing-keys.ts";
import { compromiseKey, openKeys, readKeySet, rotateKeys } from "../../ingest/keys-file.ts";
import { addVersion, newestVersion } from "../../ingest/keys-folder.ts";
import { activeKey, parseInstant } from "../../licensing/index.ts";
import { temporaryFolder } from "../support/folder.ts";
import { runTool } from "../support/service.ts";

const SECRET = "a secret";
const SECOND = 1_000_000;
const START = parseInstant("2026-11-24T12:00:00Z") ?? 0;
const LATER = START + SECOND;

// Made once: to derive a key from a secret takes half a second, on purpose.
const made = mkdtempSync(join(tmpdir(), "keyhouse-test-"));
afterAll(() => rm(made, { recursive: true }));
const { signer: firstSigner, hashId: firstHashId } = await openKeys(made, SECRET);

/** A folder with the same one key in it, to be changed. */
async function copied(): Promise<string> {
  const folder = await newFolder();
  await cp(made, folder, { recursive: true });
  return folder;
}

const newFolder = async () => join(await temporaryFolder(), "keys");
const everything = async (folder: string) =>
  (await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), "utf8")))).join("");

describe("the keys of a home", () => {
  test("stay the same over a restart, are for their owner's eyes, and stand nowhere in clear text", async () => {
    const folder = await newFolder();
    const first = await openKeys(folder, SECRET);
    const second = await openKeys(folder, SECRET);
    expect([first.isNew, second.isNew]).toEqual([true, false]);
    expect(second.publicKeys).toEqual(first.publicKeys);
    expect(second.hashId("host")).toBe(first.hashId("host"));
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect((await stat(join(folder, "000001.json"))).mode & 0o777).toBe(0o600);
    expect(await everything(folder)).not.toMatch(/"d"|privateKey|hostKey/);
  });

  test("under another secret are refused, with what to do", async () => {
    const folder = await copied();
    await expect(openKeys(folder, "another")).rejects.toThrow("made under another KEYHOUSE_SECRET");
    await expect(rotateKeys(folder, "another", START)).rejects.toThrow("made under another");
  });

  const flip = (_match: string, name: string, char: string) => `"${name}": "${char === "A" ? "B" : "A"}`;
  test.each<[string, (text: string) => string]>([
    ["a key made good again", (text) => text.replace('"compromised"', '"retired"')],
    ["another public key", (text) => text.replace(/"(x)": "(.)/, flip)],
    ["another number", (text) => text.replace('"number": 2', '"number": 3')],
    ["another sealed part", (text) => text.replace(/"(sealed)": "(.)/, flip)],
    ["a cut sealed part", (text) => text.replace(/"sealed": "[^"]*"/, '"sealed": ""')],
  ])("with %s are refused: the seal vouches for what stands beside it", async (_what, edit) => {
    const folder = await copied();
    await compromiseKey(folder, SECRET, firstSigner.kid, LATER);
    const path = join(folder, "000002.json");
    const text = await readFile(path, "utf8");
    expect(edit(text)).not.toBe(text);
    await writeFile(path, edit(text));
    await expect(openKeys(folder, SECRET)).rejects.toThrow("or was changed");
  });

  test("are made once where many ask at the same moment", async () => {
    const folder = await newFolder();
    const all = await Promise.all(Array.from({ length: 2 }, () => openKeys(folder, SECRET)));
    expect(new Set(all.map(({ signer }) => signer.kid)).size).toBe(1);
  });
});

describe("a rotation", () => {
  test("makes a key that signs, and keeps those before it for those who verify", async () => {
    const folder = await copied();
    const kid = await rotateKeys(folder, SECRET, LATER);
    const after = await openKeys(folder, SECRET);
    expect(after.signer.kid).toBe(kid);
    expect(after.publicKeys.map((key) => key.kid)).toEqual([firstSigner.kid, kid]);
    expect(after.hashId("host")).toBe(firstHashId("host"));
  });

  test("of a home without keys makes the first, and not two", async () => {
    const folder = await newFolder();
    const kid = await rotateKeys(folder, SECRET, START);
    expect(readKeySet(folder).map(({ jwk }) => jwk.kid)).toEqual([kid]);
  });

  test("leaves the private key that it retires nowhere, even for who has the secret", async () => {
    const folder = await copied();
    const sealed = newestVersion(folder)?.sealed ?? "";
    await rotateKeys(folder, SECRET, LATER);
    expect(sealed).not.toBe("");
    expect(await everything(folder)).not.toContain(sealed);
    expect((await readdir(folder)).toSorted()).toEqual(["000001.json", "000002.json"]);
  });

  test("at the same moment as others loses nobody's key, and no compromise", async () => {
    const home = await temporaryFolder();
    const folder = join(home, "keys");
    const first = (await openKeys(folder, undefined)).signer.kid;
    // In processes of their own: within one, no two would ever meet in the middle of a change.
    const commands = [["rotate"], ["compromise", first], ["rotate"]];
    await Promise.all(commands.map((args) => runTool(home, "ingest/cli/keys.ts", "signing-key", ...args)));
    const states = readKeySet(folder).map(({ state }) => state);
    expect(states[0]).toBe("compromised");
    expect(states.filter((state) => state === "active")).toHaveLength(1);
    // Two new ones, and a third where the first one still signed when it was dropped.
    expect([3, 4]).toContain(states.length);
  });

  test("whose number another was faster to take is refused, and changes nothing", async () => {
    const folder = await newFolder();
    const version = (number: number, salt: string) => ({ number, salt, keys: [], sealed: "sealed" });
    expect(addVersion(folder, version(1, "a"))).toBe(true);
    expect(addVersion(folder, version(1, "b"))).toBe(false);
    expect(newestVersion(folder)).toEqual(version(1, "a"));
    expect(addVersion(folder, version(2, "c"))).toBe(true);
    // A slow writer finds a number taken although the version under it was replaced.
    expect(addVersion(folder, version(1, "d"))).toBe(false);
    expect(newestVersion(folder)).toEqual(version(2, "c"));
    expect(await readdir(folder)).toHaveLength(2);
  });
});

describe("a running service", () => {
  test("signs with the new key a second after a rotation, and looks at the disk no more often", async () => {
    const folder = await copied();
    let now = START;
    const keys = await openKeys(folder, SECRET, () => now);
    const kid = await rotateKeys(folder, SECRET, now);
    now += SECOND - 1;
    expect((await keys.current()).signer.kid).toBe(keys.signer.kid);
    now += 1;
    const current = await keys.current();
    expect(current.signer.kid).toBe(kid);
    expect(current.publicKeys.map((key) => key.kid)).toEqual([keys.signer.kid, kid]);
    expect(await keys.current()).toBe(current);
  });

  test("serves a compromised key no more, and names it", async () => {
    const folder = await copied();
    let now = START;
    const keys = await openKeys(folder, SECRET, () => now);
    const result = await compromiseKey(folder, SECRET, keys.signer.kid, now);
    now += SECOND;
    const current = await keys.current();
    expect(result).toEqual({ ok: true, signing: current.signer.kid });
    expect(current.publicKeys.map((key) => key.kid)).toEqual([current.signer.kid]);
    expect(current.compromised).toEqual([keys.signer.kid]);
  });

  test("looks at once when its clock was set back", async () => {
    const folder = await copied();
    let now = START;
    const keys = await openKeys(folder, SECRET, () => now);
    const kid = await rotateKeys(folder, SECRET, now);
    now -= 3600 * SECOND;
    expect((await keys.current()).signer.kid).toBe(kid);
  });

  test("signs nothing while its newest keys cannot be read, and goes on when they can", async () => {
    const folder = await copied();
    let now = START;
    const keys = await openKeys(folder, SECRET, () => now);
    const kid = await rotateKeys(folder, SECRET, now);
    const path = join(folder, "000002.json");
    const good = await readFile(path, "utf8");
    await writeFile(path, "{");
    now += SECOND;
    await expect(keys.current()).rejects.toThrow("JSON");
    await writeFile(path, good);
    now += SECOND;
    expect((await keys.current()).signer.kid).toBe(kid);
  });
});

describe("npm run keys -- signing-key", () => {
  /** A home whose keys are in this folder, and its ledger beside them. */
  const homeWith = (keys: string) => ({ ...homeOf({ KEYHOUSE_HOME: keys }), keys });

  test("list says what each key does, and needs no secret", async () => {
    const folder = await copied();
    const second = await rotateKeys(folder, SECRET, START);
    expect((await signingKeyCommand(["list"], homeWith(folder), undefined))?.split("\n")).toEqual([
      expect.stringMatching(`^${firstSigner.kid} +retired .* verifies what it signed$`),
      expect.stringMatching(`^${second} +active .* signs$`),
    ]);
    expect(await signingKeyCommand(["list"], homeWith(await newFolder()), undefined)).toContain(
      "no signing keys yet",
    );
  });

  test("compromise of the key that signs says which one signs now", async () => {
    const folder = await copied();
    const home = homeWith(folder);
    const said = await signingKeyCommand(["compromise", "--by", "security", firstSigner.kid], home, SECRET);
    const signing = activeKey(readKeySet(folder))?.jwk.kid;
    expect(signing).not.toBe(firstSigner.kid);
    expect(said).toContain(`${signing} signs`);
    await signingKeyCommand(["rotate"], home, SECRET);
    const { ledger, close } = openLedger(home);
    const lines = ledger.sql.all<{ line: string }>("select line from event order by seq");
    close();
    const next = activeKey(readKeySet(folder))?.jwk.kid;
    expect(lines.map(({ line }) => eventSchema.parse(JSON.parse(line)))).toMatchObject([
      {
        type: "signing_key.compromised",
        data: { kid: firstSigner.kid, signing_kid: signing, by: "security" },
      },
      { type: "signing_key.rotated", data: { signing_kid: next, by: "command line" } },
    ]);
  });

  test("compromise of a key twice, of none, and of one that is not there say so", async () => {
    const folder = await copied();
    const command = (...args: string[]) =>
      signingKeyCommand(["compromise", ...args], homeWith(folder), SECRET);
    await command(firstSigner.kid);
    await expect(command(firstSigner.kid)).rejects.toThrow("compromised already");
    await expect(command("another")).rejects.toThrow("There is no signing key another");
    await expect(command()).rejects.toThrow("Say which");
    expect(await signingKeyCommand(["mend"], homeWith(folder), SECRET)).toBeUndefined();
  });

  test("takes the name of a key that begins with a hyphen", async () => {
    const args = ["ingest/cli/keys.ts", "signing-key", "compromise", "-x"] as const;
    await expect(runTool(await temporaryFolder(), ...args)).rejects.toThrow("There is no signing key -x");
  });
});
