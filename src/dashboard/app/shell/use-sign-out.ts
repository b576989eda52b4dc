import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { api, explain } from "#dashboard/data/api.ts";
import { useLive } from "#dashboard/live/live-provider.tsx";

export function useSignOut(): () => Promise<void> {
  const queries = useQueryClient();
  const live = useLive();
  const navigate = useNavigate();
  return async () => {
    try {
      await api("POST", "/sign-out");
    } catch (error) {
      notifications.show({ color: "red", title: "You are still signed in", message: explain(error) });
      return;
    }
    // The server refuses the socket from now on. If the socket stays open, that looks like a session that ended.
    live.close();
    await navigate({ to: "/sign-in", search: { reason: "signed-out" } });
    queries.clear();
  };
}
