import { Button, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconBellOff } from "@tabler/icons-react";
import { useState } from "react";
import { explain } from "#dashboard/data/api.ts";
import type { AlertOverview, AlertSilence } from "#protocol/alerts.ts";
import classes from "./alerts.module.css";
import { useEndSilence } from "./alerts.ts";
import { SilenceDialog } from "./silence-dialog.tsx";
import { untilOf } from "./words.ts";

type Props = { websiteId: number; silences: AlertSilence[]; checks: AlertOverview["checks"] };

export function Silences({ websiteId, silences, checks }: Props) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Stack gap={16} align="flex-start">
      {silences.length === 0 ? (
        <Text size="sm">No check is silenced.</Text>
      ) : (
        <ul className={classes.list} aria-label="Silences" style={{ width: "100%" }}>
          {silences.map(silence => (
            <Row
              key={silence.id}
              websiteId={websiteId}
              silence={silence}
              title={checks.find(({ id }) => id === silence.check)?.title ?? silence.check}
            />
          ))}
        </ul>
      )}
      <Button variant="default" onClick={() => setIsOpen(true)}>
        Silence a check
      </Button>
      {isOpen && <SilenceDialog websiteId={websiteId} checks={checks} onClose={() => setIsOpen(false)} />}
    </Stack>
  );
}

function Row({ websiteId, silence, title }: { websiteId: number; silence: AlertSilence; title: string }) {
  const end = useEndSilence(websiteId);
  const onError = (error: unknown) => notifications.show({ color: "red", message: explain(error) });
  return (
    <li className={classes.row}>
      <IconBellOff className={classes.icon} size={20} stroke={1.5} aria-hidden />
      <div className={classes.what}>
        <div className={classes.name}>{title}</div>
        <div>{silence.reason}</div>
        <div className={classes.facts}>
          until {untilOf(silence.until)}
          {silence.createdBy && `, by ${silence.createdBy}`}
        </div>
      </div>
      <Button
        variant="subtle"
        color="gray"
        size="compact-sm"
        loading={end.isPending}
        onClick={() => end.mutate(silence.id, { onError })}
        aria-label={`End silence: ${title}`}
      >
        End now
      </Button>
    </li>
  );
}
