import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { archiveWal, holdFilledDatabase } from "#lab/clusters/held-database.ts";
import { query } from "#lab/clusters/schemas.ts";
import { makeFolder } from "#lab/programs/folders.ts";
import { runCli } from "#lab/programs/programs.ts";

const page = readFileSync(join(import.meta.dirname, "../../docs/recovery.md"), "utf8");
const commands = [...page.matchAll(/^```sh\n(.*?)^```$/gms)].flatMap(([, block]) => block!.trim().split("\n"));

const exampleTime = "2026-11-27 12:42:00+07:00";

/** The page's command in a terminal, with its examples replaced. */
function argumentsOf(command: string, time: string, into: string): string[] {
  const words = command.match(/"[^"]*"|\S+/g)!.map(word => word.replaceAll('"', ""));
  expect(words[0]).toBe("prochat");
  return words.slice(1).map(word => (word === exampleTime ? time : word === "/srv/rescue" ? into : word));
}

test("each command of docs/recovery.md does what the page says", async () => {
  const source = await holdFilledDatabase();
  const env = { DATA_DIR: source.dataDir };
  const backup = await runCli(["backup", "--json"], { env });
  const archive = await archiveWal(source, JSON.parse(backup.stdout).repository);
  const [{ now }] = (await query(source.url, "select clock_timestamp()::text as now")) as [{ now: string }];
  await query(source.url, "create table mistake ()");
  await archive.holdsAll();
  await archive.stop();
  await source.stop();
  expect(commands.length).toBeGreaterThan(12);
  for (const command of commands) {
    if (command === "prochat backup key") continue; // backup.test.ts: somebody has to type
    const into = join(makeFolder(), "data");
    const settings = { DATA_DIR: source.dataDir, FILES_DIR: join(source.dataDir, "files") };
    if (command === "prochat restore latest") settings.DATA_DIR = into; // on a new machine
    if (command.includes("--replace")) cpSync(source.dataDir, into, { recursive: true });
    if (command.includes("--replace")) settings.DATA_DIR = into;
    const result = await runCli(argumentsOf(command, new Date(now).toISOString(), into), { env: settings });
    expect(result, command).toMatchObject({ code: 0 });
  }
});
