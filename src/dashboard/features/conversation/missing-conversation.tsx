import { Button } from "@mantine/core";
import { IconMessageOff } from "@tabler/icons-react";
import { Link, useParams } from "@tanstack/react-router";
import { StateMessage } from "#dashboard/ui/state-message.tsx";

export function MissingConversation() {
  const { websiteId, view } = useParams({ from: "/signed-in/w/$websiteId/inbox/$view" });
  return (
    <StateMessage
      icon={<IconMessageOff size={32} stroke={1.5} />}
      title="This conversation does not exist"
      action={
        <Button component={Link} to={`/w/${websiteId}/inbox/${view}`} variant="default">
          Back to the list
        </Button>
      }
    >
      It may have been deleted, or it belongs to another website.
    </StateMessage>
  );
}
