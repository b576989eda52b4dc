import { notifications } from "@mantine/notifications";
import { ask } from "#client/agent.ts";
import { asChanged } from "#client/agent-store.ts";
import { api, explain } from "#dashboard/data/api.ts";
import { visitorName } from "#dashboard/text/words.ts";
import type { Conversation, ConversationChanged } from "#protocol/conversations.ts";
import type { SocketCommand } from "#protocol/socket.ts";
import { useLive } from "./live-provider.tsx";

type Change = {
  /** the values that screens show until the server answers */
  shown: Partial<Conversation>;
  command: SocketCommand;
  /** besides those that name the conversation */
  params?: object;
  /** the same command over HTTP, below the conversation's own address */
  http: [method: "POST" | "DELETE", path: string];
};

/**
 * Changes a conversation. The change shows at once. If the server refuses, the old values come back, with the reason.
 * @returns whether the server has accepted it
 */
export function useChangeConversation(row: Conversation): (change: Change) => Promise<boolean> {
  const { sync } = useLive();
  const show = (conversation: Conversation) => sync.apply({ event: "conversation.changed", data: { conversation } });

  return async ({ shown, command, params = {}, http: [method, path] }) => {
    const changed = asChanged(row, shown);
    show(changed);
    try {
      const target = { websiteId: row.websiteId, conversationId: row.id };
      const url = `/websites/${row.websiteId}/conversations/${row.id}/${path}`;
      const overHttp = () => api<ConversationChanged>(method, url, method === "POST" ? params : undefined);
      show((await ask<ConversationChanged>(sync, command, { ...target, ...params }, overHttp)).conversation);
      return true;
    } catch (error) {
      const held = sync.getState().conversations[row.id];
      // If a newer version has come since, it shows what the server holds.
      if (held?.version === changed.version) show({ ...held, ...before(row, shown) });
      notifications.show({ color: "red", title: `${visitorName(row.visitor)}: not changed`, message: explain(error) });
      return false;
    }
  };
}

/** The values that a change replaced. */
const before = (row: Conversation, shown: Partial<Conversation>): Partial<Conversation> =>
  Object.fromEntries(Object.keys(shown).map(name => [name, row[name as keyof Conversation]]));
