import { createInterface } from "node:readline/promises";
import { Command } from "commander";
import { AppError } from "#protocol/errors.ts";
import { runCommand } from "./run-command.ts";

/** prochat backup key */
export function backupKeyCommand(): Command {
  return new Command("key")
    .description("make a key for encrypted backups; it is shown once, and asked for to confirm that it was kept")
    .addHelpText("after", "\nThe format is that of age (https://age-encryption.org).")
    .action(
      runCommand(async () => {
        const { makeBackupKey } = await import("#database/backup/base/encryption.ts"); // see main.ts
        const { identity, recipient } = await makeBackupKey();
        console.log(
          [
            "The secret key opens the backups. Without it they are lost. Keep it in a password manager or on paper, and not",
            "only on this machine:",
            "",
            `  ${identity}`,
            "",
          ].join("\n"),
        );
        const lines = createInterface({ input: process.stdin, output: process.stderr });
        const typed = await lines.question("Paste it from where you keep it now: ").finally(() => lines.close());
        if (typed.trim() !== identity) {
          throw new AppError(
            "invalid_request",
            "That is another text. The key was not confirmed: do not use it, run the command again.",
          );
        }
        console.log(
          [
            "Confirmed. Encrypt backups with the public key, which cannot open them:",
            "",
            `  BACKUP_KEY=${recipient}`,
            "",
            "To restore, to verify and for drills, set BACKUP_KEY to the secret key.",
          ].join("\n"),
        );
        return true;
      }),
    );
}
