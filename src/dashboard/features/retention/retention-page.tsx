import { Skeleton, Stack, Text } from "@mantine/core";
import { isAdmin, useWebsite } from "#dashboard/data/me.ts";
import { Ago } from "#dashboard/ui/ago.tsx";
import { Failure } from "#dashboard/ui/failure.tsx";
import { Section } from "#dashboard/ui/page.tsx";
import { useTitle } from "#dashboard/ui/use-title.ts";
import { HoldList } from "./hold-list.tsx";
import { MonthList } from "./month-list.tsx";
import { PeriodsForm } from "./periods-form.tsx";
import { useHolds, useRetention } from "./retention.ts";

export function RetentionPage() {
  const website = useWebsite();
  useTitle("Retention");
  if (isAdmin(website)) return <Retention websiteId={website.id} />;
  return (
    <Section title="Retention">
      <Text size="sm">Only admins and owners see how long conversations are kept. Ask one of them.</Text>
    </Section>
  );
}

function Retention({ websiteId }: { websiteId: number }) {
  const retention = useRetention(websiteId);
  const holds = useHolds(websiteId);
  if (retention.isPending) return <Loading />;
  if (!retention.data) {
    const retry = () => void retention.refetch();
    return <Failure what="The retention could not be loaded" error={retention.error} onRetry={retry} />;
  }
  const { archiveAfterDays, deleteAfterDays, due, lastRunAt, months } = retention.data;
  return (
    <>
      <Section
        title="How long conversations are kept"
        lead="Both count from a conversation’s last message. Archived conversations open as before. Deleted ones are gone."
      >
        <PeriodsForm websiteId={websiteId} periods={{ archiveAfterDays, deleteAfterDays }} due={due} />
      </Section>
      <Section title="Legal holds" lead="What a hold names is not deleted by anybody until the hold is lifted.">
        <HoldList websiteId={websiteId} />
      </Section>
      <Section
        title="Months"
        lead={
          <>
            The messages of all websites of this server, by the month in which a conversation began. A month is deleted
            a week after its export was read back.{" "}
            {lastRunAt ? <LastRun at={lastRunAt} /> : "The first run is tonight."}
          </>
        }
      >
        <MonthList months={months} holds={holds.data ?? []} />
      </Section>
    </>
  );
}

const LastRun = ({ at }: { at: string }) => (
  <>
    Last run: <Ago moment={at} />.
  </>
);

const Loading = () => (
  <Stack gap={12} aria-busy aria-label="The retention is loading">
    {[96, 64, 56, 48].map(height => (
      <Skeleton key={height} height={height} />
    ))}
  </Stack>
);
