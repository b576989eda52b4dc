/**
 * How a backup copies the database. physical: the cluster's files, through replication. logical: by pg_dump, one moment only.
 * auto: physical, or logical where the server does not let the role replicate and pg_dump is there.
 */
export const backupMethods = ["auto", "physical", "logical"] as const;
export type BackupMethod = (typeof backupMethods)[number];
