import { Skeleton, Stack } from "@mantine/core";
import { isRefusal } from "#client/api.ts";
import { useWebsite } from "#dashboard/data/me.ts";
import { Failure } from "#dashboard/ui/failure.tsx";
import { Section } from "#dashboard/ui/page.tsx";
import { StateMessage } from "#dashboard/ui/state-message.tsx";
import { useTitle } from "#dashboard/ui/use-title.ts";
import { Care } from "./care.tsx";
import { Charts } from "./charts.tsx";
import { CheckTable } from "./check-table.tsx";
import { useHealth } from "./health.ts";
import { Problems } from "./problems.tsx";
import { Queries } from "./queries.tsx";
import { Sessions } from "./sessions.tsx";
import { CheckAgain, Summary } from "./summary.tsx";

/** The state of the server and its database: what to do first, then the figures. */
export function DatabasePage() {
  const website = useWebsite();
  useTitle("Database");
  const { data, error, refetch } = useHealth(website.id);
  if (isRefusal(error) && error.code === "forbidden")
    return <StateMessage title="Only for operators of the server">{error.message}</StateMessage>;
  if (!data && error)
    return (
      <Failure what="The state of the database could not be loaded" error={error} onRetry={() => void refetch()} />
    );
  if (!data) return <Loading />;
  const { report, isLast } = data;
  const away = error ? "server" : isLast ? "database" : null;
  return (
    <>
      <Summary report={report} away={away} action={!away && <CheckAgain websiteId={website.id} />} />
      <Problems {...(!away && { websiteId: website.id })} checks={report.checks} />
      <Section title="How it went" lead="The healthy range is shaded. A table behind each chart has the figures.">
        <Charts websiteId={website.id} checks={report.checks} />
      </Section>
      {!away && (
        <>
          <Section
            title="Slow queries"
            lead="How long each query took, and how PostgreSQL runs it. The text of people is in none of it."
          >
            <Queries websiteId={website.id} />
          </Section>
          <Section
            title="Transactions now"
            lead="Programs that work in the database at this moment, and which wait for others."
          >
            <Sessions websiteId={website.id} />
          </Section>
          <Section title="Care" lead="Each may be pressed at any time, and is in the audit log.">
            <Care websiteId={website.id} />
          </Section>
        </>
      )}
      <Section title="All checks" lead="The server makes them again and again. What is unknown is not called well.">
        <CheckTable checks={report.checks} />
      </Section>
    </>
  );
}

const Loading = () => (
  <Stack gap={16} aria-label="Loading">
    <Skeleton height={88} />
    <Skeleton height={180} />
    <Skeleton height={320} />
  </Stack>
);
