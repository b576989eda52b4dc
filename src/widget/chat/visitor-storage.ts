import { visitorOutboxPrefix } from "#client/outbox.ts";
import { areaOf, openStorage, type TextStorage } from "#client/storage.ts";
import { prefixOf } from "#widget/page/storage-keys.ts";
import { subjectOf } from "./session.ts";

/** What the browser keeps for a visitor of a website. */
export type VisitorStorage = {
  /** of anonymous visitors, shared by their tabs */
  local: TextStorage;
  outbox: TextStorage;
  /** The browser kept nothing when the page was opened: this visitor has not written yet. */
  isNew: boolean;
  getDraft(): string;
  setDraft(draft: string): void;
  /**
   * Follows what other tabs change; returns how to stop.
   * @param onSent   another tab has sent or discarded a message that this tab holds too
   * @param onToken  another tab has replaced the token, or removed it (null)
   */
  watch(onSent: (messageId: string) => void, onToken: (token: string | null) => void): () => void;
};

export function openVisitorStorage(websiteKey: string, identity?: string): VisitorStorage {
  const prefix = prefixOf(websiteKey);
  // What a logged-in visitor leaves behind is removed with the tab, and is separate from what others left there.
  const tabPrefix = identity ? `${prefix}as ${subjectOf(identity)}:` : prefix;
  const unsentPrefix = visitorOutboxPrefix(tabPrefix);
  const [localArea, tabArea] = [areaOf("localStorage"), areaOf("sessionStorage")];
  const local = openStorage(localArea, prefix);
  const tab = openStorage(tabArea, tabPrefix);

  return {
    local,
    outbox: openStorage(identity ? tabArea : localArea, unsentPrefix),
    isNew: !identity && !local.listNames().length,
    getDraft: () => tab.get("draft") ?? "",
    setDraft: draft => tab.set("draft", draft || null),
    watch(onSent, onToken) {
      const handle = ({ key, newValue }: StorageEvent) => {
        if (!key || identity) return;
        if (key.startsWith(unsentPrefix) && newValue === null) onSent(key.slice(unsentPrefix.length));
        if (key === `${prefix}token`) onToken(newValue);
      };
      addEventListener("storage", handle);
      return () => removeEventListener("storage", handle);
    },
  };
}
