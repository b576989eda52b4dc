import type { Refusal } from "#client/api.ts";
import { visitorOutboxPrefix } from "#client/outbox.ts";
import { areaOf, openStorage } from "#client/storage.ts";
import type { Sync } from "#client/sync.ts";
import type { Line } from "#client/text/grouping.ts";
import { openVisitor } from "#client/visitor.ts";
import * as clientLimits from "#protocol/client-limits.ts";
import type { VisitorConversation } from "#protocol/conversations.ts";
import type { ErrorBody } from "#protocol/errors.ts";
import type { Message } from "#protocol/messages.ts";
import type { VisitorWelcome } from "#protocol/widget.ts";
import { currentPage, watchPage } from "#widget/page/page.ts";
import type { Shell } from "#widget/page/shell.ts";
import { prefixOf } from "#widget/page/storage-keys.ts";
import { type CurrentThread, threadOf } from "./current-thread.ts";
import { openSession, subjectOf } from "./session.ts";

/** One visitor's connection to one website: what the panel shows and does. */
export type Chat = {
  sync: Sync<VisitorConversation>;
  /** What the panel shows besides the state of `sync`. */
  view: {
    draft: string;
    /** absent until the server has said */
    agentsOnline?: boolean;
    /** why nobody can write here */
    problem?: string;
    /** The messages could not be loaded. */
    failed?: boolean;
    /** the own message that is being changed: its text is in the composer */
    edited?: Line | undefined;
    /** The visitor is asked whether to delete it. */
    asks?: boolean;
    /** why the last change was refused */
    refusal?: string | undefined;
  };
  thread(): CurrentThread;
  /** The panel is opened: its messages are wanted from now on. */
  show(): void;
  /** Loads the newest messages, or the ones before those at hand. */
  load(): void;
  write(draft: string): void;
  /** Puts the text of an own message into the composer; without one, brings the draft back. */
  edit(line?: Line): void;
  /** Deletes the message in the composer: asks first, then does it. */
  remove(): void;
  /** Sends the draft, or saves the message in the composer. */
  send(): void;
  /** Tells that the visitor writes, or has stopped. */
  typing(typing: boolean): void;
  /** The newest message is on the screen. */
  read(): void;
  close(): void;
};

export type ChatOptions = {
  shell: Shell;
  identity?: string;
  onChange: () => void;
  /** Somebody else's message arrived just now. */
  onMessage: (message: Message) => void;
  /** Another tab began a thread as another visitor, or logged out. */
  onReplaced: () => void;
};

