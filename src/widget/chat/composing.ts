import type { Change } from "#client/store.ts";
import type { ShownMessage } from "#client/text/grouping.ts";
import * as clientLimits from "#protocol/client-limits.ts";
import type { ErrorBody } from "#protocol/errors.ts";
import { type Chat, sendPage } from "./chat.ts";

/** Keeps what the visitor has written so far: the draft, or the new text of the message in the composer. */
export function write(chat: Chat, draft: string): void {
  chat.draft = draft;
  chat.refusal = undefined;
  if (!chat.edited) chat.storage.setDraft(draft);
  chat.onChange();
}

/** Puts the text of an own message into the composer; without one, brings the draft back. */
export function edit(chat: Chat, message?: ShownMessage): void {
  chat.edited = message;
  chat.asks = false;
  chat.draft = message ? message.body : chat.storage.getDraft();
  chat.onChange();
}

/** Deletes the message in the composer: asks first, then does it. */
export function remove(chat: Chat): void {
  const { conversationId, id } = chat.edited!;
  if (chat.asks) {
    edit(chat);
    showRefusal(chat, chat.sync.remove(conversationId!, id));
  } else {
    chat.asks = true;
    chat.onChange();
  }
}

/** Brings an own message back that was deleted. */
export function restore(chat: Chat, { conversationId, id }: ShownMessage): void {
  const back = chat.sync.request("message.restore", { conversationId, id });
  showRefusal(
    chat,
    back.then(data => chat.sync.apply({ event: "message.changed", data } as Change)),
  );
}

/** Sends the draft, or saves the message in the composer. */
export function send(chat: Chat): void {
  const body = chat.draft.trim();
  if (chat.edited) return void save(chat, chat.edited, body);
  chat.session.keep();
  sendPage(chat);
  // A message says by itself that its writer has stopped.
  chat.typingSentAt = 0;
  write(chat, "");
  chat.client.send(body);
}

function save(chat: Chat, { conversationId, id, body: before }: ShownMessage, body: string) {
  edit(chat);
  if (body !== before) showRefusal(chat, chat.sync.edit(conversationId!, id, body));
}

function showRefusal(chat: Chat, change: Promise<unknown>) {
  change.catch((error: ErrorBody | null) => {
    chat.refusal = error?.message ?? "No connection. Try again.";
    chat.onChange();
  });
}

/** Shows the agents that the visitor types, at most once per `typingMs`, or has stopped. */
export function signalTyping(chat: Chat, isTyping: boolean): void {
  const to = chat.client.current();
  const isSent = isTyping ? Date.now() - chat.typingSentAt < clientLimits.typingMs : !chat.typingSentAt;
  if (!to || isSent) return;
  chat.typingSentAt = isTyping ? Date.now() : 0;
  chat.sync.setTyping(to.id, isTyping);
}
