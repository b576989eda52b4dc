import { setMaxListeners } from "node:events";
import { isRefusal } from "#client/api.ts";
import { hasOlder, messagesOf, type Pending } from "#client/store.ts";
import { createSync, type Sync } from "#client/sync.ts";
import type { Audience, Author, Held } from "#lab/history/history.ts";
import { type Recorder, seenOf } from "#lab/history/recorder.ts";
import type { Conversation, VisitorConversation } from "#protocol/conversations.ts";
import type { ErrorBody } from "#protocol/errors.ts";
import type { Inbox } from "#protocol/inbox.ts";
import type { Message } from "#protocol/messages.ts";
import type { VisitorWelcome } from "#protocol/widget.ts";
import { addressOf, get, query } from "./clients.ts";
import type { AgentClient, VisitorClient } from "./people.ts";

/** What a browser tells of its pages. */
const browser = new EventTarget();
setMaxListeners(0, browser);
Object.assign(globalThis, {
  addEventListener: browser.addEventListener.bind(browser),
  removeEventListener: browser.removeEventListener.bind(browser),
});

/** Everybody looks at their page again: whoever is offline tries at once. */
export const lookAgain = () => void browser.dispatchEvent(new Event("focus"));

type AnySync = Sync<Conversation> | Sync<VisitorConversation>;

/** A page with a chat on it, which does what widget and dashboard do around the same client. */
export type Client = {
  name: string;
  audience: Audience;
  sync: AnySync;
  /** Opens what it has heard of, and loads again what may be stale; to be called now and then. */
  look(): void;
  /** Loads what is older than it holds. @returns what it holds then */
  hold(): Promise<Held>;
  /** times it came back */
  reconnects(): number;
  close(): void;
};

