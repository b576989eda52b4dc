import { Button, Group } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconCircleCheck } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { explain } from "#dashboard/data/api.ts";
import { Ago } from "#dashboard/ui/ago.tsx";
import type { Alert, AlertSilence } from "#protocol/alerts.ts";
import classes from "./alerts.module.css";
import { useAcknowledge } from "./alerts.ts";
import { LevelIcon } from "./level-icon.tsx";
import { SilenceDialog } from "./silence-dialog.tsx";
import { untilOf } from "./words.ts";

type Props = { websiteId: number; alerts: Alert[]; silences: AlertSilence[] };

/** The worst first. */
export function OpenAlerts({ websiteId, alerts, silences }: Props) {
  const [silencing, setSilencing] = useState<Alert | null>(null);
  if (alerts.length === 0)
    return (
      <p className={classes.well}>
        <IconCircleCheck className={classes.wellIcon} size={20} stroke={1.75} aria-hidden />
        No alert is open.
      </p>
    );
  const worstFirst = alerts.toSorted((a, b) => Number(b.level === "error") - Number(a.level === "error"));
  return (
    <>
      <ul className={classes.list} aria-label="Open alerts">
        {worstFirst.map(alert => (
          <Row
            key={alert.id}
            websiteId={websiteId}
            alert={alert}
            silence={silences.find(({ check }) => check === alert.check)}
            onSilence={() => setSilencing(alert)}
          />
        ))}
      </ul>
      {silencing && (
        <SilenceDialog
          websiteId={websiteId}
          checks={[{ id: silencing.check, title: silencing.title }]}
          onClose={() => setSilencing(null)}
        />
      )}
    </>
  );
}

type RowProps = { websiteId: number; alert: Alert; silence: AlertSilence | undefined; onSilence: () => void };

function Row({ websiteId, alert, silence, onSilence }: RowProps) {
  const acknowledge = useAcknowledge(websiteId);
  const onError = (error: unknown) => notifications.show({ color: "red", message: explain(error) });
  return (
    <li className={classes.row}>
      <LevelIcon level={alert.level} />
      <div className={classes.what}>
        <div className={classes.name}>{alert.title}</div>
        <div>{alert.why}</div>
        {alert.fix && <div className={classes.fix}>{alert.fix}</div>}
        <div className={classes.facts}>
          since <Ago moment={alert.since} />
          {alert.host && ` on ${alert.host}`}
          {alert.acknowledged && (
            <>
              {" "}
              · {alert.acknowledged.by} has seen it <Ago moment={alert.acknowledged.at} />
            </>
          )}
          {silence && ` · silenced until ${untilOf(silence.until)}`}
          {" · "}
          <Link className={classes.details} to="/w/$websiteId/settings/database" params={{ websiteId }}>
            Details
          </Link>
        </div>
      </div>
      <Group gap={8} wrap="nowrap">
        {!alert.acknowledged && (
          <Button
            variant="default"
            size="compact-sm"
            loading={acknowledge.isPending}
            onClick={() => acknowledge.mutate(alert.id, { onError })}
            aria-label={`Acknowledge: ${alert.title}`}
          >
            Acknowledge
          </Button>
        )}
        {!silence && (
          <Button
            variant="subtle"
            color="gray"
            size="compact-sm"
            onClick={onSilence}
            aria-label={`Silence: ${alert.title}`}
          >
            Silence
          </Button>
        )}
      </Group>
    </li>
  );
}
