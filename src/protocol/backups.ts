import { z } from "zod";
import { Moment, Uuid } from "./basics.ts";

export const BackupRunKind = z.enum(["backup", "drill"]);

/** Of a backup: the time in UTC when it began, and four hexadecimal digits. */
export const BackupId = z.string().regex(/^\d{8}T\d{6}Z-[0-9a-f]{4}$/);

const Check = z.object({
  outcome: z.enum(["verified", "failed", "inconclusive"]),
  reason: z.string().nullable(),
  at: Moment,
  seconds: z.number(),
});

/** A complete backup. */
export const BackupEntry = z.object({
  id: z.string(),
  kind: z.enum(["physical", "logical"]).describe("logical: by pg_dump; only its own moment can be restored"),
  startedAt: Moment,
  finishedAt: Moment,
  sizeBytes: z.number(),
  isEncrypted: z.boolean(),
  keepUntil: Moment.nullable(),
  restorableUntil: Moment.nullable().describe("from its end to then, each second can be restored; null: only its end"),
  missing: z
    .string()
    .nullable()
    .describe("the first WAL segment that is missing, so that later ones are of no use to it"),
  readBack: Check.nullable().describe("the last time that it was read back and compared"),
  walProblem: z
    .string()
    .nullable()
    .describe("what was wrong with the WAL since then, the last time that it was read back"),
  drill: Check.nullable().describe("the last time that it was restored and checked"),
});
export type BackupEntry = z.infer<typeof BackupEntry>;

/** A backup or a drill that was asked for. */
export const BackupRun = z.object({
  id: Uuid,
  kind: BackupRunKind,
  reason: z.enum(["schedule", "person", "gap"]),
  startedAt: Moment.nullable().describe("null: it waits"),
  finishedAt: Moment.nullable(),
  doneBytes: z.number(),
  totalBytes: z.number(),
  outcome: z.enum(["succeeded", "failed", "inconclusive"]).nullable(),
  detail: z.string().nullable(),
  backupId: z.string().nullable(),
});
export type BackupRun = z.infer<typeof BackupRun>;

/** What an owner of the installation sees of its backups. */
export const BackupOverview = z.object({
  isOn: z.boolean(),
  archivesWal: z.boolean().describe("false: off, or backups are logical ones"),
  place: z.string().describe("the folder, or the store's address and bucket"),
  isOffSite: z.boolean().describe("it is not a folder of this machine"),
  storeProblem: z.string().nullable().describe("why the store cannot be read; the backups are not known then"),
  backups: z.array(BackupEntry).describe("the newest first"),
  damaged: z.array(z.object({ id: z.string(), reason: z.string() })),
  runs: z.array(BackupRun).describe("the newest first"),
  wal: z
    .object({
      beatAt: Moment,
      recoveryPointAt: Moment.nullable(),
      problem: z.string().nullable(),
      keptBytes: z.number(),
      maxKeptBytes: z.number().nullable(),
    })
    .nullable()
    .describe("the archive of the WAL; null: there never was one"),
  nextAt: Moment.nullable().describe("of the daily backup"),
});
export type BackupOverview = z.infer<typeof BackupOverview>;
