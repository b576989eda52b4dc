import { Command } from "commander";
import { findRepository, registerRepository, walFolder } from "#database/backup/repository.ts";
import { askDirectly } from "#database/direct-connection.ts";
import { openStorage } from "#platform/storage/open-storage.ts";
import { withDatabase } from "./with-database.ts";

/** prochat wal-store */
export function walStoreCommand(): Command {
  return new Command("wal-store")
    .description("move the WAL that PostgreSQL archives into a folder (basic_archive) to where backups are kept")
    .argument("<folder>", "basic_archive.archive_directory")
    .option("--json", "report as JSON")
    .addHelpText(
      "after",
      "\nFor a PostgreSQL of your own whose WAL may not be streamed. Run it each minute: docs/backups.md.",
    )
    .action(
      withDatabase<{ json?: true }>(async (url, _log, { json }, [folder = ""], config) => {
        const { createCipher, readBackupKeys } = await import("#database/backup/base/encryption.ts"); // see main.ts
        const { storeFromFolder } = await import("#database/backup/wal/from-folder.ts");
        const keys = await readBackupKeys(config.backupKey);
        const { repository, cluster } = await askDirectly(url, async client => {
          const { rows } = await client.query<{ systemIdentifier: string; segmentBytes: number }>(`
            select (select system_identifier::text from pg_control_system()) as "systemIdentifier",
              (select setting::integer from pg_settings where name = 'wal_segment_size') as "segmentBytes"`);
          return { repository: await findRepository(openStorage(config), client), cluster: rows[0]! };
        });
        await registerRepository(repository);
        const cipher = keys.recipients.length > 0 ? createCipher(keys) : null;
        const archive = { storage: repository.storage, folder: walFolder(repository), cipher };
        const moved = await storeFromFolder(archive, folder, cluster);
        if (json) console.log(JSON.stringify({ repository: repository.name, moved }));
        else console.log(`Moved ${moved.length} WAL segments to ${repository.storage.description}.`);
      }),
    );
}
