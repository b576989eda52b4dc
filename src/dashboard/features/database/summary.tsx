import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import type { ReactNode } from "react";
import { explain } from "#dashboard/data/api.ts";
import { Ago } from "#dashboard/ui/ago.tsx";
import type { HealthReport } from "#protocol/health.ts";
import classes from "./database.module.css";
import { useMend } from "./health.ts";
import { Level } from "./level.tsx";

type Props = { report: HealthReport; away: "server" | "database" | null; action?: ReactNode };

const awayWords = {
  server: "The server does not answer. This is what it found last.",
  database: "PostgreSQL does not answer. This is what the server found last.",
};

/** The one sentence that somebody reads who reads no further. */
export function Summary({ report, away, action }: Props) {
  const level = away ? "unknown" : report.level;
  return (
    <div className={classes.summary} data-level={level} role="status">
      <Level level={level} size={28} />
      <div className={classes.sentence}>
        <p className={classes.first}>{away ? awayWords[away] : report.summary}</p>
        <p className={classes.dimmed}>
          Checked <Ago moment={report.at} />
        </p>
      </div>
      {action}
    </div>
  );
}

export function CheckAgain({ websiteId }: { websiteId: number }) {
  const mend = useMend(websiteId);
  const checkAgain = () =>
    mend.mutate("check-again", { onError: error => notifications.show({ color: "red", message: explain(error) }) });
  return (
    <Button variant="default" onClick={checkAgain} loading={mend.isPending}>
      Check again
    </Button>
  );
}
