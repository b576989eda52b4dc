import type { ReactNode } from "react";
import { momentOf } from "#dashboard/text/time.ts";
import { Ago } from "#dashboard/ui/ago.tsx";
import type { BackupOverview } from "#protocol/backups.ts";
import classes from "./backup-facts.module.css";
import { sizeOf, timeTaken } from "./words.ts";

/** A copy that is older than this is an alert of the server too. */
const maxBehindMs = 60_000;

export function BackupFacts({ overview }: { overview: BackupOverview }) {
  return (
    <dl className={classes.facts}>
      {!overview.storeProblem && <LastDrill overview={overview} />}
      {!overview.storeProblem && <Copy overview={overview} />}
      <Wal overview={overview} />
      {overview.nextAt && (
        <Fact name="Next backup" value={momentOf(Date.parse(overview.nextAt))}>
          Each day. 7 daily and 4 weekly ones are kept.
        </Fact>
      )}
    </dl>
  );
}

type FactProps = { name: string; value: ReactNode; isBad?: boolean; children?: ReactNode };

const Fact = ({ name, value, isBad = false, children }: FactProps) => (
  <div className={classes.fact} data-bad={isBad || undefined}>
    <dt>{name}</dt>
    <dd className={classes.value}>{value}</dd>
    {children && <dd className={classes.more}>{children}</dd>}
  </div>
);

function LastDrill({ overview: { backups } }: { overview: BackupOverview }) {
  const drill = backups.flatMap(backup => backup.drill ?? []).toSorted((a, b) => (a.at < b.at ? 1 : -1))[0];
  if (!drill)
    return (
      <Fact name="Last drill" value="Never" isBad>
        No backup was restored to try it.
      </Fact>
    );
  const values = { verified: "Restored and right", failed: "Failed", inconclusive: "Without a result" };
  return (
    <Fact name="Last drill" value={values[drill.outcome]} isBad={drill.outcome === "failed"}>
      <Ago moment={drill.at} />, in {timeTaken(drill.seconds)}
      {drill.reason && `: ${drill.reason}`}
    </Fact>
  );
}

const Copy = ({ overview: { place, isOffSite, backups } }: { overview: BackupOverview }) => (
  <Fact name="Copy" value={isOffSite ? "Off this machine" : "On this machine only"} isBad={!isOffSite}>
    {sizeOf(backups.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0))} of backups in {place}
    {!isOffSite && ". If its disk is lost, they are lost too."}
  </Fact>
);

function Wal({ overview: { archivesWal, wal } }: { overview: BackupOverview }) {
  if (!archivesWal)
    return (
      <Fact name="Would be lost now" value="What came after the last backup">
        Backups are made by pg_dump, without the WAL.
      </Fact>
    );
  if (!wal?.recoveryPointAt)
    return <Fact name="Would be lost now" value="Not known yet" isBad={wal?.problem !== null} />;
  const behindMs = Date.parse(wal.beatAt) - Date.parse(wal.recoveryPointAt);
  const kept = wal.maxKeptBytes && wal.keptBytes > wal.maxKeptBytes / 2;
  return (
    <Fact
      name="Would be lost now"
      value={behindMs < maxBehindMs ? "Less than a minute" : `The last ${timeTaken(behindMs / 1000)}`}
      isBad={behindMs >= maxBehindMs}
    >
      Read back from the copy: <Ago moment={wal.recoveryPointAt} />
      {kept && `. ${sizeOf(wal.keptBytes)} wait to be copied, of at most ${sizeOf(wal.maxKeptBytes!)}.`}
    </Fact>
  );
}
