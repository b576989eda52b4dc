import { Text } from "@mantine/core";
import { isAdmin, useWebsite } from "#dashboard/data/me.ts";
import { Section } from "#dashboard/ui/page.tsx";
import { useTitle } from "#dashboard/ui/use-title.ts";
import { limits } from "#protocol/limits.ts";
import { ExportForm } from "./export-form.tsx";
import { ExportItems } from "./export-list.tsx";

export function ExportsPage() {
  const website = useWebsite();
  useTitle("Exports");
  if (!isAdmin(website)) {
    return (
      <Section title="Exports">
        <Text size="sm">Only admins and owners export messages. Ask one of them.</Text>
      </Section>
    );
  }
  return (
    <>
      <Section title="Export messages" lead="Everything sent in these days, without what was deleted.">
        <ExportForm websiteId={website.id} />
      </Section>
      <Section title="Exports" lead={`Files can be downloaded for ${limits.exportDays} days. Then they are deleted.`}>
        <ExportItems websiteId={website.id} />
      </Section>
    </>
  );
}
