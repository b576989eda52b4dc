import { useDocumentTitle } from "@mantine/hooks";
import { useUnread } from "./live/live-provider.tsx";
import { useWebsite } from "./me.ts";
import { shortCount } from "./words.ts";

/** "(3) Inbox · Shop" */
export function useTitle(page: string): void {
  const website = useWebsite();
  const unread = useUnread(website.id);
  useDocumentTitle(`${unread ? `(${shortCount(unread)}) ` : ""}${page} · ${website.name}`);
}
