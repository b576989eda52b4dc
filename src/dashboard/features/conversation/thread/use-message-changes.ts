import { notifications } from "@mantine/notifications";
import { useMemo } from "react";
import { explain } from "#dashboard/data/api.ts";
import { useLive } from "#dashboard/live/live-provider.tsx";

/** Edits and deletes an agent's own messages: they show at once, and are sent until the server has answered. */
export function useMessageChanges() {
  const { sync } = useLive();
  return useMemo(
    () => ({
      /** Rejects with the server's refusal. */
      edit: (conversationId: string, id: string, body: string) => sync.edit(conversationId, id, body),
      /** Shows a notice when the server refuses. */
      remove: (conversationId: string, id: string) =>
        sync
          .remove(conversationId, id)
          .catch(error =>
            notifications.show({ color: "red", title: "The message is not deleted", message: explain(error) }),
          ),
    }),
    [sync],
  );
}
