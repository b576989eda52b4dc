import { readFileSync } from "node:fs";
import type pg from "pg";

/** Linux counts processor time in hundredths of a second. */
export const ticksPerSecond = 100;

/** Seconds of processor time so far: of this process, and of those of PostgreSQL that stay (0 where there is no /proc). */
export async function readCpuSeconds(client: pg.ClientBase): Promise<{ node: number; postgres: number }> {
  const { rows } = await client.query<{ pid: number }>(
    "select pid from pg_stat_activity where backend_type <> 'autovacuum worker'",
  );
  const { user, system } = process.cpuUsage();
  const ticks = rows.map(({ pid }) => cpuTicksOf(pid)).reduce((total, each) => total + each, 0);
  return { node: (user + system) / 1e6, postgres: ticks / ticksPerSecond };
}

/** Processor time so far of a process and of those of its children that have ended; 0 when it has ended itself. */
export function cpuTicksOf(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");
    // utime, stime, cutime, cstime: proc(5)
    return fields.slice(11, 15).reduce((total, ticks) => total + Number(ticks), 0);
  } catch {
    return 0;
  }
}
