import { Button } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { LinkButton } from "#dashboard/ui/link-button.tsx";
import { StateMessage } from "#dashboard/ui/state-message.tsx";
import { useSignOut } from "./use-sign-out.ts";

/** The website of the address is none of the user's. */
export const NoSuchWebsite = () => (
  <StateMessage
    icon={<IconLock size={32} stroke={1.5} />}
    title="You cannot see this website"
    action={
      <LinkButton to="/" variant="default">
        Go to your websites
      </LinkButton>
    }
  >
    It does not exist, or you are not among its agents any more. Ask its owner for an invitation.
  </StateMessage>
);

/** The user has none at all: they were removed from their last one. */
export function NoWebsites() {
  const signOut = useSignOut();
  return (
    <StateMessage
      icon={<IconLock size={32} stroke={1.5} />}
      title="You belong to no website"
      action={
        <Button variant="default" onClick={signOut}>
          Sign out
        </Button>
      }
    >
      Ask a website’s owner or admin for an invitation, and open its link here.
    </StateMessage>
  );
}
