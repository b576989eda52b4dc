import { Button, Group, Loader, Skeleton, Stack } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconAlertCircle, IconDownload, IconFileCheck } from "@tabler/icons-react";
import { explain } from "#dashboard/data/api.ts";
import { dateOf } from "#dashboard/text/time.ts";
import { countOf } from "#dashboard/text/words.ts";
import { Ago } from "#dashboard/ui/ago.tsx";
import { Failure } from "#dashboard/ui/failure.tsx";
import { StateMessage } from "#dashboard/ui/state-message.tsx";
import type { Export } from "#protocol/exports.ts";
import classes from "./export-list.module.css";
import { fileAddress, isUnfinished, useDeleteExport, useExports } from "./exports.ts";
import { describeScope, formatName, sizeOf } from "./words.ts";

export function ExportItems({ websiteId }: { websiteId: number }) {
  const exports = useExports(websiteId);
  if (exports.isPending) return <Loading />;
  if (!exports.data) {
    return (
      <Failure what="The exports could not be loaded" error={exports.error} onRetry={() => void exports.refetch()} />
    );
  }
  if (exports.data.length === 0) return <Empty />;
  return (
    <ul className={classes.list} aria-label="Exports">
      {exports.data.map(item => (
        <Row key={item.id} websiteId={websiteId} item={item} />
      ))}
    </ul>
  );
}

function Row({ websiteId, item }: { websiteId: number; item: Export }) {
  const title = describeScope(item.scope);
  return (
    <li className={classes.row}>
      <State item={item} />
      <div className={classes.what}>
        <div className={classes.name}>{title}</div>
        <div role="status">{describeState(item)}</div>
        <div className={classes.facts}>
          {formatName(item.format)} · <Ago moment={item.createdAt} />
          {item.requestedBy.name && ` by ${item.requestedBy.name}`}
          {item.state === "done" && ` · until ${dateOf(Date.parse(item.expiresAt))}`}
        </div>
      </div>
      <Group gap={8} wrap="nowrap">
        {item.state === "done" && (
          <Button
            component="a"
            href={fileAddress(websiteId, item.id)}
            download
            variant="default"
            size="compact-sm"
            leftSection={<IconDownload size={16} stroke={1.5} />}
            aria-label={`Download: ${title}`}
          >
            Download
          </Button>
        )}
        <Delete websiteId={websiteId} item={item} title={title} />
      </Group>
    </li>
  );
}

/** Asks nothing: what is exported is still there, and can be exported again. */
function Delete({ websiteId, item, title }: { websiteId: number; item: Export; title: string }) {
  const remove = useDeleteExport(websiteId);
  const onError = (error: unknown) =>
    notifications.show({ color: "red", title: "The export is not deleted", message: explain(error) });
  return (
    <Button
      variant="subtle"
      color="gray"
      size="compact-sm"
      aria-label={`Delete export: ${title}`}
      loading={remove.isPending}
      onClick={() => remove.mutate(item.id, { onError })}
    >
      {isUnfinished(item) ? "Cancel" : "Delete"}
    </Button>
  );
}

function State({ item }: { item: Export }) {
  if (isUnfinished(item)) return <Loader size={20} className={classes.icon} aria-hidden />;
  const Icon = item.state === "failed" ? IconAlertCircle : IconFileCheck;
  return <Icon className={classes.icon} data-state={item.state} size={20} stroke={1.5} aria-hidden />;
}

function describeState({ state, rows, sizeBytes, problem }: Export): string {
  if (state === "waiting") return "Waits for its turn";
  if (state === "running") return `${countOf(rows, "row")} written`;
  if (state === "failed") return `Failed: ${problem}`;
  return `${countOf(rows, "row")}, ${sizeOf(sizeBytes ?? 0)}`;
}

const Empty = () => (
  <StateMessage icon={<IconDownload size={32} stroke={1.5} />} title="No exports">
    Choose what to export above. One conversation or visitor is exported in the details of a conversation.
  </StateMessage>
);

const Loading = () => (
  <Stack role="status" aria-label="Loading the exports" gap={12}>
    {[1, 2, 3].map(row => (
      <Skeleton key={row} height={60} />
    ))}
  </Stack>
);