/** What outlives a page: each unsent message by itself, as the widget and the dashboard keep them. */
export function createOutbox() {
  const kept = new Map<string, Pending>();
  /** What one page knows of it; pages of one browser share what is kept. */
  return {
    size: () => kept.size,
    open() {
      let mine: Pending[] = [];
      return {
        load() {
          mine = [...kept.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
          return mine;
        },
        save(outbox: Pending[]) {
          const ids = new Set(outbox.map(({ id }) => id));
          for (const { id } of mine) if (!ids.has(id)) kept.delete(id);
          for (const pending of outbox) if (!mine.includes(pending)) kept.set(pending.id, pending);
          mine = outbox;
        },
      };
    },
  };
}
export type Outbox = ReturnType<typeof createOutbox>;

type Page = { name: string; url: string; author: Author; outbox: Outbox; recorder: Recorder };

/** A tab with the widget. */
export function openWidget(page: Page, visitor: VisitorClient, hasWritten: () => boolean): Client {
  const { url, author, outbox } = page;
  const audience = { websiteIds: author.websiteIds, visitorId: author.id };
  const { onFrame, onPage } = listen(page, audience);
  const sync = createSync<VisitorConversation>({
    url: addressOf(url, visitor.headers, onFrame),
    hello: () => ({
      as: "visitor",
      token: visitor.session.token,
      page: { url: "https://shop.example/", title: "Shop" },
      language: "en",
      hasWritten: hasWritten(),
    }),
    onRefused: () => true,
    onOnline: answer => sync.apply({ event: "heartbeat", data: answer as VisitorWelcome }),
    fetchPage: (id, asked) => onPage(get(url, `/widget/conversations/${id}/messages?${query(asked)}`, visitor.headers)),
    sendParams: ({ id, conversationId, body }) => ({ id, conversationId, body }),
    outbox: outbox.open(),
  });
  return serve(page, audience, sync, () => {});
}

/** A tab with the dashboard, which shows every conversation. */
export function openDashboard(page: Page, agent: AgentClient): Client {
  const { url, author, outbox } = page;
  const { websiteIds } = author;
  const audience = { websiteIds, visitorId: null };
  const headers = { ...agent.headers, origin: url };
  const { onFrame, onPage } = listen(page, audience);
  let isStale = false;
  let loading = false;
  const websiteOf = (id: string) => sync.getState().conversations[id]!.websiteId;

  const sync: Sync<Conversation> = createSync<Conversation>({
    url: addressOf(url, headers, onFrame),
    hello: () => ({ as: "agent", availability: "online" }),
    onRefused: () => true,
    onOnline: () => void loadInbox(),
    // A heartbeat tells numbers of conversations that may never have been heard of.
    onEvent: ({ event }) => void (event === "heartbeat" && loadInbox()),
    fetchPage: (id, asked) =>
      onPage(get(url, `/websites/${websiteOf(id)}/conversations/${id}/messages?${query(asked)}`, headers)),
    sendParams: ({ id, websiteId, conversationId, kind, body }) => ({ id, websiteId, conversationId, kind, body }),
    outbox: outbox.open(),
  });

  async function loadInbox() {
    isStale = true;
    if (loading) return;
    loading = true;
    try {
      for (const websiteId of websiteIds) await loadPages(websiteId);
      isStale = false;
    } catch (error) {
      if (!isRefusal(error)) throw error;
    } finally {
      loading = false;
    }
  }

  async function loadPages(websiteId: number) {
    for (let cursor: string | null = ""; cursor !== null; ) {
      const path: string = `/websites/${websiteId}/inbox?view=all${cursor && `&cursor=${encodeURIComponent(cursor)}`}`;
      const { conversations, nextCursor }: Inbox = await get<Inbox>(url, path, headers);
      sync.apply({ event: "conversations.loaded", data: { conversations, gone: [] } });
      cursor = nextCursor;
    }
  }

  return serve(page, audience, sync, () => void (isStale && loadInbox()));
}

type Frame = { event?: string; data?: { message?: Message }; result?: { message?: Message } | null; error?: ErrorBody };

function listen({ name, author, recorder }: Page, audience: Audience) {
  const hear = recorder.listen(name, audience);
  return {
    onFrame(frame: Frame) {
      if (frame.error) recorder.refuse(frame.error);
      if (frame.data?.message) hear(frame.data.message);
      if (!frame.result?.message) return;
      hear(frame.result.message);
      recorder.acknowledge(author, frame.result.message);
    },
    async onPage<Answer extends { messages: Message[] }>(answer: Promise<Answer>) {
      const page = await answer;
      for (const message of page.messages) hear(message);
      return page;
    },
  };
}

function serve(page: Page, audience: Audience, sync: AnySync, reload: () => void): Client {
  const opening = new Set<string>();
  let status = sync.getStatus();
  let arrivals = 0;

  function openAll() {
    const { conversations, threads } = sync.getState();
    for (const id of Object.keys(conversations)) {
      if (threads[id] || opening.has(id)) continue;
      opening.add(id);
      sync
        .open(id)
        .catch(error => {
          if (!isRefusal(error)) throw error;
        })
        .finally(() => opening.delete(id));
    }
  }

  const stop = sync.subscribe(() => {
    if (sync.getStatus() !== status) {
      status = sync.getStatus();
      if (status === "online") arrivals++;
    }
  });

  return {
    name: page.name,
    audience,
    sync,
    look() {
      openAll();
      reload();
    },
    async hold() {
      for (const id of Object.keys(sync.getState().threads)) {
        while (hasOlder(sync.getState(), id)) await sync.loadOlder(id);
      }
      const state = sync.getState();
      return {
        name: page.name,
        audience,
        threads: Object.keys(state.threads).map(conversationId => ({
          conversationId,
          messages: messagesOf(state, conversationId).map(seenOf),
          unread: state.conversations[conversationId]!.unread,
        })),
        unsent: state.outbox.map(({ body, error }) => (error ? `${body} (${error.code})` : body)),
      };
    },
    reconnects: () => Math.max(0, arrivals - 1),
    close() {
      stop();
      sync.close();
    },
  };
}
