import { setMaxListeners } from "node:events";
import { openAgent } from "#client/agent.ts";
import { createApi, isRefusal } from "#client/api.ts";
import { openVisitor } from "#client/visitor.ts";
import { browserOf } from "#lab/actors/clients.ts";
import type { AgentClient, VisitorClient } from "#lab/actors/people.ts";
import type { Inbox } from "#protocol/inbox.ts";
import { Client, type Page, recordFrames } from "./recorded-client.ts";

/** Fires the events of pages that get the focus. */
const pageEvents = new EventTarget();
setMaxListeners(0, pageEvents);

/** Gives all pages the focus: clients that are offline try to connect at once. */
export const focusPages = () => void pageEvents.dispatchEvent(new Event("focus"));

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
  return new Client(page, audience, sync);
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
    // A heartbeat may name conversations that the client does not hold yet.
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

  return new Client(page, audience, sync, () => void (isStale && loadInbox()));
}
