import { userInfo } from "node:os";
import { uuidv7 } from "uuidv7";
import type { Db } from "#database/connect.ts";
import { askDirectly } from "#database/direct-connection.ts";
import type { AuditedAction, AuditRecord } from "#server/declaration/audit-record.ts";

/** Writes entries into the audit log, as done by the command line and by the system's user who runs it. */
export async function record(tx: Db, records: AuditRecord[]): Promise<void> {
  const { insertAuditEntries } = await import("#server/declaration/audit-entries.ts"); // see main.ts
  const { entryOfSystem } = await import("#server/declaration/audit-record.ts");
  const name = userName();
  await insertAuditEntries(
    tx,
    records.map(each => entryOfSystem(name, each)),
  );
}

type OfServer = "backup.made" | "database.migrated" | "database.migration_undone";

/**
 * An entry of the installation itself. Its database may have no audit log: before its migration, and after an undo. Plain SQL:
 * the builder of queries takes as long to load as the backup of a small database.
 */
export async function recordOfServer(url: string, { action, details }: AuditedAction<OfServer>): Promise<void> {
  const id = uuidv7();
  const at = new Date(Number.parseInt(id.replace("-", "").slice(0, 12), 16));
  try {
    await askDirectly(url, client =>
      client.query(
        `insert into audit_log (website_id, id, at, actor_kind, actor_name, action, details)
         values (0, $1, $2, 'system', $3, $4, $5)`,
        [id, at, userName(), action, JSON.stringify(details ?? {})],
      ),
    );
  } catch (error) {
    if ((error as { code?: string }).code !== undefinedTable) throw error;
  }
}

/** SQLSTATE */
const undefinedTable = "42P01";

/** The system's user who runs the command. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return ""; // a container's user may have a number only
  }
}
