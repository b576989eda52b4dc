import { Text } from "@mantine/core";
import { isAdmin, useWebsite } from "#dashboard/data/me.ts";
import { Section } from "#dashboard/ui/page.tsx";
import { useTitle } from "#dashboard/ui/use-title.ts";
import { ErasuresList } from "./erasures-list.tsx";
import { PrivacyForm } from "./privacy-form.tsx";

export function PrivacyPage() {
  const website = useWebsite();
  useTitle("Privacy");
  if (!isAdmin(website)) {
    return (
      <Section title="Privacy">
        <Text size="sm">Only admins and owners see these settings. Ask one of them.</Text>
      </Section>
    );
  }
  return (
    <>
      <PrivacyForm key={website.id} website={website} />
      <Section
        title="Deleted people"
        lead="Visitors who deleted their data, or were deleted by an admin: what went, and until when backups may hold it."
      >
        <ErasuresList websiteId={website.id} />
      </Section>
    </>
  );
}
