import { Command } from "commander";
import { listRepositories, walFolder } from "#database/backup/repository.ts";
import { expire } from "#database/backup/schedule/expire.ts";
import { openBackups } from "./backup-storage.ts";
import { runCommand } from "./run-command.ts";

type Options = { to?: string; dryRun?: true; json?: true };

/** prochat backup expire */
export function backupExpireCommand(): Command {
  return new Command("expire")
    .description("delete the backups that are kept no longer, and the WAL that only they needed")
    .option("--to <folder>", "those in this folder")
    .option("--dry-run", "say what would be deleted")
    .option("--json", "one JSON object per cluster")
    .addHelpText(
      "after",
      "\n7 daily and 4 weekly backups are kept, and none goes before a newer one was verified. The server does the same after\n" +
        "each backup, unless its key may not delete. Then run this each day with S3_ACCESS_KEY_ID of one that may.",
    )
    .action(
      runCommand<Options>(async (config, _log, { to, dryRun, json }) => {
        const what = { timeZone: config.backupTimeZone, now: new Date(), isDryRun: dryRun === true };
        for (const repository of await listRepositories(openBackups(config, to))) {
          const archive = { storage: repository.storage, folder: walFolder(repository), cipher: null };
          const gone = await expire(repository, archive, what);
          const verb = dryRun ? "Would delete" : "Deleted";
          const { backups, walSegments, walParts, files } = gone;
          if (json) console.log(JSON.stringify({ repository: repository.name, ...gone }));
          else
            console.log(
              `${verb} ${backups.length} backups, ${walSegments} WAL segments, ${walParts} parts and ${files} files of the cluster ${repository.name}.`,
            );
        }
        return true;
      }),
    );
}
