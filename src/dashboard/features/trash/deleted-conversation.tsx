import { IconTrash } from "@tabler/icons-react";
import { isAdmin, useWebsite } from "#dashboard/data/me.ts";
import { dateOf } from "#dashboard/text/time.ts";
import { StateMessage } from "#dashboard/ui/state-message.tsx";
import type { Conversation } from "#protocol/conversations.ts";
import { limits } from "#protocol/limits.ts";
import { RestoreButton } from "./restore-button.tsx";

/** In the place of a conversation that was deleted while it was open. */
export function DeletedConversation({ row }: { row: Conversation }) {
  const website = useWebsite();
  const until = dateOf(Date.parse(row.deletedAt!) + limits.undoDays * 86_400_000);
  return (
    <StateMessage
      icon={<IconTrash size={32} stroke={1.5} />}
      title="This conversation is deleted"
      role="status"
      action={isAdmin(website) && <RestoreButton websiteId={row.websiteId} conversationId={row.id} />}
    >
      {isAdmin(website)
        ? `It can be brought back until ${until}, here or in Settings, Trash.`
        : `An admin can bring it back until ${until}.`}
    </StateMessage>
  );
}
