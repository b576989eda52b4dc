import { Button } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { LinkButton } from "#dashboard/ui/link-button.tsx";
import { StateMessage } from "#dashboard/ui/state-message.tsx";
import { useSignOut } from "./use-sign-out.ts";

/** The address names a website that does not exist, or that the user is no agent of. */
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
    It does not exist, or you are no longer one of its agents. Ask its owner for an invitation.
  </StateMessage>
);

/** The user was removed from their last website, or has deleted it. */
export function NoWebsites() {
  const signOut = useSignOut();
  return (
    <StateMessage
      icon={<IconLock size={32} stroke={1.5} />}
      title="You have no website"
      action={
        <>
          <LinkButton to="/deleted-websites" variant="default">
            Deleted websites
          </LinkButton>
          <Button variant="default" onClick={signOut}>
            Sign out
          </Button>
        </>
      }
    >
      Ask the owner or an admin of a website for an invitation. Then open its link in this browser. An owner brings a
      deleted one back.
    </StateMessage>
  );
}
