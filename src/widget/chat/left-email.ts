import { createApi, type Refusal } from "#client/api.ts";
import type { Chat } from "./chat.ts";
import { shownThread } from "./reading.ts";

/** An agent may be reading: a visitor who waits longer is asked for an e-mail address. */
const waitMs = 2 * 60_000;

/** True while the visitor waits for an answer that may not come soon, and has left no address. */
export function asksForEmail(chat: Chat): boolean {
  const row = chat.client.current();
  const isAsked = chat.shell.website.settings.asksForEmail && chat.email !== null;
  if (!isAsked || row?.hasEmail !== false || chat.endReason) return false;
  const isLate = Date.now() - Date.parse(row.lastMessageAt) > waitMs;
  return (chat.agentsOnline === false || isLate) && shownThread(chat).messages.at(-1)?.author === "visitor";
}

/** The visitor has left an address on this page, and the server has stored it. */
export const hasLeftEmail = (chat: Chat): boolean => !!chat.email && !!chat.client.current()?.hasEmail;

/** Sends the address. The server's answer is an event that changes the conversation. */
export async function leaveEmail(chat: Chat): Promise<void> {
  const api = createApi(chat.shell.base, { token: chat.session.token });
  chat.refusal = undefined;
  await api("POST", "/widget/email", { email: chat.email }).catch((error: Refusal) => {
    chat.refusal = error.message;
  });
  chat.onChange();
}

/** Not asked again in this browser. */
export function declineEmail(chat: Chat): void {
  chat.email = null;
  chat.storage.local.set("no-email", "1");
  chat.onChange();
}
