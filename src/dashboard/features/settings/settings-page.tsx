import { Text } from "@mantine/core";
import { isAdmin, useMe, useWebsite } from "#dashboard/data/me.ts";
import { Page, Section } from "#dashboard/ui/page.tsx";
import { Snippet } from "#dashboard/ui/snippet.tsx";
import { useTitle } from "#dashboard/ui/use-title.ts";
import { IdentitySecret } from "./identity-secret.tsx";
import { WebsiteForm } from "./website-form.tsx";

export function SettingsPage() {
  const website = useWebsite();
  const { demoUrl } = useMe();
  useTitle("Settings");
  return (
    <Page title="Settings" lead={`How the chat of ${website.name} looks, and where it opens.`}>
      <Section title="Snippet">
        <Snippet website={website} demoUrl={demoUrl} />
      </Section>
      {isAdmin(website) ? (
        <>
          <WebsiteForm key={website.id} website={website} />
          <Section
            title="Identity secret"
            lead="With it your own server signs who is logged in, and agents see name and email that nobody can fake."
          >
            <IdentitySecret key={website.id} websiteId={website.id} />
          </Section>
        </>
      ) : (
        <Section title="Everything else">
          <Text size="sm">Only admins and owners change the settings. Ask one of them.</Text>
        </Section>
      )}
    </Page>
  );
}
