import { Alert, Skeleton, Stack, Text } from "@mantine/core";
import { IconDatabaseOff, IconLock } from "@tabler/icons-react";
import { isErrorBody } from "#client/api.ts";
import { Failure } from "#dashboard/ui/failure.tsx";
import { Section } from "#dashboard/ui/page.tsx";
import { StateMessage } from "#dashboard/ui/state-message.tsx";
import { useTitle } from "#dashboard/ui/use-title.ts";
import type { BackupOverview } from "#protocol/backups.ts";
import { BackupFacts } from "./backup-facts.tsx";
import { BackupList } from "./backup-list.tsx";
import { useBackups } from "./backups.ts";
import { Reach } from "./reach.tsx";
import { Runs } from "./runs.tsx";

/** What can be restored, and whether that was tried. Of the whole server, not of one website. */
export function BackupsPage() {
  useTitle("Backups");
  return (
    <Section
      title="Backups"
      lead="Copies of the whole server, with all websites. They are restored on the server: prochat restore."
    >
      <Content />
    </Section>
  );
}

function Content() {
  const { data, error, isPending, refetch } = useBackups();
  if (isPending) return <Loading />;
  if (data) return <Overview overview={data} hasFailed={error !== null} />;
  if (isErrorBody(error) && error.code === "forbidden") return <NotYours />;
  return <Failure what="The backups could not be loaded" error={error} onRetry={() => void refetch()} />;
}

function Overview({ overview, hasFailed }: { overview: BackupOverview; hasFailed: boolean }) {
  if (!overview.isOn && overview.backups.length === 0 && !overview.storeProblem) return <Off />;
  return (
    <Stack gap={24}>
      {hasFailed && <Alert color="yellow">The server does not answer. What you see may be old.</Alert>}
      {overview.storeProblem && (
        <Alert color="red" title="The copies cannot be read now">
          {overview.storeProblem}
        </Alert>
      )}
      {!overview.storeProblem && <Reach overview={overview} />}
      <BackupFacts overview={overview} />
      <Runs overview={overview} />
      {!overview.storeProblem && <BackupList overview={overview} />}
      {!overview.storeProblem && overview.backups.length > 0 && (
        <Text size="sm" c="dimmed">
          A downloaded backup holds the conversations of all websites, so keep it as safe as the server. It is restored
          on a server: unpack it into an empty folder, then prochat restore latest --from that folder.
        </Text>
      )}
    </Stack>
  );
}

const Off = () => (
  <StateMessage icon={<IconDatabaseOff size={32} stroke={1.5} />} title="No backups are made">
    If this machine is lost, all conversations are lost. Set S3_BUCKET and the other settings of a store on the server,
    or BACKUPS=on, then start it again. If something else makes backups, this page has nothing to show.
  </StateMessage>
);

const NotYours = () => (
  <StateMessage icon={<IconLock size={32} stroke={1.5} />} title="Only for operators of the server">
    Backups hold the conversations of all websites of this server. To see this page, ask the person who runs the server
    to run there: prochat operators --add with your e-mail address.
  </StateMessage>
);

const Loading = () => (
  <Stack role="status" aria-label="Loading the backups" gap={16}>
    <Skeleton height={28} width="60%" />
    <Skeleton height={40} />
    <Skeleton height={96} />
    {[1, 2, 3].map(row => (
      <Skeleton key={row} height={44} />
    ))}
  </Stack>
);
