import type { Refusal } from "#client/api.ts";
import { type Chat, sendPage } from "./chat.ts";
import { type CurrentThread, threadOf } from "./current-thread.ts";
import { onRefused } from "./refusal.ts";

/** The thread that the panel shows. */
export function shownThread({ sync, storage, agentsOnline, endReason }: Chat): CurrentThread {
  const held = threadOf(sync.getState());
  const hasAnswer = storage.isNew || agentsOnline !== undefined || !!endReason;
  return { ...held, loaded: held.id ? held.loaded : hasAnswer };
}

/** The panel is opened: its messages are wanted from now on. */
export function showThread(chat: Chat): void {
  // A visitor who still chats keeps the thread: a token lasts a year from its last renewal.
  if (!chat.isShown && !chat.endReason) chat.session.renew().catch(error => onRefused(chat, error));
  chat.isShown = true;
  sendPage(chat);
  onStateChange(chat);
}

/** To be called after each change of the client's state: loads the thread if it is wanted and not held. */
export function onStateChange(chat: Chat): void {
  const to = chat.client.current();
  if (chat.isShown && to && !chat.sync.getState().threads[to.id] && !chat.failed) loadMessages(chat);
  chat.onChange();
}

/** Loads the newest messages, or the ones before those at hand. */
export function loadMessages(chat: Chat): void {
  const { sync } = chat;
  const to = chat.client.current();
  if (!to || chat.isLoading) return;
  chat.isLoading = true;
  chat.failed = false;
  const page = sync.getState().threads[to.id] ? sync.loadOlder(to.id) : sync.open(to.id);
  page
    .catch(({ status }: Refusal) => {
      if (status === 401) chat.session.expire();
      chat.failed = true;
    })
    .finally(() => {
      chat.isLoading = false;
      onStateChange(chat);
    });
}

/** Marks the thread as read: its newest message is on the screen. */
export function markRead(chat: Chat): void {
  const to = chat.client.current();
  const seq = (to && chat.sync.getState().threads[to.id]?.lastSeq) ?? 0;
  if (!to?.unread || seq <= chat.readSeqSent || document.visibilityState !== "visible") return;
  chat.readSeqSent = seq;
  chat.sync.markRead(to.id, seq);
}
