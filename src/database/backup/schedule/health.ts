import type { BackupOverview } from "#protocol/backups.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** A day, and two hours for a backup that takes long. */
const maxBackupAgeMs = 26 * hourMs;
/** A week, and a day. */
const maxDrillAgeMs = 8 * 24 * hourMs;
/** One is written each 10 s: see wal/archiving.ts. */
const maxHeartbeatAgeMs = minuteMs;

export type BackupHealth = {
  /** in words; empty: all is well */
  problems: string[];
  summary: string;
};

/** What an operator must know of the backups. */
export function judgeBackups(overview: BackupOverview, now: Date): BackupHealth {
  const { isOn, backups, storeProblem } = overview;
  const none = "none are made: if this machine is lost, so are all conversations. Set S3_BUCKET, or BACKUPS=on";
  if (!isOn && backups.length === 0) return { problems: [], summary: none };
  const ageOf = (moment: string) => now.getTime() - Date.parse(moment);
  const [newest] = backups;
  const verified = backups
    .flatMap(({ drill }) => (drill?.outcome === "verified" ? [drill.at] : []))
    .sort()
    .at(-1);
  // Older ones are known by now, and go one day.
  const damagedWal = backups.slice(0, 2).find(({ walProblem }) => walProblem);
  const problems = [
    storeProblem,
    !storeProblem && !newest && "there is no complete backup",
    newest &&
      ageOf(newest.finishedAt) > maxBackupAgeMs &&
      `the newest backup is ${agoOf(ageOf(newest.finishedAt))} old`,
    newest?.readBack?.outcome === "failed" && `the newest backup is damaged: ${newest.readBack.reason}`,
    newest?.drill?.outcome === "failed" && `the last drill failed: ${newest.drill.reason}`,
    newest?.drill?.outcome === "inconclusive" && `the last drill came to no result: ${newest.drill.reason}`,
    damagedWal && `the WAL since the backup ${damagedWal.id} is damaged: ${damagedWal.walProblem}`,
    newest && !verified && "no backup was restored in a drill yet: prochat drill",
    verified && ageOf(verified) > maxDrillAgeMs && `the last drill that succeeded was ${agoOf(ageOf(verified))} ago`,
    newest?.missing && `the WAL segment ${newest.missing} is missing`,
    ...findWalProblems(overview, ageOf),
  ].filter(problem => typeof problem === "string");
  return { problems, summary: summarize(overview, verified, ageOf) };
}

type AgeOf = (moment: string) => number;

function findWalProblems({ archivesWal, wal }: BackupOverview, ageOf: AgeOf): (string | null)[] {
  if (!archivesWal) return [];
  if (!wal) return ["the WAL was never archived"];
  // While no server runs, nothing is written and nothing archived.
  if (ageOf(wal.beatAt) > maxHeartbeatAgeMs) return [];
  const { recoveryPointAt, problem, keptBytes, maxKeptBytes } = wal;
  const isBehind = recoveryPointAt === null || ageOf(recoveryPointAt) > maxHeartbeatAgeMs;
  return [
    problem && `the WAL is not archived: ${problem}`,
    isBehind && !problem
      ? `the copy is ${recoveryPointAt ? agoOf(ageOf(recoveryPointAt)) : "an unknown time"} behind`
      : null,
    maxKeptBytes !== null && keptBytes > maxKeptBytes / 2
      ? `PostgreSQL keeps ${megabytes(keptBytes)} of WAL and gives up at ${megabytes(maxKeptBytes)}`
      : null,
  ];
}

function summarize({ backups, wal, place }: BackupOverview, verified: string | undefined, ageOf: AgeOf): string {
  const [newest] = backups;
  const facts = [
    newest && `last backup ${agoOf(ageOf(newest.finishedAt))} ago`,
    verified && `last verified restore ${agoOf(ageOf(verified))} ago`,
    wal?.recoveryPointAt && `copied until ${agoOf(ageOf(wal.recoveryPointAt))} ago`,
    wal && `${megabytes(wal.keptBytes)} of WAL wait`,
    `in ${place}`,
  ];
  return facts.filter(Boolean).join(", ");
}

const megabytes = (bytes: number) => `${Math.round(bytes / 1_000_000)} MB`;

/** "40 s", "3 h", "2 days" */
function agoOf(ms: number): string {
  if (ms < 2 * minuteMs) return `${Math.max(0, Math.round(ms / 1000))} s`;
  if (ms < 2 * hourMs) return `${Math.round(ms / minuteMs)} min`;
  return ms < 48 * hourMs ? `${Math.round(ms / hourMs)} h` : `${Math.round(ms / 24 / hourMs)} days`;
}
