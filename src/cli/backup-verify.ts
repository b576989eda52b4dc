import { Command } from "commander";
import { AppError } from "#protocol/errors.ts";
import { openBackups } from "./backup-storage.ts";
import { printProgress } from "./progress.ts";
import { runCommand } from "./run-command.ts";

/** prochat backup verify */
export function backupVerifyCommand(): Command {
  return new Command("verify")
    .description("read a backup back, unpack it, and compare every file with what was copied")
    .argument("[backup]", "its id, or latest", "latest")
    .option("--to <folder>", "one in this folder")
    .option("--json", "report as JSON")
    .addHelpText("after", "\nprochat drill does more: it restores and starts the backup.")
    .action(
      runCommand<{ to?: string; json?: true }>(async (config, _log, { to, json }, [wanted = "latest"]) => {
        const { readBackupKeys } = await import("#database/backup/base/encryption.ts"); // see main.ts
        const { chooseBackup } = await import("#database/backup/restore/choose.ts");
        const { verifyBackup } = await import("#database/backup/base/verify.ts");
        const { identities } = await readBackupKeys(config.backupKey);
        const backup = await chooseBackup(openBackups(config, to), wanted);
        const progress = printProgress("Read");
        const result = await verifyBackup(backup, { identities, onProgress: progress.show }).finally(progress.clear);
        if (json) console.log(JSON.stringify({ id: backup.id, ...result }));
        else if (result.outcome === "verified")
          console.log(`${backup.id} is as it was written (${result.seconds.toFixed(1)} s).`);
        if (result.outcome !== "verified" && !json)
          throw new AppError("backup_failed", `${result.outcome}: ${result.reason}`);
        return result.outcome === "verified";
      }),
    );
}
