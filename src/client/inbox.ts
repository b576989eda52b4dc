import type { Conversation } from "#protocol/conversations.ts";
import type { Inbox, InboxView } from "#protocol/inbox.ts";
import type { Api } from "./api.ts";
import type { State } from "./store.ts";
import type { Sync } from "./sync.ts";

/** The part of an agent's client that a list needs. */
type Rows = Pick<Sync<Conversation>, "getState" | "apply">;

/** Which list: of a website, by view, as this user sees it; with a tag, only the conversations that have it. */
export type InboxQuery = { websiteId: number; view: InboxView; userId: string; tagId?: string | undefined };

/** How far a list is loaded. Rows after `horizon` are not shown, even if the state holds them. */
export type InboxReach = { nextCursor: string | null; horizon: Conversation | null };

/**
 * The rows of a list, computed from the state, newest first: an event that moves a conversation into a view or out of
 * it needs no request.
 */
export function inboxOf(
  state: Pick<State<Conversation>, "conversations">,
  query: InboxQuery,
  horizon: Conversation | null,
): Conversation[] {
  return Object.values(state.conversations)
    .filter(row => isIn(row, query) && (!horizon || newestFirst(row, horizon) <= 0))
    .sort(newestFirst);
}

/** Loads a list again as far as it was loaded, because events may have been missed. */
export async function reloadInbox(
  sync: Rows,
  api: Api,
  query: InboxQuery,
  held: InboxReach | null,
): Promise<InboxReach> {
  let reach = await loadInbox(sync, api, query, null);
  // If the whole list was held, one page is enough: scrolling loads the rest.
  while (reach.horizon && held?.horizon && newestFirst(reach.horizon, held.horizon) < 0) {
    reach = await loadInbox(sync, api, query, reach);
  }
  return reach;
}

/** Loads the first page, or the one after `from`, and returns how far the list now reaches. */
export async function loadInbox(sync: Rows, api: Api, query: InboxQuery, from: InboxReach | null): Promise<InboxReach> {
  const before = sync.getState().conversations;
  const cursor = from?.nextCursor ? `&cursor=${encodeURIComponent(from.nextCursor)}` : "";
  const tag = query.tagId ? `&tag=${query.tagId}` : "";
  const page = await api<Inbox>("GET", `/websites/${query.websiteId}/inbox?view=${query.view}${tag}${cursor}`);
  const horizon = page.nextCursor ? (page.conversations.at(-1) ?? null) : null;

  // A row that is not in the answer has left the list unseen, unless an event has changed it since the request.
  const { conversations } = sync.getState();
  const answered = new Set(page.conversations.map(row => row.id));
  const removed = Object.values(before).filter(
    row =>
      isIn(row, query) &&
      !answered.has(row.id) &&
      conversations[row.id] === row &&
      (!from?.horizon || newestFirst(row, from.horizon) > 0) &&
      (!horizon || newestFirst(row, horizon) <= 0),
  );
  sync.apply({
    event: "conversations.loaded",
    data: { conversations: page.conversations, removed: removed.map(row => row.id) },
  });
  sync.apply({ event: "counts.loaded", data: { websiteId: query.websiteId, counts: page.counts } });
  return { nextCursor: page.nextCursor, horizon };
}

function isIn(row: Conversation, { websiteId, view, userId, tagId }: InboxQuery): boolean {
  if (row.websiteId !== websiteId || row.deletedAt) return false;
  if (tagId && !row.tagIds.includes(tagId)) return false;
  if (view === "resolved") return row.status === "resolved";
  if (row.status !== "open") return false;
  if (view === "mine") return row.assignee?.id === userId;
  return view === "all" || row.assignee === null;
}

/** The order of the server's index: last message, then id, both descending. */
const newestFirst = (a: Conversation, b: Conversation): number =>
  Date.parse(b.lastMessageAt) - Date.parse(a.lastMessageAt) || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);
