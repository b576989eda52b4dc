import { readFileSync } from "node:fs";
import type pg from "pg";

/** Linux counts processor time in hundredths of a second. */
const ticksPerSecond = 100;

/** Seconds of processor time so far: of this process, and of those of PostgreSQL that stay (0 where there is no /proc). */
export async function readCpuSeconds(client: pg.ClientBase): Promise<{ node: number; postgres: number }> {
  const { rows } = await client.query<{ pid: number }>(
    "select pid from pg_stat_activity where backend_type <> 'autovacuum worker'",
  );
  const { user, system } = process.cpuUsage();
  const ticks = rows.map(({ pid }) => readTicks(pid)).reduce((total, each) => total + each, 0);
  return { node: (user + system) / 1e6, postgres: ticks / ticksPerSecond };
}

function readTicks(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");
    return Number(fields[11]) + Number(fields[12]); // utime and stime: proc(5)
  } catch {
    return 0;
  }
}
