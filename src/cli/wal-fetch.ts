import { Command } from "commander";
import { listBackups, listRepositories, type Repository, walFolder } from "#database/backup/repository.ts";
import { openStorage } from "#platform/storage/open-storage.ts";
import type { Storage } from "#platform/storage/storage.ts";
import { AppError } from "#protocol/errors.ts";
import { runCommand } from "./run-command.ts";

/** PostgreSQL goes on without the file at 1, which would be the end of the WAL, and ends above 125. */
const failedStatus = 200;

/** prochat wal-fetch: for a restore_command that somebody writes by hand. Not in the help: prochat restore needs none. */
export function walFetchCommand(): Command {
  return new Command("wal-fetch")
    .description("write a WAL file of the archive to a path, as PostgreSQL's restore_command does")
    .argument("<name>", "as PostgreSQL asks for it, %f")
    .argument("<path>", "where it is to be, %p")
    .option("--repository <name>", "of the cluster; needed if there are several")
    .addHelpText("after", "\nStatus 1: the archive does not have it. 200: that could not be found out.")
    .action(
      runCommand<{ repository?: string }>(async (config, _log, options, [name = "", path = ""]) => {
        try {
          const { createCipher, readBackupKeys } = await import("#database/backup/base/encryption.ts"); // see main.ts
          const { fetchSegment } = await import("#database/backup/wal/fetch.ts");
          const repository = await choose(openStorage(config), options.repository);
          const [backup] = (await listBackups(repository)).backups;
          if (!backup) throw new AppError("not_found", `The repository ${repository.name} has no backup.`);
          const { systemIdentifier, segmentBytes, encryption } = backup.manifest;
          const cipher = encryption ? createCipher(await readBackupKeys(config.backupKey)) : null;
          const archive = { storage: repository.storage, folder: walFolder(repository), cipher };
          return await fetchSegment(archive, { name, path, systemIdentifier, segmentBytes });
        } catch (error) {
          console.error((error as Error).message);
          process.exit(failedStatus);
        }
      }),
    );
}

async function choose(storage: Storage, name: string | undefined): Promise<Repository> {
  const all = await listRepositories(storage);
  const found = all.filter(repository => name === undefined || repository.name === name);
  if (found.length === 1) return found[0]!;
  const names = all.map(repository => repository.name).join(", ") || "none";
  throw new AppError(
    "not_found",
    `Name one repository with --repository. In ${storage.description} there are: ${names}.`,
  );
}
