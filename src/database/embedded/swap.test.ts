import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFolder } from "#lab/programs/folders.ts";
import { openDataFolder } from "./data-folder.ts";

const secrets = (of: string) => JSON.stringify({ secret: of, databasePassword: of });

/** A data folder whose swap was killed after `moves` of its four renames. */
function killedAfter(moves: number): string {
  const dir = makeFolder();
  for (const [folder, name] of [
    [dir, "old"],
    [join(dir, "restoring-1"), "restored"],
  ] as const) {
    mkdirSync(join(folder, "postgres"), { recursive: true });
    writeFileSync(join(folder, "postgres/PG_VERSION"), name);
    writeFileSync(join(folder, "secrets.json"), secrets(name));
  }
  writeFileSync(join(dir, "restore.json"), JSON.stringify({ restored: "restoring-1", safetyCopy: "before-1" }));
  if (moves > 0) mkdirSync(join(dir, "before-1"));
  const renames = ["postgres", "secrets.json"].flatMap(name => [
    [join(dir, name), join(dir, "before-1", name)],
    [join(dir, "restoring-1", name), join(dir, name)],
  ]);
  for (const [from, to] of renames.slice(0, moves)) renameSync(from!, to!);
  return dir;
}

test.each([0, 1, 2, 3, 4])("a swap that was killed after %i renames is finished by the next start", async moves => {
  const dir = killedAfter(moves);
  const folder = await openDataFolder(dir, { minBytes: 0 });
  expect(folder.secrets.secret).toBe("restored");
  expect(readFileSync(join(dir, "postgres/PG_VERSION"), "utf8")).toBe("restored");
  expect(readFileSync(join(dir, "before-1/postgres/PG_VERSION"), "utf8")).toBe("old");
  expect(readFileSync(join(dir, "before-1/secrets.json"), "utf8")).toBe(secrets("old"));
  expect(["restore.json", "restoring-1"].filter(name => existsSync(join(dir, name)))).toEqual([]);
  await folder.close();
});
