import { setMaxListeners } from "node:events";
import { openAgent } from "#client/agent.ts";
import { createApi, isRefusal } from "#client/api.ts";
import type { TextStorage } from "#client/storage.ts";
import { hasOlder, messagesOf } from "#client/store.ts";
import type { Sync } from "#client/sync.ts";
import { openVisitor } from "#client/visitor.ts";
import { browserOf } from "#lab/actors/clients.ts";
import type { AgentClient, VisitorClient } from "#lab/actors/people.ts";
import type { Audience, Author, Held } from "#lab/history/history.ts";
import { copyOf, type Recorder } from "#lab/history/recorder.ts";
import type { Conversation, VisitorConversation } from "#protocol/conversations.ts";
import type { ErrorBody } from "#protocol/errors.ts";
import type { Inbox } from "#protocol/inbox.ts";
import type { Message } from "#protocol/messages.ts";

/** Fires the events of a page to which its reader comes back. */
const pageEvents = new EventTarget();
setMaxListeners(0, pageEvents);

/** All readers come back to their pages: clients that are offline try to connect at once. */
export const focusPages = () => void pageEvents.dispatchEvent(new Event("focus"));

type AnySync = Sync<Conversation> | Sync<VisitorConversation>;

/** A page with a chat. It does around the client what widget and dashboard do. */
export type Client = {
  name: string;
  audience: Audience;
  sync: AnySync;
  /** Opens conversations that it knows, and reloads what may be stale; to be called now and then. */
  update(): void;
  /** Loads all older messages. @returns all that it holds then */
  listHeld(): Promise<Held>;
  /** how often it came back online */
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
    // A heartbeat has numbers of conversations that the client may not know yet.
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
      sync.apply({ event: "conversations.loaded", data: { conversations, removed: [] } });
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
  const record = recorder.addReceiver(name, audience);
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
    update() {
      openAll();
      reload();
    },
    async listHeld() {
      for (const id of Object.keys(sync.getState().threads)) {
        while (hasOlder(sync.getState(), id)) await sync.loadOlder(id);
      }
      const state = sync.getState();
      return {
        name: page.name,
        audience,
        threads: Object.keys(state.threads).map(conversationId => ({
          conversationId,
          messages: messagesOf(state, conversationId).map(copyOf),
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
