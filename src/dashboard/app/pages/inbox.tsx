import { InboxPage } from "#dashboard/features/inbox/inbox-page.tsx";
import { RowTags } from "#dashboard/features/tags/row-tags.tsx";
import { TagFilter } from "#dashboard/features/tags/tag-filter.tsx";
import type { Conversation } from "#protocol/conversations.ts";

const tagsOf = (row: Conversation) => <RowTags row={row} />;

/** The inbox, with what tags add to it: features do not know one another. */
export const Inbox = () => <InboxPage filter={<TagFilter />} tagsOf={tagsOf} />;
