import { notifications } from "@mantine/notifications";
import { useMemo } from "react";
import { api, explain } from "#dashboard/data/api.ts";
import { useLive } from "#dashboard/live/live-provider.tsx";
import type { AgentChanged } from "#protocol/messages.ts";

/**
 * Edits and deletes an agent's own messages. Both show at once, and are sent until the server has answered. If it
 * refuses, the message shows as it was, with a notice. A deleted message comes back when the server has answered.
 */
export function useMessageChanges() {
  const { sync } = useLive();
  return useMemo(
    () => ({
      edit: (conversationId: string, id: string, body: string) =>
        void sync.edit(conversationId, id, body).catch(showRefusal("The message is not changed")),
      remove: (conversationId: string, id: string) =>
        void sync.remove(conversationId, id).catch(showRefusal("The message is not deleted")),
      restore: (websiteId: number, conversationId: string, id: string) =>
        void api<AgentChanged>(
          "POST",
          `/websites/${websiteId}/conversations/${conversationId}/messages/${id}/restore`,
          {},
        ).then(data => sync.apply({ event: "message.changed", data }), showRefusal("The message is not brought back")),
    }),
    [sync],
  );
}

const showRefusal = (title: string) => (error: unknown) =>
  notifications.show({ color: "red", title, message: explain(error) });
