import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A folder for one test. By default other users may enter it, as in some home folders. */
export function makeFolder(mode = 0o755): string {
  const folder = mkdtempSync(join(tmpdir(), "prochat-folder-"));
  chmodSync(folder, mode);
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export const isRoot = process.getuid?.() === 0;

/** True if we may mount a small disk: as root, outside of most containers. */
export const canMount = isRoot && tryMount();

/** A disk of its own for one test. */
export function mountDisk(sizeMb: number): string {
  const folder = mkdtempSync(join(tmpdir(), "prochat-disk-"));
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${sizeMb}M,mode=755`, "tmpfs", folder]);
  onTestFinished(() => unmount(folder));
  return folder;
}

function tryMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), "prochat-disk-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "tmpfs", folder], { stdio: "ignore" });
    execFileSync("umount", [folder]);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function unmount(folder: string): void {
  execFileSync("umount", [folder]);
  rmSync(folder, { recursive: true });
}
