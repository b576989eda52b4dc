import type { Db } from "#database/connect.ts";
import type { Log } from "#platform/log.ts";
import type { Storage } from "#platform/storage/storage.ts";

export type RetentionOptions = {
  /** of a direct connection */
  url: string;
  db: Db;
  storage: Storage;
  log: Log;
  signal: AbortSignal;
  /** in the audit log: the program, or the system's user who ran the command line */
  by: string;
  /** the database's time */
  now: Date;
};
