import { Button, Skeleton, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Link } from "@tanstack/react-router";
import { Ago } from "#dashboard/ui/ago.tsx";
import { Failure } from "#dashboard/ui/failure.tsx";
import type { Hold } from "#protocol/holds.ts";
import { HoldDialog } from "./hold-dialog.tsx";
import classes from "./hold-list.module.css";
import { useHolds } from "./retention.ts";

export function HoldList({ websiteId }: { websiteId: number }) {
  const holds = useHolds(websiteId);
  if (holds.isPending) return <Skeleton height={48} />;
  if (!holds.data) {
    return <Failure what="The holds could not be loaded" error={holds.error} onRetry={() => void holds.refetch()} />;
  }
  if (holds.data.length === 0)
    return (
      <Text size="sm">There is none. Place one on a conversation or a visitor, in the details of a conversation.</Text>
    );
  return (
    <ul className={classes.list} aria-label="Legal holds">
      {holds.data.map(hold => (
        <Row key={hold.targetId} websiteId={websiteId} hold={hold} />
      ))}
    </ul>
  );
}

function Row({ websiteId, hold }: { websiteId: number; hold: Hold }) {
  const [opened, dialog] = useDisclosure();
  const { targetKind, targetId, reason, placedAt, placedBy } = hold;
  return (
    <li className={classes.row}>
      <div className={classes.what}>
        <div>{reason}</div>
        <div className={classes.facts}>
          {targetKind === "conversation" ? (
            <Link
              to="/w/$websiteId/inbox/$view/$conversationId"
              params={{ websiteId, view: "all", conversationId: targetId }}
            >
              A conversation
            </Link>
          ) : (
            "A visitor with all conversations"
          )}
          , placed <Ago moment={placedAt} />
          {placedBy && ` by ${placedBy.name}`}
        </div>
      </div>
      <Button variant="default" size="compact-sm" aria-label={`Lift the hold: ${reason}`} onClick={dialog.open}>
        Lift
      </Button>
      <HoldDialog verb="lift" websiteId={websiteId} targets={[hold]} opened={opened} onClose={dialog.close} />
    </li>
  );
}
