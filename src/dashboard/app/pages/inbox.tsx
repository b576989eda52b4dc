import { useParams } from "@tanstack/react-router";
import { InboxPage } from "#dashboard/features/inbox/inbox-page.tsx";
import { useRowTags } from "#dashboard/features/tags/row-tags.tsx";
import { TagFilter } from "#dashboard/features/tags/tag-filter.tsx";

/** The inbox, with what tags add to it: features do not know one another. */
export function Inbox() {
  const { websiteId } = useParams({ from: "/signed-in/w/$websiteId/inbox/$view" });
  return <InboxPage filter={<TagFilter />} tagsOf={useRowTags(websiteId)} />;
}
