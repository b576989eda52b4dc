import { useParams } from "@tanstack/react-router";
import { SearchPage } from "#dashboard/features/search/search-page.tsx";
import { useTags } from "#dashboard/features/tags/tags.ts";

/** The search, with the website's tags: features do not know one another. */
export function Search() {
  const { websiteId } = useParams({ from: "/signed-in/w/$websiteId" });
  return <SearchPage tags={useTags(websiteId).data ?? []} />;
}
