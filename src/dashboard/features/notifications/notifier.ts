import type { Live } from "#dashboard/live/live.ts";
import { visitorName } from "#dashboard/text/words.ts";
import type { Conversation } from "#protocol/conversations.ts";
import { playChime } from "./chime.ts";
import { joinTabs } from "./leader.ts";
import { isQuiet, type PreferenceStore } from "./preferences.ts";
import { isWaiting, type Waiting, waitingOf } from "./waiting.ts";

/** An agent who reads the conversation at this moment marks it as read within this time, and is not disturbed. */
const graceMs = 1_000;
const repeatMs = 10_000;

type Options = {
  live: Pick<Live, "sync" | "onEvent">;
  preferences: PreferenceStore;
  userId: string;
  /** Shows the conversation in this tab. */
  open(conversation: Conversation): void;
};

/**
 * Notifies the agent of visitors' messages that are not read: by a sound, and by a notification of the browser that
 * disappears when any agent has read the message. One tab does it for all.
 * @returns how to stop
 */
export function startNotifier({ live, preferences, userId, open }: Options): () => void {
  const waiting = new Map<string, Waiting>();
  const popups = new Map<string, Notification>();
  const fresh = new Set<string>();
  const tabs = joinTabs(`prochat:notifications:${userId}`);
  let timer: ReturnType<typeof setTimeout> | undefined;

  const agent = () => ({ userId, scope: preferences.get().scope });

  const stops = [
    live.onEvent(event => {
      const found = isQuiet(preferences.get(), new Date()) ? null : waitingOf(event, agent());
      if (!found) return;
      waiting.set(found.conversation.id, found);
      fresh.add(found.conversation.id);
      schedule(graceMs);
    }),
    live.sync.subscribe(forgetRead),
    preferences.subscribe(forgetRead),
  ];

  function forgetRead() {
    if (waiting.size === 0) return;
    const rows = live.sync.getState().conversations;
    for (const [id, each] of waiting) {
      if (isWaiting(each, rows[id] ?? each.conversation, agent())) continue;
      waiting.delete(id);
      fresh.delete(id);
      popups.get(id)?.close();
      popups.delete(id);
    }
  }

  function schedule(ms: number) {
    clearTimeout(timer);
    timer = setTimeout(notify, ms);
  }

  function notify() {
    if (waiting.size === 0) return;
    const { sound, hasPopups } = preferences.get();
    if (tabs.isLeader() && !isQuiet(preferences.get(), new Date())) {
      if (sound === "repeat" || (sound === "once" && fresh.size > 0)) playChime();
      if (hasPopups) for (const id of fresh) popUp(waiting.get(id)!.conversation);
    }
    fresh.clear();
    if (sound === "repeat") schedule(repeatMs);
  }

  function popUp(conversation: Conversation) {
    if (Notification.permission !== "granted") return;
    try {
      const popup = new Notification(visitorName(conversation.visitor), {
        body: conversation.preview,
        tag: `prochat:${conversation.id}`,
        icon: "/assets/icon.v1.svg",
        silent: true,
      });
      popup.onclick = () => {
        focus();
        open(conversation);
        popup.close();
      };
      popups.set(conversation.id, popup);
    } catch {
      // Chrome on Android allows notifications to service workers only.
    }
  }

  return () => {
    clearTimeout(timer);
    for (const stop of stops) stop();
    for (const popup of popups.values()) popup.close();
    tabs.leave();
  };
}
