import { notifications } from "@mantine/notifications";
import { useMemo } from "react";
import { api, explain } from "#dashboard/data/api.ts";
import { useLive } from "#dashboard/live/live-provider.tsx";
import type { AgentChanged } from "#protocol/messages.ts";

/** Edits and deletes an agent's own messages. */
export function useMessageChanges(websiteId: number) {
  const { sync } = useLive();
  return useMemo(() => {
    async function change(conversationId: string, id: string, method: "PATCH" | "DELETE", body?: unknown) {
      const path = `/websites/${websiteId}/conversations/${conversationId}/messages/${id}`;
      sync.apply({ event: "message.changed", data: await api<AgentChanged>(method, path, body) });
    }
    return {
      /** Rejects with the server's refusal. */
      edit: (conversationId: string, id: string, body: string) => change(conversationId, id, "PATCH", { body }),
      /** Shows a notice when the server refuses. */
      remove: (conversationId: string, id: string) =>
        change(conversationId, id, "DELETE").catch(error =>
          notifications.show({ color: "red", title: "The message is not deleted", message: explain(error) }),
        ),
    };
  }, [sync, websiteId]);
}
