import { IconMessageOff } from "@tabler/icons-react";
import { useParams } from "@tanstack/react-router";
import { LinkButton } from "#dashboard/ui/link-button.tsx";
import { StateMessage } from "#dashboard/ui/state-message.tsx";

export function MissingConversation() {
  const params = useParams({ from: "/signed-in/w/$websiteId/inbox/$view" });
  return (
    <StateMessage
      icon={<IconMessageOff size={32} stroke={1.5} />}
      title="This conversation does not exist"
      action={
        <LinkButton to="/w/$websiteId/inbox/$view" params={params} search variant="default">
          Back to the list
        </LinkButton>
      }
    >
      It may have been deleted, or it belongs to another website.
    </StateMessage>
  );
}
