import { useNavigate } from "@tanstack/react-router";
import { useEffect, useMemo, useSyncExternalStore } from "react";
import { useMe } from "#dashboard/data/me.ts";
import { useLive, useLiveState } from "#dashboard/live/live-provider.tsx";
import { showUnreadIcon } from "./favicon.ts";
import { startNotifier } from "./notifier.ts";
import { openPreferences, type PreferenceStore } from "./preferences.ts";

export function usePreferenceStore(): PreferenceStore {
  const { id } = useMe().user;
  return useMemo(() => openPreferences(id), [id]);
}

export const usePreferences = (store: PreferenceStore) => useSyncExternalStore(store.subscribe, store.get);

/** Notifies the agent, while they are signed in, of what happens on all of their websites. */
export function useNotifications(preferences: PreferenceStore): void {
  const live = useLive();
  const { user } = useMe();
  const navigate = useNavigate();
  useEffect(
    () =>
      startNotifier({
        live,
        preferences,
        userId: user.id,
        open: ({ id, websiteId }) =>
          void navigate({
            to: "/w/$websiteId/inbox/$view/$conversationId",
            params: { websiteId, view: "all", conversationId: id },
          }),
      }),
    [live, preferences, user.id, navigate],
  );
  const isUnread = useIsUnread();
  useEffect(() => {
    showUnreadIcon(isUnread);
    return () => showUnreadIcon(false);
  }, [isUnread]);
}

/** True if a conversation of any of the agent's websites has something unread. */
function useIsUnread(): boolean {
  const { websites } = useMe();
  return useLiveState(({ counts }) => websites.some(({ id, unread }) => (counts[id]?.all ?? unread) > 0));
}
