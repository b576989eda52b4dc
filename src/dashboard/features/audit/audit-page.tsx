import { Text } from "@mantine/core";
import { isAdmin, useWebsite } from "#dashboard/data/me.ts";
import { Section } from "#dashboard/ui/page.tsx";
import { useTitle } from "#dashboard/ui/use-title.ts";
import { AuditFilters } from "./audit-filters.tsx";
import { AuditList } from "./audit-list.tsx";

/** The actions of people on this website. Entries cannot be changed or deleted. */
export function AuditPage() {
  const website = useWebsite();
  useTitle("Audit log");
  return (
    <Section title="Audit log" lead="Who did what, when and from which address. Entries cannot be changed or deleted.">
      {isAdmin(website) ? (
        <>
          <AuditFilters websiteId={website.id} />
          <AuditList websiteId={website.id} />
        </>
      ) : (
        <Text size="sm">Only admins and owners see the audit log. Ask one of them.</Text>
      )}
    </Section>
  );
}
