import { useChangeConversation } from "#dashboard/live/use-change-conversation.ts";
import type { Conversation } from "#protocol/conversations.ts";
import type { Tag } from "#protocol/tags.ts";
import { tagsOn, useTags } from "./tags.ts";

/** The tags of a conversation, to put on and take off. */
export function useConversationTags(row: Conversation) {
  const all = useTags(row.websiteId);
  const change = useChangeConversation(row);
  const { tagIds } = row;

  return {
    all,
    tags: tagsOn(row, all.data ?? []),
    add: ({ id }: Pick<Tag, "id">) =>
      change({
        shown: { tagIds: [...tagIds, id] },
        command: "conversation.tag",
        params: { tagId: id },
        http: ["POST", "tags"],
      }),
    remove: ({ id }: Pick<Tag, "id">) =>
      change({
        shown: { tagIds: tagIds.filter(held => held !== id) },
        command: "conversation.untag",
        params: { tagId: id },
        http: ["DELETE", `tags/${id}`],
      }),
  };
}
