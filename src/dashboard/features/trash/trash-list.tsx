import { Button, Group, Skeleton, Stack } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconTrash } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { explain } from "#dashboard/data/api.ts";
import { dateOf } from "#dashboard/text/time.ts";
import { visitorName } from "#dashboard/text/words.ts";
import { Ago } from "#dashboard/ui/ago.tsx";
import { Failure } from "#dashboard/ui/failure.tsx";
import { FormError } from "#dashboard/ui/form-error.tsx";
import { StateMessage } from "#dashboard/ui/state-message.tsx";
import type { TrashEntry } from "#protocol/trash.ts";
import { RestoreButton } from "./restore-button.tsx";
import { useTrash } from "./trash.ts";
import classes from "./trash-list.module.css";

export function TrashList({ websiteId }: { websiteId: number }) {
  const trash = useTrash(websiteId);
  if (trash.isPending) return <Loading />;
  if (!trash.data) {
    return <Failure what="The trash could not be loaded" error={trash.error} onRetry={() => void trash.refetch()} />;
  }
  if (!trash.data.length) return <Empty />;
  return (
    <>
      <ul className={classes.list} aria-label="Deleted conversations">
        {trash.data.map(entry => (
          <Row key={entry.conversationId} websiteId={websiteId} entry={entry} />
        ))}
      </ul>
      <FormError message={trash.error && explain(trash.error)} />
      {trash.hasNextPage && (
        <Group mt={16}>
          <Button variant="default" loading={trash.isFetchingNextPage} onClick={() => void trash.fetchNextPage()}>
            Show older ones
          </Button>
        </Group>
      )}
    </>
  );
}

function Row({ websiteId, entry }: { websiteId: number; entry: TrashEntry }) {
  const name = visitorName(entry.visitor);
  const { conversationId, preview, previewAuthor, deletedAt, deletedBy, reason, purgedAt } = entry;
  const navigate = useNavigate();
  const open = () =>
    navigate({
      to: "/w/$websiteId/inbox/$view/$conversationId",
      params: { websiteId, view: "all", conversationId },
    });
  const onDone = () => notifications.show({ message: <Restored name={name} onOpen={() => void open()} /> });
  return (
    <li className={classes.row}>
      <div className={classes.what}>
        <div className={classes.name}>{name}</div>
        <div className={classes.preview}>
          {previewAuthor === "agent" && "Agent: "}
          {preview}
        </div>
        <div className={classes.facts}>
          Deleted <Ago moment={deletedAt} />
          {deletedBy && ` by ${deletedBy.name}`}
          {reason && `: ${reason}`} · until {dateOf(Date.parse(purgedAt))}
        </div>
      </div>
      <RestoreButton
        websiteId={websiteId}
        conversationId={conversationId}
        label={`Bring back: ${name}`}
        onDone={onDone}
      />
    </li>
  );
}

/** A notice stands outside the router, so it gets what its button does. */
const Restored = ({ name, onOpen }: { name: string; onOpen: () => void }) => (
  <Group justify="space-between" wrap="nowrap">
    Brought back: {name}
    <Button variant="default" size="compact-sm" onClick={onOpen}>
      Open
    </Button>
  </Group>
);

const Empty = () => (
  <StateMessage icon={<IconTrash size={32} stroke={1.5} />} title="The trash is empty">
    An admin deletes a conversation in its details.
  </StateMessage>
);

const Loading = () => (
  <Stack role="status" aria-label="Loading the trash" gap={12}>
    {[1, 2, 3].map(row => (
      <Skeleton key={row} height={52} />
    ))}
  </Stack>
);
