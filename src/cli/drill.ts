import { Command } from "commander";
import { openStorage } from "#platform/storage/open-storage.ts";
import { AppError } from "#protocol/errors.ts";
import { openBackups } from "./backup-storage.ts";
import { printProgress } from "./progress.ts";
import { runCommand } from "./run-command.ts";

/** prochat drill */
export function drillCommand(): Command {
  return new Command("drill")
    .description("restore a backup into a scratch database, start it, and check that everything is there")
    .argument("[backup]", "its id, or latest", "latest")
    .option("--from <folder>", "a backup in this folder")
    .option("--json", "report as JSON")
    .addHelpText(
      "after",
      "\nThe database that runs is not touched. The scratch database is in DATA_DIR and deleted afterwards.",
    )
    .action(
      runCommand<{ from?: string; json?: true }>(async (config, log, { from, json }, [wanted = "latest"]) => {
        const { readBackupKeys } = await import("#database/backup/base/encryption.ts"); // see main.ts
        const { chooseBackup } = await import("#database/backup/restore/choose.ts");
        const { runDrill } = await import("#server/backups/drill.ts");
        const { identities } = await readBackupKeys(config.backupKey);
        const backup = await chooseBackup(openBackups(config, from), wanted);
        const progress = printProgress("Restored");
        const { dataDir } = config;
        const files = openStorage(config);
        const result = await runDrill({ backup, dataDir, identities, files, log, onProgress: progress.show }).finally(
          progress.clear,
        );
        if (json) console.log(JSON.stringify({ id: backup.id, ...result }));
        else if (result.outcome === "verified")
          console.log(`${backup.id} was restored, started and checked in ${result.seconds.toFixed(1)} s: verified.`);
        else throw new AppError("backup_failed", `${backup.id}: ${result.outcome}, ${result.reason}`);
        return result.outcome === "verified";
      }),
    );
}
