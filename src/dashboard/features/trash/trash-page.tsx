import { Text } from "@mantine/core";
import { isAdmin, useWebsite } from "#dashboard/data/me.ts";
import { Section } from "#dashboard/ui/page.tsx";
import { useTitle } from "#dashboard/ui/use-title.ts";
import { limits } from "#protocol/limits.ts";
import { TrashList } from "./trash-list.tsx";

export function TrashPage() {
  const website = useWebsite();
  useTitle("Trash");
  return (
    <Section
      title="Trash"
      lead={`What was deleted. Each can be brought back for ${limits.undoDays} days, as it was. Then it is deleted for good.`}
    >
      {isAdmin(website) ? (
        <TrashList websiteId={website.id} />
      ) : (
        <Text size="sm">Only admins and owners see the trash. Ask one of them.</Text>
      )}
    </Section>
  );
}
