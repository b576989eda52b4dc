import { userInfo } from "node:os";
import { connect, type Db } from "#database/connect.ts";
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

/** An entry of the installation itself. Its database may have no audit log: before its migration, and after an undo. */
export async function recordOfServer(url: string, action: AuditedAction<OfServer>): Promise<void> {
  const connection = connect({ url, poolSize: 1, onError: () => undefined });
  try {
    await record(connection.db, [{ ...action, websiteId: 0 } as AuditRecord]);
  } catch (error) {
    if ((error as { code?: string }).code !== undefinedTable) throw error;
  } finally {
    await connection.close();
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
