import { type Memory, readMemory } from "#platform/machine.ts";
import type { Vitals } from "#platform/vitals.ts";
import { byThreshold, type Check, type Finding, inBytes, inTime, ok, plural, unknown } from "./check.ts";

const about = "server";

export const processChecks: Check[] = [
  {
    ...{ id: "event-loop", title: "Longest pause of a process", about, unit: "seconds", healthy: "below 1 second" },
    metric: "prochat_event_loop_pause_seconds",
    look: ({ vitals }) =>
      judgeWorst(
        vitals,
        ({ blockedMs }) => blockedMs / 1000,
        { warn: 1, error: 5 },
        value => ({
          well: `No process stood still for more than ${inTime(Math.max(1, value))}.`,
          why: `did nothing else for ${value.toFixed(1)} seconds: all its sockets waited.`,
          fix: "If it happens again and again, the machine is too busy: set PROCESSES, or use more cores.",
        }),
      ),
  },
  {
    ...{ id: "heap", title: "Memory of a process", about, unit: "percent", healthy: "below 80%" },
    metric: "prochat_heap_used_ratio",
    look: ({ vitals }) =>
      judgeWorst(
        vitals,
        v => (v.heapBytes / v.maxHeapBytes) * 100,
        { warn: 80, error: 95 },
        (value, v) => ({
          well: `The fullest process uses ${inBytes(v.heapBytes)} of ${inBytes(v.maxHeapBytes)}.`,
          why: `uses ${Math.round(value)}% of its memory, ${inBytes(v.heapBytes)}. At 100% it ends and is started again.`,
          fix: "Set PROCESSES to spread the load, or NODE_OPTIONS=--max-old-space-size=4096 if the machine has more memory.",
        }),
      ),
  },
  {
    ...{ id: "open-files", title: "Open files and sockets", about, unit: "percent", healthy: "below 80%" },
    metric: "prochat_open_files_ratio",
    look({ vitals }) {
      const measured = vitals.filter(({ files }) => files !== null);
      if (vitals.length > 0 && measured.length === 0)
        return unknown("This system does not say how many files are open.");
      return judgeWorst(
        measured,
        ({ files }) => (files!.open / files!.max) * 100,
        { warn: 80, error: 95 },
        (value, v) => ({
          well: `${v.files!.open} of ${v.files!.max} files and sockets are open.`,
          why: `has ${v.files!.open} files and sockets open, ${Math.round(value)}% of its limit. At 100% no client can connect.`,
          fix: "Raise the limit before the start: ulimit -n 65536, or LimitNOFILE=65536 in the service's file.",
        }),
      );
    },
  },
  {
    ...{ id: "pool", title: "Wait for a database connection", about, unit: "seconds", healthy: "below 1 second" },
    metric: "prochat_pool_wait_seconds",
    look: ({ vitals, config }) => judgePools(vitals, config.databasePoolSize),
  },
  {
    ...{ id: "machine-memory", title: "Free memory of the machine", about, unit: "percent", healthy: "10% or more" },
    metric: "prochat_machine_memory_free_ratio",
    look: async () => judgeMachine(await readMemory()),
  },
];

export function judgeMachine(memory: Memory | null): Finding {
  if (!memory) return unknown("This system does not say how much memory is free.");
  const { freeBytes, totalBytes } = memory;
  const value = (freeBytes / totalBytes) * 100;
  const level = byThreshold(-value, { warn: -10, error: -3 });
  return {
    level,
    value,
    why: `${inBytes(freeBytes)} of ${inBytes(totalBytes)} are free. Without any, the system ends a program, often PostgreSQL.`,
    fix:
      level === "ok"
        ? null
        : "See which program uses it (top -o %MEM), run fewer PROCESSES, or use a machine with more.",
  };
}

type Words = { well: string; why: string; fix: string };

function judgeWorst(
  vitals: Vitals[],
  measure: (vitals: Vitals) => number,
  limits: { warn: number; error: number },
  words: (value: number, worst: Vitals) => Words,
): Finding | null {
  const worst = vitals.toSorted((a, b) => measure(b) - measure(a))[0];
  if (!worst) return null;
  const value = measure(worst);
  const level = byThreshold(value, limits);
  const { well, why, fix } = words(value, worst);
  return level === "ok" ? ok(well, { value }) : { level, value, why: `Process ${worst.process} ${why}`, fix };
}

function judgePools(vitals: Vitals[], poolSize: number): Finding | null {
  if (vitals.length === 0) return null;
  const pools = vitals.flatMap(({ process, pools }) => pools.map(pool => ({ ...pool, process })));
  const value = Math.max(0, ...pools.map(({ waitedMs }) => waitedMs)) / 1000;
  const waiting = pools.reduce((sum, pool) => sum + pool.waiting, 0);
  const level = byThreshold(value, { warn: 1, error: 5 });
  const facts = pools.map(
    pool =>
      `process ${pool.process}, ${pool.name}: ${pool.active} active, ${pool.idle} idle of ${pool.max}, ${pool.waiting} waiting, longest wait ${Math.round(pool.waitedMs)} ms`,
  );
  if (level === "ok") return ok("Queries get a connection at once.", { value, facts });
  return {
    level,
    value,
    why: `A query waited ${value.toFixed(1)} seconds for a connection; ${plural(waiting, "query", "queries")} ${waiting === 1 ? "waits" : "wait"} now.`,
    fix: `Look at “Waiting for a lock” and “Longest transaction” first. If they are well, set DATABASE_POOL_SIZE=${poolSize * 2}.`,
    facts,
  };
}
