import { join } from "node:path";
import { type ListedBackup, listBackups } from "#database/backup/repository.ts";
import type { RecoveryTarget } from "#database/backup/restore/recover.ts";
import { connect } from "#database/connect.ts";
import { findSecrets } from "#database/embedded/secrets.ts";
import { prepareServerRole, serverUrl } from "#database/embedded/server-role.ts";
import { migrate } from "#database/migrations/migrate.ts";
import { replayErasures } from "#database/privacy/ledger.ts";
import { ledgerPrefix } from "#database/privacy/ledger-prefix.ts";
import type { Log } from "#platform/log.ts";
import type { Storage } from "#platform/storage/storage.ts";
import { AppError } from "#protocol/errors.ts";
import { insertAuditEntries } from "#server/declaration/audit-entries.ts";
import { type AuditRecord, entryOfSystem, noWebsite } from "#server/declaration/audit-record.ts";

type Options = {
  backup: ListedBackup;
  target: RecoveryTarget;
  /** of the restore */
  id: string;
  /** with secrets.json, if the cluster is an embedded one; null: the database of somebody else */
  folder: string | null;
  superuserUrl: string;
  files: Storage;
  log: Log;
  /** A last look, by the role that owns the tables. What it throws, keeps the database closed. */
  inspect(url: string): Promise<void>;
};

/**
 * The ledger says who was erased since the backup was made. Without it they would be back.
 * @throws AppError "backup_failed" if the backup knew a ledger and there is none
 */
export async function requireLedger(p: { backup: ListedBackup; files: Storage; isLedgerLost: boolean }): Promise<void> {
  if (p.isLedgerLost) return;
  // A newer backup may know people who were erased after this one.
  const { backups } = await listBackups(p.backup.repository);
  if (backups.every(({ manifest }) => manifest.erasures === 0)) return;
  for await (const _ of p.files.list(ledgerPrefix)) return;
  throw new AppError(
    "backup_failed",
    `The ledger of erasures is missing in ${p.files.description}: people who were erased after the backup would be back. ` +
      "Set FILES_DIR or S3_BUCKET to where it is. If it is lost: --ledger-lost takes the one in the newest backup; erase again who was erased after.",
  );
}

/** Makes a restored cluster ready to open: the schema of this program, the erasures, and an identity of its own. */
export async function prepareRestored(p: Options): Promise<{ erased: number; deleted: number }> {
  const url = await openForServer(p);
  await migrate(url, { log: p.log });
  const connection = connect({ url, poolSize: 2, onError: ({ message }) => p.log.warn(message) });
  try {
    const erasures = await replayErasures(connection.db, p.files);
    await connection.pool.query(
      "insert into restores (id, backup_id, restored_at, target_time) values ($1, $2, now(), $3)",
      [p.id, p.backup.id, p.target.to === "time" ? p.target.time : null],
    );
    await insertAuditEntries(connection.db, [entryOfSystem("prochat restore", restored(p))]);
    await connection.pool.query("analyze");
    await p.inspect(url);
    return erasures;
  } finally {
    await connection.close();
  }
}

const restored = ({ backup, target }: Options): AuditRecord => ({
  websiteId: noWebsite,
  action: "backup.restored",
  target: null,
  details: { backup: backup.id, until: target.to === "time" ? target.time.toISOString() : null },
});

/** @returns the URL of the role that owns the tables */
async function openForServer({ backup, folder, superuserUrl }: Options): Promise<string> {
  const isOwnCluster = backup.manifest.isEmbedded || backup.manifest.kind === "logical";
  const secrets = folder !== null && isOwnCluster ? await findSecrets(join(folder, "secrets.json")) : null;
  if (!secrets) return superuserUrl;
  const password = secrets.databasePassword;
  await prepareServerRole({ url: superuserUrl, password });
  return serverUrl(password, Number(new URL(superuserUrl).port));
}
