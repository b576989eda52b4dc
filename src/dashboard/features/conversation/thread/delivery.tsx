import { Button, Group } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconChecks, IconClock } from "@tabler/icons-react";
import { deliveryOf, type ShownMessage } from "#client/text/grouping.ts";
import { useLive, useLiveState, useLiveStatus } from "#dashboard/live/live-provider.tsx";
import type { ErrorBody } from "#protocol/errors.ts";
import classes from "./delivery.module.css";

/** Sending, sent, or read by the visitor. */
export function DeliveryTick({ message, isNote }: { message: ShownMessage; isNote: boolean }) {
  const offline = useLiveStatus() !== "online";
  const delivery = useLiveState(state =>
    deliveryOf(message, state.conversations[message.conversationId ?? ""]?.visitorReadSeq ?? 0),
  );
  if (delivery === "pending") {
    return (
      <span className={classes.tick}>
        <IconClock size={14} aria-label="Sending" />
        {offline && "Not sent yet. We keep trying."}
      </span>
    );
  }
  if (isNote) return null;
  const read = delivery === "read";
  return (
    <span className={classes.tick} title={read ? "Read by the visitor" : "Sent"}>
      {read ? <IconChecks size={14} aria-label="Read" /> : <IconCheck size={14} aria-label="Sent" />}
    </span>
  );
}

export function DeliveryFailure({ id, error }: { id: string; error: ErrorBody }) {
  const { sync } = useLive();
  return (
    <div className={classes.failure} role="alert">
      <IconAlertTriangle size={16} className={classes.icon} />
      <span>
        <strong>Not sent.</strong> {error.message}
      </span>
      <Group gap={8} wrap="nowrap">
        <Button size="compact-sm" variant="filled" color="red.9" onClick={() => sync.retry(id)}>
          Try again
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => sync.discard(id)}>
          Discard
        </Button>
      </Group>
    </div>
  );
}
