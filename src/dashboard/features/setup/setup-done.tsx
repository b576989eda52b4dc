import { Stack } from "@mantine/core";
import { FrontPage } from "#dashboard/ui/front-page.tsx";
import { LinkButton } from "#dashboard/ui/link-button.tsx";
import { Snippet } from "#dashboard/ui/snippet.tsx";
import type { Me } from "#protocol/accounts.ts";

export function SetupDone({ me }: { me: Me }) {
  const website = me.websites[0]!;
  return (
    <FrontPage title="Your chat is ready" lead={`Add it to ${website.name} with this snippet.`}>
      <Stack gap={32}>
        <Snippet website={website} demoUrl={me.demoUrl} />
        <LinkButton to="/">Open the inbox</LinkButton>
      </Stack>
    </FrontPage>
  );
}
