import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { chooseBackup } from "#database/backup/restore/choose.ts";
import { openKeptWal } from "#database/backup/restore/kept-wal.ts";
import { archiveWal, holdFilledDatabase } from "#lab/clusters/held-database.ts";
import { query } from "#lab/clusters/schemas.ts";
import { makeFolder } from "#lab/programs/folders.ts";
import { silent as log } from "#lab/programs/log.ts";
import { runCli } from "#lab/programs/programs.ts";
import { openFolder } from "#platform/storage/folder.ts";
import { restoreBackup } from "./restore.ts";

test("a restore whose program for the WAL cannot run fails: PostgreSQL takes that for the end of the WAL", async () => {
  const source = await holdFilledDatabase();
  const { stdout } = await runCli(["backup", "--json"], { env: { DATA_DIR: source.dataDir } });
  const archive = await archiveWal(source, JSON.parse(stdout).repository);
  await query(source.url, "create table later ()");
  await archive.holdsAll();
  await archive.stop();
  await source.stop();
  const files = openFolder(join(source.dataDir, "files"));
  const backup = await chooseBackup(files, "latest");
  const wal = await openKeptWal(backup, { recipients: [], identities: [] });
  onTestFinished(() => wal.close());
  const restore = (restoreCommand: string) =>
    restoreBackup({
      ...{ backup, target: { to: "latest" }, dataDir: join(makeFolder(), "data"), isReplaced: false, identities: [] },
      ...{ files, isLedgerLost: false, wal: { ...wal, restoreCommand }, log, inspect: async () => {} },
    });
  await expect(restore("exit 1")).rejects.toMatchObject({
    code: "backup_failed",
    message: expect.stringContaining("has not asked for the WAL"),
  });
  await restore(wal.restoreCommand);
});
