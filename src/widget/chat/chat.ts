import { createApi, type Refusal } from "#client/api.ts";
import { createSync, type Sync } from "#client/sync.ts";
import type { VisitorConversation } from "#protocol/conversations.ts";
import type { ErrorBody } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { Message, VisitorPage } from "#protocol/messages.ts";
import type { VisitorWelcome } from "#protocol/widget.ts";
import { currentPage, watchPage } from "#widget/page/page.ts";
import type { Shell } from "#widget/page/shell.ts";
import { areaOf, openStore, prefixOf } from "#widget/page/store.ts";
import { type CurrentThread, newestOf, threadOf } from "./current-thread.ts";
import { openOutbox, unsentId } from "./outbox.ts";
import { openSession, subjectOf } from "./session.ts";

/** One visitor's connection to one website: what the panel shows and does. */
export type Chat = {
  sync: Sync<VisitorConversation>;
  /** What the panel shows besides the state of `sync`. */
  view: {
    draft: string;
    /** null until the server has said */
    agentsOnline: boolean | null;
    /** why nobody can write here; null when all is well */
    problem: string | null;
    /** The messages could not be loaded. */
    failed: boolean;
  };
  thread(): CurrentThread;
  /** The panel is opened: its messages are wanted from now on. */
  show(): void;
  /** Loads the newest messages, or the ones before those at hand. */
  load(): void;
  write(draft: string): void;
  /** Sends the draft. */
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
  const local = openStore(areaOf("localStorage"), prefix);
  // What somebody who is logged in leaves behind ends with the tab, and is nobody else's.
  const tab = openStore(areaOf("sessionStorage"), identity ? `${prefix}as ${subjectOf(identity)}:` : prefix);
  const isNew = !identity && !local.names().length;
  const view: Chat["view"] = { draft: tab.get("draft") ?? "", agentsOnline: null, problem: null, failed: false };
  let wanted = false;
  let loading = false;
  let url = location.href;
  let toldReadSeq = 0;
  let toldTypingAt = 0;

  const session = openSession({ ...shell, identity, store: local, onSession: welcome });
  const sync: Sync<VisitorConversation> = createSync<VisitorConversation>({
    url: `${shell.base.replace(/^http/, "ws")}/api/v1/socket`,
    hello: async () => ({
      as: "visitor",
      token: await session.token(),
      page: currentPage(),
      language: navigator.language,
      // What is kept of an earlier page may be a thread; so may what another tab has written.
      hasWritten: !isNew || !!newest(),
    }),
    onRefused: refused,
    onOnline(answer) {
      toldReadSeq = 0;
      view.failed = false;
      welcome(answer as VisitorWelcome);
    },
    async fetchPage(id, asked) {
      const token = await session.token();
      const query = new URLSearchParams(asked as Record<string, string>);
      return createApi(shell.base, () => token)<VisitorPage>("GET", `/widget/conversations/${id}/messages?${query}`);
    },
    // Somebody whom the server has forgotten begins anew: their old conversation is not theirs to write to.
    sendParams: ({ id, conversationId, body }) => ({ id, body, conversationId: newest() ? conversationId : null }),
    outbox: openOutbox(identity ? tab : local),
    onEvent({ event, data }) {
      if (event === "heartbeat" && "agentsOnline" in data) {
        view.agentsOnline = data.agentsOnline;
        onChange();
      }
      if (event !== "message.created" || data.message.author === "visitor") return;
      view.agentsOnline ||= data.message.author === "agent";
      onMessage(data.message);
    },
  });
  const stopListening = sync.subscribe(changed);
  const stopWatching = watchPage(tellPage);
  addEventListener("storage", onStorage);
  // Not left to the socket: where the origin is refused, it never gets to say hello.
  session.token().catch(refused);

  function newest() {
    return newestOf(sync.getState());
  }

  function thread(): CurrentThread {
    const held = threadOf(sync.getState());
    return { ...held, loaded: held.id ? held.loaded : isNew || view.agentsOnline !== null || !!view.problem };
  }

  function welcome(data: VisitorWelcome) {
    view.agentsOnline = data.agentsOnline;
    if (data.conversation) session.keep();
    sync.apply({ event: "heartbeat", data });
  }

  function changed() {
    const to = newest();
    if (wanted && to && !sync.getState().threads[to.id] && !view.failed) load();
    onChange();
  }

  function load() {
    const to = newest();
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

  function tellPage() {
    if (location.href === url) return;
    url = location.href;
    sync.tell("page.view", currentPage());
  }

  function onStorage({ key, newValue }: StorageEvent) {
    if (!key?.startsWith(prefix) || identity) return;
    const name = key.slice(prefix.length);
    const settled = newValue === null && unsentId(name);
    if (settled) sync.discard(settled);
    if (name === "token" && (newValue === null || !newest())) onReplaced();
  }

  function write(draft: string) {
    view.draft = draft;
    tab.set("draft", draft || null);
    onChange();
  }

  function typing(typing: boolean) {
    const to = newest();
    if (!to || (typing ? Date.now() - toldTypingAt < limits.typingMs : !toldTypingAt)) return;
    toldTypingAt = typing ? Date.now() : 0;
    sync.tell("conversation.typing", { conversationId: to.id, typing });
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
      tellPage();
      changed();
    },
    load,
    write,
    send() {
      const body = view.draft.trim();
      session.keep();
      tellPage();
      // A message says by itself that its writer has stopped.
      toldTypingAt = 0;
      write("");
      sync.send({ conversationId: newest()?.id ?? null, websiteId: null, kind: "text", body });
    },
    typing,
    read() {
      const to = newest();
      const seq = (to && sync.getState().threads[to.id]?.lastSeq) ?? 0;
      if (!to?.unread || seq <= toldReadSeq || document.visibilityState !== "visible") return;
      toldReadSeq = seq;
      sync.tell("conversation.read", { conversationId: to.id, seq });
    },
    close,
  };
}
