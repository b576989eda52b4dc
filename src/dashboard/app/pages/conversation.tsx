import { Group } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { ReplyMenu } from "#dashboard/features/canned-replies/reply-menu.tsx";
import { ConversationPage } from "#dashboard/features/conversation/conversation-page.tsx";
import { ExportMenu } from "#dashboard/features/exports/export-menu.tsx";
import { VisitorPrivacy } from "#dashboard/features/privacy/visitor-privacy.tsx";
import { HoldButton } from "#dashboard/features/retention/hold-button.tsx";
import { ConversationTags } from "#dashboard/features/tags/conversation-tags.tsx";
import { TagPicker } from "#dashboard/features/tags/tag-picker.tsx";
import { DeleteConversation } from "#dashboard/features/trash/delete-conversation.tsx";
import { DeleteVisitor } from "#dashboard/features/trash/delete-visitor.tsx";
import { DeletedConversation } from "#dashboard/features/trash/deleted-conversation.tsx";
import { useKeys } from "#dashboard/ui/use-keys.ts";

/** A conversation, with what tags, canned replies, exports and trash add to it: features do not know one another. */
export function Conversation() {
  const [picking, picker] = useDisclosure();
  useKeys({ t: picker.open });
  return (
    <ConversationPage
      tags={row => <ConversationTags row={row} onPick={picker.open} />}
      end={row => (
        <Group gap={8}>
          <VisitorPrivacy row={row} />
          <ExportMenu row={row} />
          <HoldButton row={row} />
          <DeleteConversation row={row} />
          <DeleteVisitor row={row} />
        </Group>
      )}
      menu={(row, composer) => <ReplyMenu row={row} composer={composer} />}
      deleted={row => <DeletedConversation row={row} />}
      dialogs={row => <TagPicker row={row} opened={picking} onClose={picker.close} />}
    />
  );
}
