import { notifications } from "@mantine/notifications";
import { api, explain } from "#dashboard/data/api.ts";
import { visitorName } from "#dashboard/text/words.ts";
import type { Conversation, ConversationChanged } from "#protocol/conversations.ts";
import { useLive } from "./live-provider.tsx";

type Change = {
  /** the values that screens show until the server answers */
  shown: Partial<Conversation>;
  method: "POST" | "DELETE";
  /** below the conversation's own address */
  path: string;
  body?: unknown;
};

/**
 * Changes a conversation. The change shows at once. If the server refuses, the old values come back, with the reason.
 * @returns whether the server has accepted it
 */
export function useChangeConversation(row: Conversation): (change: Change) => Promise<boolean> {
  const { sync } = useLive();
  const show = (conversation: Conversation) => sync.apply({ event: "conversation.changed", data: { conversation } });

  return async ({ shown, method, path, body }) => {
    show({ ...row, ...shown });
    try {
      const url = `/websites/${row.websiteId}/conversations/${row.id}/${path}`;
      show((await api<ConversationChanged>(method, url, body)).conversation);
      return true;
    } catch (error) {
      const held = sync.getState().conversations[row.id];
      // If a newer version has come since, it shows what the server holds.
      if (held?.version === row.version) show({ ...held, ...before(row, shown) });
      notifications.show({ color: "red", title: `${visitorName(row.visitor)}: not changed`, message: explain(error) });
      return false;
    }
  };
}

/** The values that a change replaced. */
const before = (row: Conversation, shown: Partial<Conversation>): Partial<Conversation> =>
  Object.fromEntries(Object.keys(shown).map(name => [name, row[name as keyof Conversation]]));
