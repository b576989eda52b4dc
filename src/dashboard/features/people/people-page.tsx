import { Text } from "@mantine/core";
import { isAdmin, useWebsite } from "#dashboard/data/me.ts";
import { Page, Section } from "#dashboard/ui/page.tsx";
import { useTitle } from "#dashboard/ui/use-title.ts";
import { AgentList } from "./agent-list.tsx";
import { InvitationList } from "./invitation-list.tsx";
import { InviteForm } from "./invite-form.tsx";

export function PeoplePage() {
  const website = useWebsite();
  useTitle("People");
  return (
    <Page title="People" lead={`The people who answer the visitors of ${website.name}.`}>
      <Section title="Agents">
        <AgentList website={website} />
      </Section>
      <Section title="Invite a person" lead="Make a link and send it yourself. It works once, for 7 days.">
        {isAdmin(website) ? (
          <>
            <InviteForm websiteId={website.id} />
            <InvitationList websiteId={website.id} />
          </>
        ) : (
          <Text size="sm">Only admins and owners can invite people. Ask one of them for a link.</Text>
        )}
      </Section>
    </Page>
  );
}
