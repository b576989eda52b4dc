import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";

const src = join(import.meta.dirname, "../..");

test("the client of Redis is imported by one file, which is loaded only where Redis is used", () => {
  const files = globSync("**/*.ts", { cwd: src, exclude: ["**/*.test.ts"] });
  /** The modules that a file always loads. */
  const loadedBy = (file: string) =>
    [...readFileSync(join(src, file), "utf8").matchAll(/^import (?!type )[^;]*?from "([^"]+)"/gm)].map(
      ([, from = ""]) => (from.startsWith(".") ? join(dirname(file), from) : from.replace(/^#/, "")),
    );
  const loading = (module: string) => files.filter(file => loadedBy(file).includes(module));
  expect(loading("platform/redis/within.ts")).toContain("platform/redis/facts.ts");
  expect(loading("@redis/client")).toEqual(["platform/redis/connection.ts"]);
  expect(loading("platform/redis/connection.ts")).toEqual([]);
});
