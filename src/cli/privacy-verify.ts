import { readBackupKeys } from "#database/backup/base/encryption.ts";
import { type DatedBackup, listStoredBackups, type StoredBackups } from "#database/backup/holders/in-backups.ts";
import { isInBackup } from "#database/backup/holders/traces-in-backup.ts";
import { type Connection, queryIn } from "#database/connect.ts";
import { type Erasure, findErasure } from "#database/privacy/erasures.ts";
import { ledgerPrefix } from "#database/privacy/ledger-prefix.ts";
import { findInDatabase, type Trace, type Wanted } from "#database/privacy/traces.ts";
import type { Config } from "#platform/config.ts";
import type { Log } from "#platform/log.ts";
import { findTextInRedis } from "#platform/redis/find-text.ts";
import { findText, type TextPlace } from "#platform/storage/find-text.ts";
import { openStorage } from "#platform/storage/open-storage.ts";
import { AppError } from "#protocol/errors.ts";

export type VerifyOptions = { text?: string[]; readBackups?: true; json?: true };
type Parts = { connection: Connection; visitorId: string; config: Config; log: Log };

/** Looks for a person everywhere. @returns false if anything is left; what backups may hold is listed and does not count */
export async function verifyPerson(parts: Parts, options: VerifyOptions): Promise<boolean> {
  const { visitorId } = parts;
  const erasure = await findAnyErasure(parts);
  const wanted = { ids: [visitorId, ...(erasure?.conversationIds ?? [])], texts: options.text ?? [] };
  const traces = await findTraces(parts, wanted);
  const stored = await listStoredBackups(parts.config, parts.connection.pool, new Date());
  const before = erasure?.erasedAt ?? new Date();
  const backups: BackupFound[] = [];
  for (const dated of stored.backups.filter(({ startedAt }) => startedAt < before)) {
    const reading = options.readBackups ? await readBackup(parts, dated, wanted) : null;
    backups.push({ ...dated, reading });
  }
  if (options.json) printJson(visitorId, erasure, traces, backups, stored);
  else print(erasure, traces, backups, stored);
  return traces.length === 0;
}

/** Of any website, also of one that is gone. */
async function findAnyErasure({ connection: { db }, visitorId }: Parts): Promise<Erasure | null> {
  const text = "select website_id as id from erasures where visitor_id = $1";
  const [website] = await queryIn(db)<{ id: number }>({ name: "", text, values: [visitorId] });
  return website ? findErasure(db, { websiteId: website.id, visitorId }) : null;
}

async function findTraces({ connection: { db }, config, log }: Parts, wanted: Wanted): Promise<Trace[]> {
  const all = [...wanted.ids, ...wanted.texts];
  const traces = await findInDatabase(queryIn(db), wanted, name => log.debug(`Reading ${name}`));
  if (config.redisUrl) {
    for (const key of await findTextInRedis(config.redisUrl, config.redisPrefix, all)) {
      traces.push({ place: `Redis key ${key}`, count: 1 });
    }
  }
  for await (const found of findText(openStorage(config), all, isLeftOut)) {
    traces.push({ place: placeOf(found), count: 1 });
  }
  return traces;
}

/** The ledger has ids by design; backups hold people until they expire. */
const isLeftOut = (key: string) => key.startsWith(ledgerPrefix) || key.startsWith("backups/");

function placeOf({ key, isEarlier, problem }: TextPlace): string {
  const name = `${isEarlier ? "earlier version of the stored object" : "stored object"} ${key}`;
  return problem === null ? name : `${name} (cannot be read: ${problem})`;
}

type Reading = "found" | "not found" | "unreadable";
type BackupFound = DatedBackup & { reading: { outcome: Reading; problem: string | null } | null };

async function readBackup(
  { config, log }: Parts,
  { backup }: DatedBackup,
  wanted: Wanted,
): Promise<BackupFound["reading"]> {
  log.info(`Reading the backup ${backup.id}`);
  try {
    const { identities } = await readBackupKeys(config.backupKey);
    const isFound = await isInBackup(backup, wanted, identities);
    return { outcome: isFound ? "found" : "not found", problem: null };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { outcome: "unreadable", problem: error.message };
  }
}

function printJson(
  visitorId: string,
  erasure: Erasure | null,
  traces: Trace[],
  backups: BackupFound[],
  { damaged, keepsVersions }: StoredBackups,
): void {
  const shown = backups.map(({ backup, startedAt, until, reading }) => ({
    id: backup.id,
    repository: backup.repository.name,
    startedAt: startedAt.toISOString(),
    until: until?.toISOString() ?? null,
    isEncrypted: backup.manifest.encryption !== null,
    reading,
  }));
  console.log(
    JSON.stringify({
      visitorId,
      erasedAt: erasure?.erasedAt?.toISOString() ?? null,
      removed: erasure?.removed ?? {},
      traces,
      backups: shown,
      damagedBackups: damaged.map(({ id, reason }) => ({ id, reason })),
      storeKeepsVersions: keepsVersions,
    }),
  );
}

function print(erasure: Erasure | null, traces: Trace[], backups: BackupFound[], stored: StoredBackups): void {
  for (const { place, count } of traces) console.log(`${place}: ${count}`);
  for (const backup of backups) console.log(lineOf(backup));
  for (const { id, reason } of stored.damaged) console.log(`backup ${id}: not known what it holds. ${reason}`);
  console.log(
    traces.length > 0
      ? `The visitor is in ${traces.length} places.`
      : "Nothing is left of the visitor outside of backups.",
  );
  console.log(summaryOf(backups, stored));
  if (!erasure?.erasedAt)
    console.log("The ledger knows no erasure of them: their conversations' ids were not looked for.");
}

const dayOf = (moment: Date) => moment.toISOString().slice(0, 10);

function lineOf({ backup, startedAt, until, reading }: BackupFound): string {
  const end = until ? `until ${dayOf(until)}` : "until somebody deletes it";
  const line = `backup ${backup.id} of ${dayOf(startedAt)}: may hold the visitor ${end}`;
  switch (reading?.outcome) {
    case "found":
      return `${line}; its bytes hold them`;
    case "not found":
      return `${line}; not found in its bytes, which says nothing of compressed values and of the WAL`;
    case "unreadable":
      return `${line}; not read: ${reading.problem}`;
    default:
      return `${line}; ${backup.manifest.encryption ? "encrypted, not read" : "not read"}`;
  }
}

function summaryOf(backups: BackupFound[], { keepsVersions }: StoredBackups): string {
  if (backups.length === 0) return "No backup in the store was begun before. Copies elsewhere are not known here.";
  const isOpen = backups.some(({ until }) => until === null);
  const last = new Date(Math.max(...backups.map(({ until }) => until?.getTime() ?? 0)));
  const end = isOpen ? "until somebody deletes them" : `until ${dayOf(last)}, if backups go on as scheduled`;
  const versions = keepsVersions ? " The bucket keeps versions: they stay there as long as its own rules say." : "";
  return `${backups.length} backups, and the WAL with them, may hold them ${end}. A restore erases them again.${versions}`;
}
