import type { Refusal } from "#client/api.ts";
import { openVisitor } from "#client/visitor.ts";
import type { ErrorBody } from "#protocol/errors.ts";
import type { VisitorEvent } from "#protocol/socket.ts";
import type { VisitorWelcome } from "#protocol/widget.ts";
import { currentPage, watchPage } from "#widget/page/page.ts";
import { type Chat, type ChatOptions, sendPage } from "./chat.ts";
import { onStateChange } from "./reading.ts";
import { onRefused } from "./refusal.ts";
import { openSession } from "./session.ts";
import { openVisitorStorage } from "./visitor-storage.ts";

/** Opens the visitor's session and socket. */
export function openChat(options: ChatOptions): Chat {
  const { shell, identity } = options;
  const storage = openVisitorStorage(shell.websiteKey, identity);
  const refused = (error: ErrorBody | Refusal) => onRefused(chat, error);
  const session = openSession({
    ...shell,
    identity,
    store: storage.local,
    onSession(data) {
      welcome(chat, data);
      chat.sync.apply({ event: "heartbeat", data });
    },
  });
  // What an earlier page could not send begins the conversation: later pages need the token that it is sent with.
  if (storage.outbox.listNames().length) session.keep();
  const client = openVisitor({
    url: shell.base,
    token: session.token,
    page: currentPage,
    language: navigator.language,
    // What an earlier page has kept may belong to a conversation.
    hasWritten: () => !storage.isNew,
    outbox: storage.outbox,
    onRefused: refused,
    onOnline(answer) {
      // What was marked as read may be lost with the connection before.
      chat.readSeqSent = 0;
      chat.failed = false;
      welcome(chat, answer);
    },
    onEvent: event => onEvent(chat, event),
  });
  const chat: Chat = {
    ...options,
    ...{ storage, session, client },
    sync: client.sync,
    draft: storage.getDraft(),
    email: storage.local.get("no-email") ? null : "",
    url: location.href,
    readSeqSent: 0,
    typingSentAt: 0,
    stops: [session.end],
  };
  follow(chat);
  // Not left to the socket: where the origin is refused, no socket opens and there is no hello.
  session.token().catch(refused);
  return chat;
}

/** Follows the client's state, the page's address and the other tabs, until the chat is closed. */
function follow(chat: Chat) {
  const { sync, client, storage, stops } = chat;
  stops.push(
    sync.subscribe(() => onStateChange(chat)),
    watchPage(() => sendPage(chat)),
    storage.watch(
      id => sync.discard(id),
      token => {
        // Another tab has logged out.
        if (!token) storage.setDraft("");
        if (!token || !client.current()) chat.onReplaced();
      },
    ),
    () => sync.close(),
  );
}

function welcome(chat: Chat, { agentsOnline, conversation }: VisitorWelcome) {
  chat.agentsOnline = agentsOnline;
  if (conversation) chat.session.keep();
}

function onEvent(chat: Chat, { event, data }: VisitorEvent) {
  // Each heartbeat draws: the time may have come to ask for an e-mail address.
  if (event === "heartbeat") chat.agentsOnline = data.agentsOnline;
  else if (event === "message.created" && data.message.author !== "visitor") {
    chat.agentsOnline ||= data.message.author === "agent";
    chat.onMessage(data.message);
  } else return;
  chat.onChange();
}
