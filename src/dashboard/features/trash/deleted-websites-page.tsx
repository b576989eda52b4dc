import { Button, Skeleton } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { IconTrash, IconWorld } from "@tabler/icons-react";
import { explain } from "#dashboard/data/api.ts";
import { dateOf } from "#dashboard/text/time.ts";
import { Ago } from "#dashboard/ui/ago.tsx";
import { Failure } from "#dashboard/ui/failure.tsx";
import { LinkButton } from "#dashboard/ui/link-button.tsx";
import { Page } from "#dashboard/ui/page.tsx";
import { StateMessage } from "#dashboard/ui/state-message.tsx";
import { limits } from "#protocol/limits.ts";
import classes from "./trash-list.module.css";
import { type DeletedWebsite, useDeletedWebsites, useRestoreWebsite } from "./websites.ts";

/** Outside of any website: who has deleted the only one finds it here. */
export function DeletedWebsitesPage() {
  useDocumentTitle("Deleted websites");
  return (
    <Page
      title="Deleted websites"
      lead={`An owner brings a website back for ${limits.undoDays} days, as it was. Then it is deleted for good.`}
      action={
        <LinkButton to="/" variant="default">
          Your websites
        </LinkButton>
      }
    >
      <List />
    </Page>
  );
}

function List() {
  const deleted = useDeletedWebsites();
  if (deleted.isPending) return <Skeleton height={52} role="status" aria-label="Loading the deleted websites" />;
  if (!deleted.data) {
    const retry = () => void deleted.refetch();
    return <Failure what="The deleted websites could not be loaded" error={deleted.error} onRetry={retry} />;
  }
  if (!deleted.data.length) return <Empty />;
  return (
    <ul className={classes.list} aria-label="Deleted websites">
      {deleted.data.map(website => (
        <Row key={website.id} website={website} />
      ))}
    </ul>
  );
}

function Row({ website }: { website: DeletedWebsite }) {
  const { id, name, deletedAt, deletedByName, reason, purgedAt } = website;
  const restore = useRestoreWebsite();
  const onError = (error: unknown) =>
    notifications.show({ color: "red", title: "The website is not brought back", message: explain(error) });
  return (
    <li className={classes.row}>
      <IconWorld className={classes.icon} size={20} stroke={1.5} aria-hidden />
      <div className={classes.what}>
        <div className={classes.name}>{name}</div>
        <div className={classes.facts}>
          Deleted <Ago moment={deletedAt} />
          {deletedByName && ` by ${deletedByName}`}
          {reason && `: ${reason}`} · until {dateOf(Date.parse(purgedAt))}
        </div>
      </div>
      <Button
        variant="default"
        size="compact-sm"
        aria-label={`Bring back: ${name}`}
        loading={restore.isPending}
        onClick={() => restore.mutate(id, { onError })}
      >
        Bring back
      </Button>
    </li>
  );
}

const Empty = () => (
  <StateMessage icon={<IconTrash size={32} stroke={1.5} />} title="No website is deleted">
    An owner deletes a website at the end of its settings.
  </StateMessage>
);
