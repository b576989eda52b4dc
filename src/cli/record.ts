import { userInfo } from "node:os";
import type { Db } from "#database/connect.ts";
import type { AuditRecord } from "#server/declaration/audit-record.ts";

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

/** The system's user who runs the command. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return ""; // a container's user may have a number only
  }
}
