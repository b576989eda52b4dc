import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { buffer } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { listBackups } from "#database/backup/repository.ts";
import { openDownload } from "#database/backup/restore/download.ts";
import { createEmptyDatabase } from "#lab/clusters/databases.ts";
import { archiveWal, holdFilledDatabase } from "#lab/clusters/held-database.ts";
import { query } from "#lab/clusters/schemas.ts";
import { makeFolder } from "#lab/programs/folders.ts";
import { runCli } from "#lab/programs/programs.ts";
import { openFolder } from "#platform/storage/folder.ts";

const page = readFileSync(join(import.meta.dirname, "../../docs/recovery.md"), "utf8");
const lines = [...page.matchAll(/^```sh\n(.*?)^```$/gms)].flatMap(([, block]) => block!.trim().split("\n"));
/** Some are on the page several times. */
const commands = [...new Set(lines)];

const exampleTime = "2026-11-27 12:42:00+07:00";

type Places = { time: string; into: string; database: string; unpacked: string };

/** The page's command in a terminal, with its examples replaced. */
function argumentsOf(command: string, { time, into, database, unpacked }: Places): string[] {
  const words = command.match(/"[^"]*"|\S+/g)!.map(word => word.replaceAll('"', ""));
  expect(words[0]).toBe("prochat");
  const examples: Record<string, string> = { [exampleTime]: time, "/srv/rescue": into, "/srv/unpacked": unpacked };
  return words.slice(1).map(word => (word.startsWith("postgres://") ? database : (examples[word] ?? word)));
}

test("each command of docs/recovery.md does what the page says", async () => {
  const source = await holdFilledDatabase();
  const env = { DATA_DIR: source.dataDir };
  const file = join(source.dataDir, "files/files/1/photo.png");
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, "a photo");
  const backup = await runCli(["backup", "--json"], { env });
  const archive = await archiveWal(source, JSON.parse(backup.stdout).repository);
  const [{ now }] = (await query(source.url, "select clock_timestamp()::text as now")) as [{ now: string }];
  await query(source.url, "create table mistake ()");
  await archive.holdsAll();
  await archive.stop();
  await source.stop();
  const unpacked = await downloadAndUnpack(source.dataDir, JSON.parse(backup.stdout));
  const empty = await createEmptyDatabase();
  onTestFinished(empty.drop);
  expect(lines.length).toBeGreaterThan(12);
  for (const command of commands) {
    if (command === "prochat backup key") continue; // backup.test.ts: somebody has to type
    const into = join(makeFolder(), "data");
    const settings = { DATA_DIR: source.dataDir, FILES_DIR: join(source.dataDir, "files") };
    if (command === "prochat restore latest") settings.DATA_DIR = into; // on a new machine
    if (command.includes("--replace")) cpSync(source.dataDir, into, { recursive: true });
    if (command.includes("--replace")) settings.DATA_DIR = into;
    const places = { time: new Date(now).toISOString(), into, database: empty.url, unpacked };
    if (command.startsWith("prochat restore latest")) rmSync(file, { force: true });
    const result = await runCli(argumentsOf(command, places), { env: settings });
    expect(result, command).toMatchObject({ code: 0 });
    expect(readFileSync(file, "utf8"), command).toBe("a photo");
  }
}, 600_000); // each of a dozen commands restores a whole database

/** As the page Backups gives it, and tar unpacks it. */
async function downloadAndUnpack(dataDir: string, { id, repository }: { id: string; repository: string }) {
  const { backups } = await listBackups({ storage: openFolder(join(dataDir, "files")), name: repository });
  const { body } = await openDownload(backups.find(each => each.id === id)!);
  const folder = makeFolder();
  execFileSync("tar", ["x", "-C", folder], { input: await buffer(body) });
  return folder;
}
