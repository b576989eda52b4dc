import { useDocumentTitle } from "@mantine/hooks";
import { useWebsite } from "#dashboard/data/me.ts";
import { useUnread } from "#dashboard/live/live-provider.tsx";
import { shortCount } from "#dashboard/text/words.ts";

/** "(3) Inbox · Shop" */
export function useTitle(page: string): void {
  const website = useWebsite();
  const unread = useUnread(website.id);
  useDocumentTitle(`${unread ? `(${shortCount(unread)}) ` : ""}${page} · ${website.name}`);
}
