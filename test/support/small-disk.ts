// A disk of a few megabytes, that a test can fill for real.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

function mount(bytes: number): string {
  const folder = mkdtempSync(join(tmpdir(), "keyhouse-disk-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${bytes}`, "tmpfs", folder], { stdio: "ignore" });
  } catch (error) {
    rmdirSync(folder);
    throw error;
  }
  return folder;
}

function unmount(folder: string): void {
  // Lazily: what a test that failed still holds open must not keep it there.
  execFileSync("umount", ["--lazy", folder], { stdio: "ignore" });
  rmdirSync(folder);
}

/** Why there is no disk of our own here; empty where there is. Mounting is Linux's, and the superuser's. */
export const noSmallDisk: string = (() => {
  if (process.platform !== "linux") return " (skipped: only Linux mounts a file system in memory)";
  try {
    unmount(mount(65_536));
    return "";
  } catch {
    return " (skipped: this user may not mount a file system)";
  }
})();

export interface SmallDisk {
  folder: string;
  /** Leaves room for so many bytes, and for none where 0. */
  leave(bytes: number): void;
  /** Gives the room back. */
  free(): void;
  /** Whether nothing may be written any more. */
  setReadOnly(isReadOnly: boolean): void;
}

/** Makes a disk for the test that asks for it. */
export function smallDisk(bytes: number): SmallDisk {
  const folder = mount(bytes);
  onTestFinished(() => unmount(folder));
  const filler = join(folder, "filler");
  return {
    folder,
    leave(left) {
      rmSync(filler, { force: true });
      const { bavail, bsize } = statfsSync(folder);
      writeFileSync(filler, new Uint8Array(Math.max(0, bavail * bsize - left)));
    },
    free: () => rmSync(filler, { force: true }),
    setReadOnly: (isReadOnly) =>
      void execFileSync("mount", ["-o", `remount,${isReadOnly ? "ro" : "rw"}`, folder]),
  };
}
