import type { Refusal } from "#client/api.ts";
import { isTransient } from "#client/sender.ts";
import type { ErrorBody } from "#protocol/errors.ts";
import { type Chat, closeChat } from "./chat.ts";

/** Handles a refusal of the session or the socket; returns whether to try again. */
export function onRefused(chat: Chat, error: ErrorBody | Refusal): boolean {
  const { shell, session } = chat;
  const { code, message } = error;
  if (code === "session_expired" || code === "not_signed_in") session.expire();
  else if (!isTransient(error)) {
    // Waiting does not help.
    shell.warn(message);
    if (code === "origin_not_allowed" || code === "not_found") shell.remove();
    const what = code === "identity_invalid" ? "We could not confirm who you are" : "The chat could not be opened";
    chat.endReason = `${what}. Reload the page and try again.`;
    closeChat(chat);
    chat.onChange();
  }
  return !chat.endReason;
}