export function createChat({ shell, identity, onChange, onMessage, onReplaced }: ChatOptions): Chat {
  const prefix = prefixOf(shell.websiteKey);
  // What a logged-in visitor leaves behind ends with the tab, and is kept apart from what others left there.
  const tabPrefix = identity ? `${prefix}as ${subjectOf(identity)}:` : prefix;
  const [localArea, tabArea] = [areaOf("localStorage"), areaOf("sessionStorage")];
  const local = openStorage(localArea, prefix);
  const tab = openStorage(tabArea, tabPrefix);
  const unsentPrefix = visitorOutboxPrefix(tabPrefix);
  const isNew = !identity && !local.names().length;
  const keptDraft = () => tab.get("draft") ?? "";
  const view: Chat["view"] = { draft: keptDraft() };
  let wanted = false;
  let loading = false;
  let url = location.href;
  let readSeqSent = 0;
  let typingSentAt = 0;

  const session = openSession({
    ...shell,
    identity,
    store: local,
    onSession(data) {
      welcome(data);
      sync.apply({ event: "heartbeat", data });
    },
  });
  const visitor = openVisitor({
    url: shell.base,
    token: session.token,
    page: currentPage,
    language: navigator.language,
    // What an earlier page has kept may belong to a conversation.
    hasWritten: () => !isNew,
    outbox: openStorage(identity ? tabArea : localArea, unsentPrefix),
    onRefused: refused,
    onOnline(answer) {
      readSeqSent = 0;
      view.failed = false;
      welcome(answer);
    },
    onEvent({ event, data }) {
      if (event === "heartbeat") {
        view.agentsOnline = data.agentsOnline;
        onChange();
      }
      if (event !== "message.created" || data.message.author === "visitor") return;
      view.agentsOnline ||= data.message.author === "agent";
      onMessage(data.message);
    },
  });
  const { sync } = visitor;
  const stopListening = sync.subscribe(changed);
  const stopWatching = watchPage(sendPage);
  addEventListener("storage", onStorage);
  // Not left to the socket: where the origin is refused, it never gets to say hello.
  session.token().catch(refused);

  function thread(): CurrentThread {
    const held = threadOf(sync.getState());
    return { ...held, loaded: held.id ? held.loaded : isNew || view.agentsOnline !== undefined || !!view.problem };
  }

  function welcome(data: VisitorWelcome) {
    view.agentsOnline = data.agentsOnline;
    if (data.conversation) session.keep();
  }

  function changed() {
    const to = visitor.current();
    if (wanted && to && !sync.getState().threads[to.id] && !view.failed) load();
    onChange();
  }

  function load() {
    const to = visitor.current();
    if (!to || loading) return;
    loading = true;
    view.failed = false;
    const page = sync.getState().threads[to.id] ? sync.loadOlder(to.id) : sync.open(to.id);
    page
      .catch(({ status }: Refusal) => {
        if (status === 401) session.expire();
        view.failed = true;
      })
      .finally(() => {
        loading = false;
        changed();
      });
  }

  /** Whether to try again. */
  function refused({ code, message }: ErrorBody | Refusal): boolean {
    if (code === "session_expired" || code === "not_signed_in") session.expire();
    const hopeless = code === "origin_not_allowed" || code === "not_found";
    if (hopeless) shell.remove();
    if (code === "identity_invalid") view.problem = "We could not confirm who you are. Reload the page and try again.";
    if (!hopeless && !view.problem) return true;
    shell.warn(message);
    close();
    onChange();
    return false;
  }

  function sendPage() {
    if (location.href === url) return;
    url = location.href;
    visitor.viewPage(currentPage());
  }

  /** Another tab has changed what this browser keeps. */
  function onStorage({ key, newValue }: StorageEvent) {
    if (!key || identity) return;
    // It has sent, or discarded, a message that this tab holds too.
    if (key.startsWith(unsentPrefix) && newValue === null) sync.discard(key.slice(unsentPrefix.length));
    if (key === `${prefix}token` && (newValue === null || !visitor.current())) onReplaced();
  }

  function write(draft: string) {
    view.draft = draft;
    view.refusal = undefined;
    if (!view.edited) tab.set("draft", draft || null);
    onChange();
  }

  function edit(line?: Line) {
    view.edited = line;
    view.asks = false;
    view.draft = line ? line.body : keptDraft();
    onChange();
  }

  function showRefusal(change: Promise<unknown>) {
    change.catch(({ message }: ErrorBody) => {
      view.refusal = message;
      onChange();
    });
  }

  function typing(typing: boolean) {
    const to = visitor.current();
    if (!to || (typing ? Date.now() - typingSentAt < clientLimits.typingMs : !typingSentAt)) return;
    typingSentAt = typing ? Date.now() : 0;
    sync.setTyping(to.id, typing);
  }

  function close() {
    stopListening();
    stopWatching();
    removeEventListener("storage", onStorage);
    sync.close();
  }

  return {
    sync,
    view,
    thread,
    show() {
      // Whoever still chats keeps their thread: a token lasts a year from its last renewal.
      if (!wanted && !view.problem) session.renew().catch(refused);
      wanted = true;
      sendPage();
      changed();
    },
    load,
    write,
    edit,
    remove() {
      const { conversationId, id } = view.edited!;
      if (view.asks) {
        edit();
        showRefusal(sync.remove(conversationId!, id));
      } else {
        view.asks = true;
        onChange();
      }
    },
    send() {
      const body = view.draft.trim();
      if (view.edited) {
        const { conversationId, id, body: before } = view.edited;
        edit();
        if (body !== before) showRefusal(sync.edit(conversationId!, id, body));
        return;
      }
      session.keep();
      sendPage();
      // A message says by itself that its writer has stopped.
      typingSentAt = 0;
      write("");
      visitor.send(body);
    },
    typing,
    read() {
      const to = visitor.current();
      const seq = (to && sync.getState().threads[to.id]?.lastSeq) ?? 0;
      if (!to?.unread || seq <= readSeqSent || document.visibilityState !== "visible") return;
      readSeqSent = seq;
      sync.markRead(to.id, seq);
    },
    close,
  };
}
