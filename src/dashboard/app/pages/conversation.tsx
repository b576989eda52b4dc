import { useDisclosure } from "@mantine/hooks";
import { ConversationPage } from "#dashboard/features/conversation/conversation-page.tsx";
import { ConversationTags } from "#dashboard/features/tags/conversation-tags.tsx";
import { TagPicker } from "#dashboard/features/tags/tag-picker.tsx";
import { useKeys } from "#dashboard/ui/use-keys.ts";

/** A conversation, with what tags add to it: features do not know one another. */
export function Conversation() {
  const [picking, picker] = useDisclosure();
  useKeys({ t: picker.open });
  return (
    <ConversationPage
      tags={row => <ConversationTags row={row} onPick={picker.open} />}
      dialogs={row => <TagPicker row={row} opened={picking} onClose={picker.close} />}
    />
  );
}
