import type { ReplicationClient } from "#database/connection/replication.ts";
import { splitArchives } from "./stream.ts";

export type BaseBackup = {
  timeline: number;
  /** WAL from here on makes the copy consistent */
  startLsn: string;
  /** up to here; the copy includes this WAL */
  stopLsn: string;
  /** true: PostgreSQL found pages whose checksum is wrong, and sent them as they are */
  hasDamagedPages: boolean;
};

/** SQLSTATE: when it has sent everything, PostgreSQL reports that the checksum of a page was wrong. */
const dataCorrupted = "XX001";

type Options = {
  /** letters, digits and hyphens */
  label: string;
  /** see splitArchives() */
  onArchive(name: string, body: AsyncIterable<Buffer>): Promise<void>;
  /** called once, with the size of all tablespaces */
  onSize(bytes: number): void;
  /** called with the size of each part that arrived */
  onBytes(bytes: number): void;
};

/**
 * Copies the files of a cluster that runs, with the WAL that makes them consistent: no other file is needed. If the connection
 * ends, also by kill -9 of this process, PostgreSQL ends the backup and drops the slot.
 */
export async function takeBaseBackup(client: ReplicationClient, p: Options): Promise<BaseBackup> {
  // Keeps the WAL since the beginning of the copy until it is sent.
  const slot = `prochat_backup_${p.label.replace(/\W/g, "_").toLowerCase()}`;
  await client.query(`CREATE_REPLICATION_SLOT ${slot} TEMPORARY PHYSICAL RESERVE_WAL`);
  // First the start (LSN, timeline), then a row for each tablespace (oid, path, KB), after the copy the stop (LSN, timeline).
  const rows: string[][] = [];
  const onRow = ({ fields }: { fields: string[] }) => void rows.push(fields);
  const onCopy = () => p.onSize(rows.slice(1).reduce((sum, [, , kilobytes]) => sum + Number(kilobytes) * 1024, 0));
  client.connection.on("dataRow", onRow);
  client.connection.on("copyOutResponse", onCopy);
  const copy = splitArchives(client, p);
  const options = `LABEL '${p.label}', CHECKPOINT 'fast', WAL true, PROGRESS true, MANIFEST 'yes', MANIFEST_CHECKSUMS 'SHA256'`;
  const failure: (Error & { code?: string }) | null = await client.query(`BASE_BACKUP (${options})`).then(
    () => null,
    error => error,
  );
  const hasDamagedPages = failure?.code === dataCorrupted;
  await copy.done(hasDamagedPages ? null : failure);
  const [start, stop] = [rows[0]!, rows.at(-1)!];
  return { timeline: Number(start[1]), startLsn: start[0]!, stopLsn: stop[0]!, hasDamagedPages };
}
