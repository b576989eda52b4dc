import { Text } from "@mantine/core";
import { exactTime, momentOf, relativeTime } from "#dashboard/text/time.ts";
import { useNow } from "#dashboard/ui/use-now.ts";
import type { BackupEntry, BackupOverview } from "#protocol/backups.ts";
import { type Range, rangesOf } from "./ranges.ts";
import classes from "./reach.module.css";

const dayMs = 86_400_000;
const minDays = 7;

/** What can be restored: in one sentence, and on a line of days. */
export function Reach({ overview: { backups, wal } }: { overview: BackupOverview }) {
  const now = useNow();
  const ranges = rangesOf(backups);
  const last = ranges.at(-1);
  if (!last) return <Text>There is no complete backup yet. Nothing can be restored.</Text>;
  const oldest = ranges[0]!.from;
  const isSecond = last.until > last.from;
  return (
    <div>
      <Text size="lg" fw={600}>
        {isSecond
          ? `Any second from ${momentOf(last.from)} until ${relativeTime(new Date(last.until).toISOString(), now)} can be restored.`
          : `The moment of the backup of ${momentOf(last.from)} can be restored.`}
      </Text>
      {ranges.length > 1 && (
        <Text size="sm" c="dimmed">
          Before it {ranges.length === 2 ? "is an older stretch" : `are ${ranges.length - 1} older stretches`}, back to{" "}
          {momentOf(oldest)}.
        </Text>
      )}
      {wal?.problem && (
        <Text size="sm" c="var(--red)">
          What is written now is not copied: {wal.problem}
        </Text>
      )}
      <Timeline backups={backups} ranges={ranges} now={now} />
    </div>
  );
}

type Props = { backups: BackupEntry[]; ranges: Range[]; now: number };

/** The list below it says the same in words. */
function Timeline({ backups, ranges, now }: Props) {
  const from = Math.min(ranges[0]!.from - dayMs / 4, now - minDays * dayMs);
  const place = (at: number) => `${Math.min(100, Math.max(0, ((at - from) / (now - from)) * 100))}%`;
  return (
    <div className={classes.root} aria-hidden>
      <div className={classes.line}>
        {ranges.map(range => (
          <div
            key={range.from}
            className={classes.range}
            style={{ left: place(range.from), right: `calc(100% - ${place(range.until)})` }}
          />
        ))}
        {backups.map(backup => (
          <div
            key={backup.id}
            className={classes.backup}
            data-state={stateOf(backup)}
            style={{ left: place(Date.parse(backup.finishedAt)) }}
            title={exactTime(backup.finishedAt)}
          />
        ))}
      </div>
      <div className={classes.labels}>
        <span>{momentOf(from)}</span>
        <span>now</span>
      </div>
    </div>
  );
}

export function stateOf({ readBack, drill, walProblem }: BackupEntry): "verified" | "failed" | "unknown" {
  const outcomes = [readBack?.outcome, drill?.outcome];
  if (outcomes.includes("failed") || walProblem !== null) return "failed";
  return outcomes.includes("verified") ? "verified" : "unknown";
}
