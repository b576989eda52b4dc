import type { ReplicationClient } from "#database/connection/replication.ts";
import { type Lsn, parseLsn } from "./positions.ts";

export type Slot = { timeline: number; restart: Lsn };

/** @returns null if there is no such slot; `restart` null: PostgreSQL has given it up, because it kept too much WAL */
export async function readSlot(client: ReplicationClient, name: string): Promise<Slot | { restart: null } | null> {
  const { rows } = await client.query<{
    slot_type: string | null;
    restart_lsn: string | null;
    restart_tli: string | null;
  }>(`READ_REPLICATION_SLOT "${name}"`);
  const [row] = rows;
  if (!row?.slot_type) return null;
  return row.restart_lsn
    ? { timeline: Number(row.restart_tli), restart: parseLsn(row.restart_lsn) }
    : { restart: null };
}

/** From now on PostgreSQL keeps the WAL from its last checkpoint on, until it is confirmed. */
export async function createSlot(client: ReplicationClient, name: string): Promise<void> {
  await client.query(`CREATE_REPLICATION_SLOT "${name}" PHYSICAL RESERVE_WAL`);
}

export async function dropSlot(client: ReplicationClient, name: string): Promise<void> {
  await client.query(`DROP_REPLICATION_SLOT "${name}"`);
}
