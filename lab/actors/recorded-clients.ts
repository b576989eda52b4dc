import { setMaxListeners } from "node:events";
import { openAgent } from "#client/agent.ts";
import { createApi, isRefusal } from "#client/api.ts";
import type { TextStorage } from "#client/storage.ts";
import { hasOlder, messagesOf } from "#client/store.ts";
import type { Sync } from "#client/sync.ts";
import { openVisitor } from "#client/visitor.ts";
import type { Audience, Author, Held } from "#lab/history/history.ts";
import { type Recorder, seenOf } from "#lab/history/recorder.ts";
import type { Conversation, VisitorConversation } from "#protocol/conversations.ts";
import type { ErrorBody } from "#protocol/errors.ts";
import type { Inbox } from "#protocol/inbox.ts";
import type { Message } from "#protocol/messages.ts";
import { browserOf } from "./clients.ts";
import type { AgentClient, VisitorClient } from "./people.ts";

/** Fires what a page fires when its reader comes back to it. */
const pageEvents = new EventTarget();
setMaxListeners(0, pageEvents);

/** All readers look at their pages again: clients that are offline try at once. */
export const lookAgain = () => void pageEvents.dispatchEvent(new Event("focus"));

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

type Page = { name: string; url: string; author: Author; outbox: TextStorage; recorder: Recorder };

/** A tab with the widget. */
export function openWidget(page: Page, visitor: VisitorClient, hasWritten: () => boolean): Client {
  const { url, author, outbox } = page;
  const audience = { websiteIds: author.websiteIds, visitorId: author.id };
  const { sync } = openVisitor({
    url,
    token: () => visitor.session.token,
    page: () => ({ url: "https://shop.example/", title: "Shop" }),
    language: "en",
    hasWritten,
    outbox,
    browser: browserOf(visitor.headers, { onFrame: recordFrames(page, audience), events: pageEvents }),
  });
  return serve(page, audience, sync, () => {});
}

/** A tab with the dashboard, which shows every conversation. */
export function openDashboard(page: Page, agent: AgentClient): Client {
  const { url, author, outbox } = page;
  const { websiteIds } = author;
  const audience = { websiteIds, visitorId: null };
  let isStale = false;
  let loading = false;

  const browser = browserOf(
    { ...agent.headers, origin: url },
    { onFrame: recordFrames(page, audience), events: pageEvents },
  );
  const api = createApi(url, browser);
  const { sync } = openAgent({
    url,
    userId: author.id,
    outbox,
    browser,
    api,
    availability: () => "online",
    onOnline: () => void loadInbox(),
    // A heartbeat brings numbers of conversations that the client may not have heard of.
    onEvent: ({ event }) => void (event === "heartbeat" && loadInbox()),
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
      const { conversations, nextCursor }: Inbox = await api<Inbox>("GET", path);
      sync.apply({ event: "conversations.loaded", data: { conversations, gone: [] } });
      cursor = nextCursor;
    }
  }

  return serve(page, audience, sync, () => void (isStale && loadInbox()));
}

type Frame = {
  event?: string;
  data?: { message?: Message };
  result?: { message?: Message } | null;
  error?: ErrorBody;
  /** of a page */
  messages?: Message[];
};

function recordFrames({ name, author, recorder }: Page, audience: Audience) {
  const record = recorder.listen(name, audience);
  return ({ data, result, error, messages = [] }: Frame) => {
    if (error) recorder.refuse(error);
    if (data?.message) record(data.message);
    for (const message of messages) record(message);
    if (!result?.message) return;
    record(result.message);
    recorder.acknowledge(author, result.message);
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
