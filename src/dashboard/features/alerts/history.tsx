import { Button, Skeleton, Stack, Text } from "@mantine/core";
import { duration } from "#dashboard/text/time.ts";
import { Ago } from "#dashboard/ui/ago.tsx";
import { Failure } from "#dashboard/ui/failure.tsx";
import type { Alert } from "#protocol/alerts.ts";
import classes from "./alerts.module.css";
import { useHistory } from "./alerts.ts";
import { LevelIcon } from "./level-icon.tsx";

export function History({ websiteId }: { websiteId: number }) {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useHistory(websiteId);
  if (!data && error)
    return <Failure what="The history could not be loaded" error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton height={80} />;
  const alerts = data.pages.flatMap(page => page.alerts);
  if (alerts.length === 0) return <Text size="sm">There was no alert.</Text>;
  return (
    <Stack gap={16} align="flex-start">
      <ul className={classes.list} aria-label="History" style={{ width: "100%" }}>
        {alerts.map(alert => (
          <Row key={alert.id} alert={alert} />
        ))}
      </ul>
      {hasNextPage && (
        <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Show earlier ones
        </Button>
      )}
    </Stack>
  );
}

const Row = ({ alert }: { alert: Alert }) => (
  <li className={classes.row}>
    <LevelIcon level={alert.level} />
    <div className={classes.what}>
      <div className={classes.name}>{alert.title}</div>
      <div>{alert.why}</div>
      <div className={classes.facts}>
        <Ago moment={alert.openedAt} />
        {lasted(alert)}
        {alert.acknowledged && ` · acknowledged by ${alert.acknowledged.by}`}
      </div>
    </div>
  </li>
);

function lasted({ since, clearedAt }: Alert): string {
  if (!clearedAt) return " · still open";
  const ms = Date.parse(clearedAt) - Date.parse(since);
  return ms < 60_000 ? " · less than a minute" : ` · for ${duration(ms)}`;
}
