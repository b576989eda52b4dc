import { createHash } from "node:crypto";
import { z } from "zod";
import { AppError } from "#protocol/errors.ts";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const bytes = z.int().min(0);

/** A file of a backup, and how it is packed. zstd, gzip and age have sums of their own of what must come out. */
export const BackupFile = z.object({
  /** below the backup's folder, such as base.tar.zst.age */
  name: z.string(),
  packing: z.enum(["none", "zstd", "gzip"]),
  plainBytes: bytes,
  packedBytes: bytes,
  packedSha256: sha256,
});
export type BackupFile = z.infer<typeof BackupFile>;

const TableSample = z.object({
  /** of the table's pages; 100: of a small table, all */
  percent: z.number().positive().max(100),
  rows: bytes,
  checksum: z.string(),
});
export type TableSample = z.infer<typeof TableSample>;

/** What a table held: see fingerprints.ts. */
export const TableFingerprint = z.object({
  /** with its schema, quoted where needed, as the search path of an empty session needs it */
  table: z.string(),
  /** when the copy had ended; without those that were inserted or changed since it began */
  rows: bytes,
  /** the same, while it was made. Null: the table was not there yet, or an older program has made the backup */
  sample: TableSample.nullable().default(null),
});
export type TableFingerprint = z.infer<typeof TableFingerprint>;

export const BackupManifest = z.object({
  format: z.literal(1),
  id: z.string(),
  /** physical: the files of the cluster. logical: pg_dump's directory format, without a recovery to a time */
  kind: z.enum(["physical", "logical"]),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  /** The schedule does not expire it before. */
  keepUntil: z.iso.datetime().nullable(),
  programVersion: z.string(),
  postgresVersion: z.string(),
  postgresMajor: z.int(),
  systemIdentifier: z.string(),
  timeline: z.int(),
  /** WAL from here on makes it consistent; the backup includes it up to `stopLsn`. Of a logical one 0/0 */
  startLsn: z.string(),
  stopLsn: z.string(),
  /** size of a WAL segment */
  segmentBytes: bytes,
  /** the database of Pro LiveChat in the cluster */
  database: z.string(),
  /** a role that may log in to it */
  role: z.string(),
  /** true: the cluster is the embedded one, and secrets.json is part of the backup */
  isEmbedded: z.boolean(),
  migrations: z.array(z.string()),
  /** null: not encrypted. The public keys that it was encrypted for */
  encryption: z.object({ format: z.literal("age"), recipients: z.array(z.string()) }).nullable(),
  /** true: the source had pages whose checksum was wrong */
  hasDamagedPages: z.boolean(),
  /** pg_current_snapshot() when the backup began; "" of a logical one, whose rows are those of one moment */
  snapshot: z.string(),
  /** of a logical backup */
  dump: z
    .object({
      /** of pg_dump: pg_restore must be as new */
      toolVersion: z.string(),
      homeSchema: z.string(),
      jobsSchema: z.string(),
      /** what the tables took, without indexes */
      tableBytes: bytes,
    })
    .nullable()
    .default(null),
  tables: z.array(TableFingerprint),
  /** files of people and exported months: see base/copied-files.ts */
  storedFiles: bytes,
  /** null: they are in the same bucket, and listed only */
  copiedFiles: z
    .object({
      bytes,
      /** of those that the repository did not have */
      newBytes: bytes,
    })
    .nullable()
    .default(null),
  /** entries of the ledger of erasures, which a restore replays */
  erasures: bytes,
  files: z.array(BackupFile),
});
export type BackupManifest = z.infer<typeof BackupManifest>;

/** backup.json: the manifest and its own hash. */
export function serializeManifest(manifest: BackupManifest): Buffer {
  const text = JSON.stringify(manifest);
  return Buffer.from(`{"sha256":"${hash(text)}",\n"manifest":${text}}\n`);
}

/** @throws AppError "backup_damaged" if a bit of it has changed */
export function parseManifest(bytes: Buffer, name: string): BackupManifest {
  const found = /^\{"sha256":"([0-9a-f]{64})",\n"manifest":(.*)\}\n$/s.exec(bytes.toString("utf8"));
  if (!found || hash(found[2]!) !== found[1]) throw damaged(name, "its hash is wrong");
  const parsed = BackupManifest.safeParse(JSON.parse(found[2]!));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw damaged(name, `${issue?.path.join(".")}: ${issue?.message}; a newer program may have written it`);
}

const hash = (text: string) => createHash("sha256").update(text).digest("hex");

const damaged = (name: string, why: string) =>
  new AppError("backup_damaged", `${name} is damaged: ${why}. Choose another backup: prochat backup list.`);
