import * as clientLimits from "#protocol/client-limits.ts";
import type { VisitorConversation } from "#protocol/conversations.ts";
import type { VisitorPage } from "#protocol/messages.ts";
import type { VisitorEvent } from "#protocol/socket.ts";
import type { Page } from "#protocol/visitors.ts";
import type { VisitorWelcome } from "#protocol/widget.ts";
import { createApi } from "./api.ts";
import { openOutbox } from "./outbox.ts";
import type { SocketOptions } from "./socket/reconnect.ts";
import type { TextStorage } from "./storage.ts";
import { apply, type State } from "./store.ts";
import { messagesPath, Sync, socketUrl } from "./sync.ts";

export type VisitorOptions = {
  /** where the server is, such as https://chat.example.com */
  url: string;
  /** Resolves with a token that should be valid; rejects with a Refusal. */
  token: () => string | Promise<string>;
  page: () => Page;
  language: string;
  /** keeps this visitor's unsent messages */
  outbox: TextStorage;
  browser?: SocketOptions["browser"];
  /** Returns false if this visitor has certainly not written yet: the server then needs no query. */
  hasWritten?: () => boolean;
  onRefused?: SocketOptions["onRefused"];
  /** After every hello, with its answer. */
  onOnline?: (welcome: VisitorWelcome) => void;
  onEvent?: (event: VisitorEvent) => void;
};

/** A visitor's connection to one website. */
export type VisitorClient = {
  sync: Sync<VisitorConversation>;
  /** The conversation that the visitor is in; undefined before the first message. */
  current(): VisitorConversation | undefined;
  /** Sends to the current conversation, or begins one; returns the message's id. */
  send(body: string): string;
  viewPage(page: Page): void;
};

export function openVisitor(options: VisitorOptions): VisitorClient {
  const { url, browser, token, page, language, hasWritten = () => true, onRefused = () => true } = options;
  const api = createApi(url, { token, fetch: browser?.fetch });
  const current = () => currentOf(sync.getState());

  const sync: Sync<VisitorConversation> = new Sync<VisitorConversation>({
    url: socketUrl(url),
    browser,
    reduce: apply,
    hello: async () => ({
      as: "visitor",
      protocol: clientLimits.protocolVersion,
      token: await token(),
      page: page(),
      language,
      // Also if all is deleted: then the server looks whether this token has ended.
      hasWritten: hasWritten() || Object.keys(sync.getState().conversations).length > 0,
    }),
    onRefused,
    onOnline(welcome: VisitorWelcome) {
      options.onOnline?.(welcome);
      sync.apply({ event: "heartbeat", data: welcome });
      // A conversation that the server does not name any more was deleted while this client was away.
      for (let row = current(); row && row.id !== welcome.conversation?.id; row = current()) {
        sync.apply({ event: "conversation.changed", data: { conversation: { ...row, deletedAt: row.createdAt } } });
      }
    },
    fetchPage: (id, asked) => api<VisitorPage>("GET", messagesPath("/widget", id, asked)),
    // If the server no longer knows the visitor, the message begins a new conversation: the old one takes none.
    sendParams: ({ id, conversationId, body }) => ({ id, body, conversationId: current() ? conversationId : null }),
    target: conversationId => ({ conversationId }),
    outbox: openOutbox(options.outbox),
    onEvent: event => options.onEvent?.(event as VisitorEvent),
  });

  return {
    sync,
    current,
    send: body => sync.send({ conversationId: current()?.id ?? null, websiteId: null, kind: "text", body }),
    viewPage: page => sync.signal("page.view", page),
  };
}

/** The newest conversation, which continues the older ones: ids begin with their time. */
export const currentOf = ({ conversations }: State<VisitorConversation>): VisitorConversation | undefined =>
  conversations[
    Object.keys(conversations)
      .filter(id => !conversations[id]!.deletedAt)
      .sort()
      .at(-1)!
  ];
