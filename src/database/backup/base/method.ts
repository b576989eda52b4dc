import { type ClientTool, findClientTool } from "#database/backup/logical/client-tools.ts";
import { listBackups, type Repository } from "#database/backup/repository.ts";
import { connectForReplication } from "#database/connection/replication.ts";
import type { BackupMethod } from "#platform/backup-method.ts";
import { AppError } from "#protocol/errors.ts";

type Chosen = { kind: "physical" } | { kind: "logical"; tool: ClientTool };

type Server = {
  postgresMajor: number;
  /** wal_level */
  level: string;
  /** max_wal_senders */
  senders: number;
};

type Options = { method: BackupMethod; url: string; onLogical?(reason: string): void };

/**
 * Chooses before anything is written.
 * @throws AppError "database_refused" with what a physical backup lacks, "backup_failed" if the tools for a logical one are missing
 */
export async function chooseMethod({ method, url, onLogical }: Options, server: Server): Promise<Chosen> {
  const major = server.postgresMajor;
  if (method === "logical") return { kind: "logical", tool: await findClientTool("pg_dump", major) };
  const refusal = await findRefusal(url, server);
  if (!refusal) return { kind: "physical" };
  if (method === "physical") throw refusal;
  const tool = await findClientTool("pg_dump", major).catch((missing: Error) => {
    throw new AppError("database_refused", `${refusal.message} Or, for a logical backup: ${missing.message}`, {
      cause: refusal,
    });
  });
  onLogical?.(`A logical backup by pg_dump ${tool.version}, which restores its own moment only: ${refusal.message}`);
  return { kind: "logical", tool };
}

/** SQLSTATEs: protocol_violation and feature_not_supported, as poolers answer. */
const protocolErrors = new Set(["08P01", "0A000"]);

/** null: a physical backup is allowed */
async function findRefusal(url: string, { level, senders }: Server): Promise<AppError | null> {
  const refused = (why: string, cause?: unknown) => new AppError("database_refused", why, { cause });
  if (level === "minimal") {
    return refused(
      "wal_level is minimal, which allows no physical backup of a running PostgreSQL. Set it to replica or logical and restart PostgreSQL.",
    );
  }
  if (senders === 0) {
    return refused(
      "max_wal_senders is 0, which allows no physical backup. Set it to 4 or more and restart PostgreSQL.",
    );
  }
  try {
    const client = await connectForReplication(url);
    await client.end();
    return null;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code === "database_refused") return error;
    const { code = "" } = error.cause as { code?: string };
    if (!protocolErrors.has(code)) throw error;
    return refused(
      "What DATABASE_URL leads to passes no replication on. Set DIRECT_DATABASE_URL if it is a pooler.",
      error,
    );
  }
}

/** Two databases of one cluster have the same repository, and the schedule would count the dumps of one for the other. */
export async function requireOwnPlace(repository: Repository, database: string): Promise<void> {
  const { backups } = await listBackups(repository);
  const other = backups.find(({ manifest }) => manifest.kind === "logical" && manifest.database !== database);
  if (!other) return;
  throw new AppError(
    "conflict",
    `${repository.storage.description} has logical backups of the database ${other.manifest.database} of this PostgreSQL. ` +
      `Those of ${database} need a place of their own: another S3_PREFIX or FILES_DIR, or --to.`,
  );
}
