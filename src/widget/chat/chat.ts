import type { Sync } from "#client/sync.ts";
import type { ShownMessage } from "#client/text/grouping.ts";
import type { VisitorClient } from "#client/visitor.ts";
import type { VisitorConversation } from "#protocol/conversations.ts";
import type { Message } from "#protocol/messages.ts";
import { currentPage } from "#widget/page/page.ts";
import type { Shell } from "#widget/page/shell.ts";
import type { Session } from "./session.ts";
import type { VisitorStorage } from "./visitor-storage.ts";

export type ChatOptions = {
  shell: Shell;
  identity?: string;
  onChange: () => void;
  /** A message of another person has arrived. */
  onMessage: (message: Message) => void;
  /** Another tab began a thread as another visitor, or logged out. */
  onReplaced: () => void;
};

/** One visitor's connection to one website. Each of the functions in this folder takes it first. */
export type Chat = ChatOptions &
  Shown & {
    storage: VisitorStorage;
    session: Session;
    client: VisitorClient;
    /** of the client */
    sync: Sync<VisitorConversation>;
    /** The panel was opened: messages are wanted from then on. */
    isShown?: boolean;
    isLoading?: boolean;
    /** the address that agents see */
    url: string;
    /** the last message that was marked as read over this connection */
    readSeqSent: number;
    /** ms since 1970; 0: the visitor does not type */
    typingSentAt: number;
    /** To be called when the chat is closed. */
    stops: (() => void)[];
  };

/** What the panel shows besides the state of `sync`. */
type Shown = {
  draft: string;
  /** absent until the server has answered */
  agentsOnline?: boolean;
  /** why the visitor cannot write here */
  endReason?: string;
  /** The messages could not be loaded. */
  failed?: boolean;
  /** the own message that is being changed: its text is in the composer */
  edited?: ShownMessage | undefined;
  /** The visitor is asked whether to delete it. */
  asks?: boolean;
  /** why the server refused the last change */
  refusal?: string | undefined;
  /** what the visitor has typed as an e-mail address; null: they do not want to leave one */
  email?: string | null;
};

export function closeChat({ stops }: Chat): void {
  for (const stop of stops) stop();
}

/** Shows the agents which page the visitor is on, if it has changed. */
export function sendPage(chat: Chat): void {
  if (location.href === chat.url) return;
  chat.url = location.href;
  chat.client.viewPage(currentPage());
}
