import { Skeleton, Stack, Text } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { isRefusal } from "#client/api.ts";
import { useWebsite } from "#dashboard/data/me.ts";
import { Failure } from "#dashboard/ui/failure.tsx";
import { Section } from "#dashboard/ui/page.tsx";
import { StateMessage } from "#dashboard/ui/state-message.tsx";
import { useTitle } from "#dashboard/ui/use-title.ts";
import { useOverview } from "./alerts.ts";
import { Channels } from "./channels.tsx";
import { History } from "./history.tsx";
import { OpenAlerts } from "./open-alerts.tsx";
import { Silences } from "./silences.tsx";

/** What is wrong on the server, who is notified, and what was. */
export function AlertsPage() {
  const website = useWebsite();
  useTitle("Alerts");
  const { data, error, refetch } = useOverview(website.id);
  if (isRefusal(error) && error.code === "forbidden")
    return (
      <StateMessage icon={<IconLock size={32} stroke={1.5} />} title="Only for operators of the server">
        {error.message}
      </StateMessage>
    );
  if (!data && error)
    return <Failure what="The alerts could not be loaded" error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
  return (
    <>
      <Section
        title="Open alerts"
        lead="An alert opens when a check was bad twice in a row, and is cleared when it was well three times."
      >
        {error && (
          <Text size="sm" c="dimmed" role="status" mb={8}>
            The server does not answer. This is what it said last.
          </Text>
        )}
        <OpenAlerts websiteId={website.id} alerts={data.open} silences={data.silences} />
      </Section>
      <Section title="Channels" lead="Each of them gets one notice of an alert, and one when it is cleared.">
        <Channels websiteId={website.id} channels={data.channels} canMail={data.canMail} />
      </Section>
      <Section title="Silences" lead="Nothing is sent about a silenced check. Its alerts are still in the history.">
        <Silences websiteId={website.id} silences={data.silences} checks={data.checks} />
      </Section>
      <Section title="History" lead="Of the last 90 days.">
        <History websiteId={website.id} />
      </Section>
    </>
  );
}

const Loading = () => (
  <Stack gap={16} role="status" aria-label="Loading the alerts">
    <Skeleton height={28} width="40%" />
    {[1, 2, 3, 4].map(row => (
      <Skeleton key={row} height={56} />
    ))}
  </Stack>
);
