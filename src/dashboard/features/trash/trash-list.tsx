import { Button, Group, Skeleton, Stack } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconMessage, IconMessages, IconTrash, IconUser } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { explain } from "#dashboard/data/api.ts";
import { dateOf } from "#dashboard/text/time.ts";
import { countOf, visitorName } from "#dashboard/text/words.ts";
import { Ago } from "#dashboard/ui/ago.tsx";
import { Failure } from "#dashboard/ui/failure.tsx";
import { FormError } from "#dashboard/ui/form-error.tsx";
import { StateMessage } from "#dashboard/ui/state-message.tsx";
import type { TrashEntry } from "#protocol/trash.ts";
import { useRestoreEntry, useTrash } from "./trash.ts";
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
      <ul className={classes.list} aria-label="Trash">
        {trash.data.map(entry => (
          <Row key={entry.id} websiteId={websiteId} entry={entry} />
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

const icons = { conversation: IconMessages, message: IconMessage, visitor: IconUser };

function Row({ websiteId, entry }: { websiteId: number; entry: TrashEntry }) {
  const name = visitorName(entry.visitor);
  const { kind, deletedAt, deletedBy, reason, purgedAt } = entry;
  const Icon = icons[kind];
  return (
    <li className={classes.row}>
      <Icon className={classes.icon} size={20} stroke={1.5} aria-hidden />
      <div className={classes.what}>
        <div className={classes.name}>{name}</div>
        <div className={classes.preview}>{describe(entry)}</div>
        <div className={classes.facts}>
          Deleted <Ago moment={deletedAt} />
          {deletedBy ? ` by ${deletedBy.name}` : " by the visitor"}
          {reason && `: ${reason}`} · until {dateOf(Date.parse(purgedAt))}
        </div>
      </div>
      <BringBack websiteId={websiteId} entry={entry} name={name} />
    </li>
  );
}

function describe(entry: TrashEntry): string {
  if (entry.kind === "visitor") return `Visitor with ${countOf(entry.conversations, "conversation")}`;
  if (entry.kind === "message") return entry.body === null ? "A message of the visitor" : `Message: ${entry.body}`;
  return `${entry.previewAuthor === "agent" ? "Agent: " : ""}${entry.preview}`;
}

function BringBack({ websiteId, entry, name }: { websiteId: number; entry: TrashEntry; name: string }) {
  const restore = useRestoreEntry();
  const navigate = useNavigate();
  const open = (conversationId: string) => () =>
    void navigate({
      to: "/w/$websiteId/inbox/$view/$conversationId",
      params: { websiteId, view: "all", conversationId },
    });
  const onOpen = "conversationId" in entry ? open(entry.conversationId) : undefined;
  const onError = (error: unknown) =>
    notifications.show({ color: "red", title: "This is not brought back", message: explain(error) });
  const onSuccess = () => notifications.show({ message: <Restored name={name} onOpen={onOpen} /> });
  return (
    <Button
      variant="default"
      size="compact-sm"
      aria-label={`Bring back: ${name}`}
      loading={restore.isPending}
      onClick={() => restore.mutate({ websiteId, entry }, { onError, onSuccess })}
    >
      Bring back
    </Button>
  );
}

/** A notice stands outside the router, so it gets what its button does. */
const Restored = ({ name, onOpen }: { name: string; onOpen: (() => void) | undefined }) => (
  <Group justify="space-between" wrap="nowrap">
    Brought back: {name}
    {onOpen && (
      <Button variant="default" size="compact-sm" onClick={onOpen}>
        Open
      </Button>
    )}
  </Group>
);

const Empty = () => (
  <StateMessage icon={<IconTrash size={32} stroke={1.5} />} title="The trash is empty">
    An admin deletes a conversation or a visitor in the details of a conversation.
  </StateMessage>
);

const Loading = () => (
  <Stack role="status" aria-label="Loading the trash" gap={12}>
    {[1, 2, 3].map(row => (
      <Skeleton key={row} height={52} />
    ))}
  </Stack>
);
