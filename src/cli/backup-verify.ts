import { Command } from "commander";
import type { WalReport } from "#database/backup/wal/verify.ts";
import { AppError } from "#protocol/errors.ts";
import { openBackups } from "./backup-storage.ts";
import { printProgress } from "./progress.ts";
import { runCommand } from "./run-command.ts";

/** prochat backup verify */
export function backupVerifyCommand(): Command {
  return new Command("verify")
    .description("read a backup and the WAL since then back, and compare with what was copied")
    .argument("[backup]", "its id, or latest", "latest")
    .option("--to <folder>", "one in this folder")
    .option("--all", "read the WAL again that an earlier verification has read")
    .option("--json", "report as JSON")
    .addHelpText("after", "\nprochat drill does more: it restores and starts the backup.")
    .action(
      runCommand<{ to?: string; all?: true; json?: true }>(
        async (config, _log, { to, all, json }, [wanted = "latest"]) => {
          const { readBackupKeys } = await import("#database/backup/base/encryption.ts"); // see main.ts
          const { chooseBackup } = await import("#database/backup/restore/choose.ts");
          const { verifyBackup } = await import("#database/backup/base/verify.ts");
          const { verifyKeptWal } = await import("#database/backup/restore/kept-wal.ts");
          const keys = await readBackupKeys(config.backupKey);
          const backup = await chooseBackup(openBackups(config, to), wanted);
          const progress = printProgress("Read");
          const result = await verifyBackup(backup, { ...keys, onProgress: progress.show }).finally(progress.clear);
          const isDump = backup.manifest.kind === "logical";
          const isRead = result.outcome === "verified" && !isDump;
          const wal = isRead ? await verifyKeptWal(backup, keys, { isAll: all === true }) : null;
          const problem = wal?.problems[0];
          if (json) {
            console.log(JSON.stringify({ id: backup.id, ...result, wal }));
            return result.outcome === "verified" && !problem;
          }
          if (result.outcome !== "verified") throw new AppError("backup_failed", `${result.outcome}: ${result.reason}`);
          console.log(`${backup.id} is as it was written (${result.seconds.toFixed(1)} s).`);
          if (isDump) return true;
          if (problem) throw walDamaged(wal, problem);
          console.log(
            wal
              ? `The WAL since then is complete and right: ${wal.verified} segments were read, ${wal.known} earlier, up to ${wal.reaches}.`
              : "No WAL was kept since then, so only the moment of the backup can be restored.",
          );
          return true;
        },
      ),
    );
}

const walDamaged = ({ problems, reaches }: WalReport, { segment, problem }: WalReport["problems"][number]) =>
  new AppError(
    "backup_damaged",
    `Of the WAL since then ${problems.length} segments are damaged or missing, the first ${segment}: ${problem}. ` +
      `${reaches ? `Moments up to the end of ${reaches} can be restored.` : "Only the moment of the backup can be restored."} ` +
      "Make a new backup now: prochat backup",
  );
