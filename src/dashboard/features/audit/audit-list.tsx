import { Button, Group, Skeleton, Stack } from "@mantine/core";
import { IconListSearch } from "@tabler/icons-react";
import { useSearch } from "@tanstack/react-router";
import { explain } from "#dashboard/data/api.ts";
import { dayName } from "#dashboard/text/time.ts";
import { Failure } from "#dashboard/ui/failure.tsx";
import { FormError } from "#dashboard/ui/form-error.tsx";
import { LinkButton } from "#dashboard/ui/link-button.tsx";
import { StateMessage } from "#dashboard/ui/state-message.tsx";
import { useNow } from "#dashboard/ui/use-now.ts";
import type { AuditEntry } from "#protocol/audit.ts";
import { useAudit } from "./audit.ts";
import { byDay } from "./audit-days.ts";
import classes from "./audit-list.module.css";
import { AuditRow } from "./audit-row.tsx";

export function AuditList({ websiteId }: { websiteId: number }) {
  const { person, action } = useSearch({ from: "/signed-in/w/$websiteId/settings/audit" });
  const audit = useAudit({ websiteId, person, action });

  if (audit.isPending) return <Loading />;
  if (!audit.data) {
    return (
      <Failure what="The audit log could not be loaded" error={audit.error} onRetry={() => void audit.refetch()} />
    );
  }
  if (!audit.data.length) return <Nothing isFiltered={Boolean(person || action)} />;
  return (
    <>
      <Days entries={audit.data} />
      <FormError message={audit.error && explain(audit.error)} />
      {audit.hasNextPage && (
        <Group mt={16}>
          <Button variant="default" loading={audit.isFetchingNextPage} onClick={() => void audit.fetchNextPage()}>
            Show older entries
          </Button>
        </Group>
      )}
    </>
  );
}

function Days({ entries }: { entries: AuditEntry[] }) {
  const now = useNow();
  return byDay(entries).map(({ key, entries }) => (
    <section key={key} aria-label={dayName(entries[0]!.at, now)}>
      <h3 className={classes.day}>{dayName(entries[0]!.at, now)}</h3>
      <ul className={classes.list}>
        {entries.map(entry => (
          <AuditRow key={entry.id} entry={entry} />
        ))}
      </ul>
    </section>
  ));
}

const Nothing = ({ isFiltered }: { isFiltered: boolean }) => (
  <StateMessage
    icon={<IconListSearch size={32} stroke={1.5} />}
    title={isFiltered ? "No entry matches" : "Nothing is recorded yet"}
    action={
      isFiltered && (
        <LinkButton to="." search={{}} variant="default">
          Show all entries
        </LinkButton>
      )
    }
  >
    {isFiltered ? "Choose another person or action." : "Sign-ins, invitations and changes of settings appear here."}
  </StateMessage>
);

const Loading = () => (
  <Stack role="status" aria-label="Loading the audit log" gap={24} mt={24}>
    {["55%", "70%", "45%", "60%", "50%"].map(width => (
      <Skeleton key={width} height={16} width={width} />
    ))}
  </Stack>
);
