import { Command } from "commander";
import { type DamagedBackup, type ListedBackup, listBackups, listRepositories } from "#database/backup/repository.ts";
import type { Storage } from "#platform/storage/storage.ts";
import { openBackups } from "./backup-storage.ts";
import { size } from "./progress.ts";
import { runCommand } from "./run-command.ts";

/** prochat backup list */
export function backupListCommand(): Command {
  return new Command("list")
    .description("list the complete backups, newest first, with age, size and verification")
    .option("--to <folder>", "those in this folder")
    .option("--json", "one JSON object per line")
    .action(
      runCommand<{ to?: string; json?: true }>(async (config, _log, { to, json }) =>
        printBackups(openBackups(config, to), json === true),
      ),
    );
}

/** @returns false if a manifest is damaged */
export async function printBackups(storage: Storage, isJson: boolean): Promise<boolean> {
  const lists = await Promise.all((await listRepositories(storage)).map(listBackups));
  const backups = lists.flatMap(list => list.backups);
  const damaged = lists.flatMap(list => list.damaged);
  for (const backup of backups) console.log(isJson ? asJson(backup) : asLine(backup));
  for (const backup of damaged) console.log(isJson ? damagedAsJson(backup) : `${backup.id}  damaged: ${backup.reason}`);
  if (backups.length + damaged.length === 0) console.error(`There is no backup in ${storage.description}.`);
  return damaged.length === 0;
}

const asJson = ({ repository, manifest, sizeBytes, verifications }: ListedBackup) =>
  JSON.stringify({ repository: repository.name, ...manifest, sizeBytes, verifications });

const damagedAsJson = ({ repository, id, reason }: DamagedBackup) =>
  JSON.stringify({ repository: repository.name, id, damaged: reason });

function asLine({ repository, id, manifest, sizeBytes, verifications }: ListedBackup): string {
  const [last] = verifications;
  const checked = last
    ? `${last.outcome} by ${last.by} ${age(last.at)} ago${last.reason ? ` (${last.reason})` : ""}`
    : "not verified";
  const notes = [
    manifest.kind === "logical" && "logical",
    manifest.encryption && "encrypted",
    manifest.hasDamagedPages && "damaged pages",
  ].filter(Boolean);
  return [id, `${age(manifest.finishedAt)} old`, size(sizeBytes), checked, ...notes, `cluster ${repository.name}`].join(
    "  ",
  );
}

function age(time: string): string {
  const minutes = Math.max(0, (Date.now() - Date.parse(time)) / 60_000);
  if (minutes < 120) return `${Math.floor(minutes)} min`;
  return minutes < 2880 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 1440)} days`;
}
