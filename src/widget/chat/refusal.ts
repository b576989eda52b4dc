import type { Refusal } from "#client/api.ts";
import type { ErrorBody } from "#protocol/errors.ts";
import { type Chat, closeChat } from "./chat.ts";

/** Handles a refusal of the session or the socket; returns whether to try again. */
export function onRefused(chat: Chat, { code, message }: ErrorBody | Refusal): boolean {
  const { shell } = chat;
  if (code === "session_expired" || code === "not_signed_in") chat.session.expire();
  const isHopeless = code === "origin_not_allowed" || code === "not_found";
  if (isHopeless) shell.remove();
  if (code === "identity_invalid") chat.problem = "We could not confirm who you are. Reload the page and try again.";
  if (!isHopeless && !chat.problem) return true;
  shell.warn(message);
  closeChat(chat);
  chat.onChange();
  return false;
}
