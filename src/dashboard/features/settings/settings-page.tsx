import { Text } from "@mantine/core";
import { isAdmin, useMe, useWebsite } from "#dashboard/data/me.ts";
import { Section } from "#dashboard/ui/page.tsx";
import { Snippet } from "#dashboard/ui/snippet.tsx";
import { useTitle } from "#dashboard/ui/use-title.ts";
import { IdentitySecret } from "./identity-secret.tsx";
import { WebsiteForm } from "./website-form.tsx";

export function SettingsPage() {
  const website = useWebsite();
  const { demoUrl } = useMe();
  useTitle("Settings");
  return (
    <>
      <Section title="Snippet">
        <Snippet website={website} demoUrl={demoUrl} />
      </Section>
      {isAdmin(website) ? (
        <>
          <WebsiteForm key={website.id} website={website} />
          <Section
            title="Identity secret"
            lead="Your server signs with this secret which user is in the chat. Agents then see the user’s real name and email."
          >
            <IdentitySecret key={website.id} websiteId={website.id} />
          </Section>
        </>
      ) : (
        <Section title="Other settings">
          <Text size="sm">Only admins and owners can change the settings. Ask one of them.</Text>
        </Section>
      )}
    </>
  );
}
