import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { buffer } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { listBackups } from "#database/backup/repository.ts";
import { openDownload } from "#database/backup/restore/download.ts";
import { archiveWal, holdFilledDatabase } from "#lab/clusters/held-database.ts";
import { query } from "#lab/clusters/schemas.ts";
import { startScratchCluster } from "#lab/clusters/scratch-cluster.ts";
import { install, pgDump } from "#lab/install.ts";
import { makeFolder } from "#lab/programs/folders.ts";
import { runCli } from "#lab/programs/programs.ts";
import { openFolder } from "#platform/storage/folder.ts";
import { generate } from "#sample-data/generate.ts";

const page = readFileSync(join(import.meta.dirname, "../../docs/recovery.md"), "utf8");
const [embedded = "", own = ""] = page.split("\n## Your own PostgreSQL");

/** Each once: some are on the page several times. */
const commandsOf = (text: string) => [
  ...new Set([...text.matchAll(/^```sh\n(.*?)^```$/gms)].flatMap(([, block]) => block!.trim().split("\n"))),
];

const exampleTime = "2026-11-27 12:42:00+07:00";

type Places = { time: string; into: string; unpacked: string };

/** The page's command in a terminal, with its examples replaced. */
function argumentsOf(command: string, { time, into, unpacked }: Places): string[] {
  const examples: Record<string, string> = { [exampleTime]: time, "/srv/rescue": into, "/srv/unpacked": unpacked };
  return wordsOf(command).map(word => examples[word] ?? word);
}

function wordsOf(command: string): string[] {
  const words = command.match(/"[^"]*"|\S+/g)!.map(word => word.replaceAll('"', ""));
  expect(words[0]).toBe("prochat");
  return words.slice(1);
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
  const commands = commandsOf(embedded);
  expect(commands.length).toBeGreaterThan(10);
  for (const command of commands) {
    if (command === "prochat backup key") continue; // backup.test.ts: somebody has to type
    const into = join(makeFolder(), "data");
    const settings = { DATA_DIR: source.dataDir, FILES_DIR: join(source.dataDir, "files") };
    if (command === "prochat restore latest") settings.DATA_DIR = into; // on a new machine
    if (command.includes("--replace")) cpSync(source.dataDir, into, { recursive: true });
    if (command.includes("--replace")) settings.DATA_DIR = into;
    const places = { time: new Date(now).toISOString(), into, unpacked };
    if (command.startsWith("prochat restore latest")) rmSync(file, { force: true });
    const result = await runCli(argumentsOf(command, places), { env: settings });
    expect(result, command).toMatchObject({ code: 0 });
    expect(readFileSync(file, "utf8"), command).toBe("a photo");
  }
}); // each of a dozen commands restores a whole database

test("each command for a PostgreSQL of one's own does what the page says", async () => {
  install(pgDump);
  const cluster = await startScratchCluster("15"); // Debian 12 has the client tools of 15
  onTestFinished(cluster.stop);
  const env = { DATABASE_URL: cluster.url, DATA_DIR: makeFolder() };
  expect(await runCli(["migrate"], { env })).toMatchObject({ code: 0 });
  await generate(cluster.url, { messages: 300, websites: 2, months: 2 });
  await query(cluster.url, "create database new_chat");
  const database = Object.assign(new URL(cluster.url), { pathname: "/new_chat" }).href;
  const commands = commandsOf(own);
  expect(commands.length).toBeGreaterThan(1);
  for (const command of commands) {
    const words = wordsOf(command).map(word => (word.startsWith("postgres://") ? database : word));
    expect(await runCli(words, { env }), command).toMatchObject({ code: 0 });
  }
  const count = "select count(*) from messages";
  expect(await query(database, count)).toEqual(await query(cluster.url, count));
});

/** As the page Backups gives it, and tar unpacks it. */
async function downloadAndUnpack(dataDir: string, { id, repository }: { id: string; repository: string }) {
  const { backups } = await listBackups({ storage: openFolder(join(dataDir, "files")), name: repository });
  const { body } = await openDownload(backups.find(each => each.id === id)!);
  const folder = makeFolder();
  execFileSync("tar", ["x", "-C", folder], { input: await buffer(body) });
  return folder;
}
