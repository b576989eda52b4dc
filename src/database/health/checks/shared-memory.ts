import { type Finding, inBytes, ok } from "./check.ts";

export type Memory = { sharedBytes: number; databaseBytes: number };

const minSharedBytes = 128 * 1024 ** 2;

/** @param machineBytes  null: PostgreSQL is on another machine, whose memory cannot be seen */
export function judgeMemory({ sharedBytes: value, databaseBytes }: Memory, machineBytes: number | null): Finding {
  const of = machineBytes === null ? "" : ` of the machine's ${inBytes(machineBytes)}`;
  const why = `PostgreSQL caches up to ${inBytes(value)}${of}; the database has ${inBytes(databaseBytes)}`;
  const fix = (bytes: number) =>
    `As a superuser: alter system set shared_buffers = '${Math.round(bytes / 1024 ** 2)}MB'; then restart PostgreSQL.`;
  const quarter = (machineBytes ?? 4 * minSharedBytes) / 4;
  if (machineBytes !== null && value > machineBytes * 0.6)
    return { level: "warn", value, why: `${why}. Little is left for everything else.`, fix: fix(quarter) };
  // Up to a half of what would be good is left to the operator.
  if (value < Math.min(quarter, databaseBytes) / 2 || value < minSharedBytes)
    return {
      level: "warn",
      value,
      why: `${why}: most reads go to the disk.`,
      fix: fix(Math.max(quarter, minSharedBytes)),
    };
  return ok(`${why}.`, { value });
}
