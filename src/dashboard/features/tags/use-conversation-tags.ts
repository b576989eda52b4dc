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
      change({ shown: { tagIds: [...tagIds, id] }, method: "POST", path: "tags", body: { tagId: id } }),
    remove: ({ id }: Pick<Tag, "id">) =>
      change({ shown: { tagIds: tagIds.filter(held => held !== id) }, method: "DELETE", path: `tags/${id}` }),
  };
}
