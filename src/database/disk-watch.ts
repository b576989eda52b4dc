import type { EventEmitter } from "node:events";
import type pg from "pg";
import { isDiskFull } from "#platform/retry.ts";

export type DiskWatch = {
  /** True if a write failed because PostgreSQL's disk was full, and a further one fails too. @throws the database's error */
  isFull(): Promise<boolean>;
};

/** A part of the driver that its types leave out: it emits each error that PostgreSQL sends. */
type Driver = { connection: EventEmitter };

/** More than a table that exists may have room for: it needs space on the disk. */
const probe = `
  begin;
  create temporary table prochat_probe on commit drop as
    select repeat(md5(i::text), 60) as filler from generate_series(1, 500) as i;
  rollback`;

/**
 * Remembers that a statement failed because PostgreSQL's disk was full. Reads still work then, so a health check that reads
 * notices nothing.
 */
export function watchDisk(pools: pg.Pool[]): DiskWatch {
  let wasFull = false;
  const onError = (error: Error) => {
    wasFull ||= isDiskFull(error);
  };
  for (const pool of pools)
    pool.on("connect", client => (client as unknown as Driver).connection.on("errorMessage", onError));

  async function tryWrite(): Promise<boolean> {
    const client = await pools[0]!.connect();
    try {
      await client.query(probe);
    } catch (error) {
      if (isDiskFull(error)) return true;
      // A role that may not create temporary tables cannot try: the next write that fails sets it again.
      if ((error as { code?: string }).code !== insufficientPrivilege) throw error;
    } finally {
      client.release(true); // closes it, also in the midst of the transaction
    }
    wasFull = false;
    return false;
  }

  let trying: Promise<boolean> | null = null;
  return {
    async isFull() {
      if (!wasFull) return false;
      trying ??= tryWrite().finally(() => {
        trying = null;
      });
      return trying;
    },
  };
}

/** SQLSTATE */
const insufficientPrivilege = "42501";
