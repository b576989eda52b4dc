import { Button } from "@mantine/core";
import type { HealthFix } from "#protocol/health.ts";
import classes from "./database.module.css";
import { usePress } from "./use-press.ts";

const works: { fix: HealthFix; label: string; does: string }[] = [
  {
    fix: "recount",
    label: "Recount",
    does: "Counts unread messages and previews again, of the last 30 days. Wrong ones are corrected.",
  },
  { fix: "make-partitions", label: "Make partitions", does: "Makes the months of messages ahead, as each night." },
  {
    fix: "build-indexes",
    label: "Build missing indexes",
    does: "Builds what a query needs and the database lacks. People go on working meanwhile.",
  },
];

/** What is safe at any time, also while people chat. */
export const Care = ({ websiteId }: { websiteId: number }) => (
  <ul className={classes.works}>
    {works.map(work => (
      <Work key={work.fix} websiteId={websiteId} {...work} />
    ))}
  </ul>
);

function Work({ websiteId, fix, label, does }: { websiteId: number } & (typeof works)[number]) {
  const { press, isPending } = usePress(websiteId);
  return (
    <li className={classes.work}>
      <span>{does}</span>
      <Button variant="default" onClick={() => press(fix)} loading={isPending}>
        {label}
      </Button>
    </li>
  );
}
