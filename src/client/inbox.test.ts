import { expect, test } from "vitest";
import type { Conversation } from "#protocol/conversations.ts";
import type { Inbox } from "#protocol/inbox.ts";
import { applyForAgent } from "./agent-store.ts";
import type { Api } from "./api.ts";
import { type InboxQuery, inboxOf, loadInbox, reloadInbox } from "./inbox.ts";
import { type Change, emptyState, type State } from "./store.ts";

const all: InboxQuery = { websiteId: 1, view: "all", userId: "me" };
const me = { id: "me", name: "Ada" };

/** Conversation `id`, whose last message came `minute` minutes after the hour. */
const row = (id: string, minute: number, change: Partial<Conversation> = {}): Conversation => ({
  id,
  version: 1,
  status: "open",
  lastSeq: 1,
  agentReadSeq: 0,
  visitorReadSeq: 1,
  unread: 1,
  lastMessageAt: new Date(Date.UTC(2026, 0, 1, 10, minute)).toISOString(),
  createdAt: "2026-01-01T09:00:00.000Z",
  continuesId: null,
  websiteId: 1,
  visitor: { id: `v${id}`, name: null, email: null, online: false },
  assignee: null,
  preview: "hello",
  previewAuthor: "visitor",
  waitingSince: null,
  tagIds: [],
  ...change,
});

/** A server whose pages hold two rows, and the reader's side of it. */
function scene(...rows: Conversation[]) {
  let state = emptyState as State<Conversation>;
  const server = { rows, duringLoad: () => {}, requests: 0 };
  const sync = {
    getState: () => state,
    apply(change: Change) {
      state = applyForAgent(state, change);
    },
  };
  const api = (async (_method: string, path: string): Promise<Inbox> => {
    server.requests++;
    const from = Number(/cursor=(\d+)/.exec(path)?.[1] ?? 0);
    const listed = server.rows
      .filter(({ status }) => status === "open")
      .sort((a, b) => (a.lastMessageAt < b.lastMessageAt ? 1 : -1));
    const answer = {
      conversations: listed.slice(from, from + 2),
      nextCursor: listed.length > from + 2 ? String(from + 2) : null,
      counts: { all: 0, mine: 0, unassigned: 0 },
    };
    server.duringLoad();
    return answer;
  }) as Api;
  const shown = (horizon: Conversation | null, query = all) =>
    inboxOf(sync.getState(), query, horizon).map(({ id }) => id);
  return { server, sync, api, shown };
}

test("a list holds the rows of its view, newest first", () => {
  const state = {
    conversations: Object.fromEntries(
      [
        row("a", 1),
        row("b", 3, { assignee: me }),
        row("c", 2, { status: "resolved" }),
        row("d", 4, { websiteId: 2 }),
      ].map(conversation => [conversation.id, conversation]),
    ),
  };
  const listed = (view: InboxQuery["view"]) => inboxOf(state, { ...all, view }, null).map(({ id }) => id);
  expect(listed("all")).toEqual(["b", "a"]);
  expect(listed("mine")).toEqual(["b"]);
  expect(listed("unassigned")).toEqual(["a"]);
  expect(listed("resolved")).toEqual(["c"]);
});

test("pages follow one another, and rows beyond what is loaded stay hidden", async () => {
  const { sync, api, shown } = scene(row("a", 1), row("b", 2), row("c", 3), row("d", 4), row("e", 5));
  sync.apply({ event: "conversation.changed", data: { conversation: row("a", 1) } });
  const first = await loadInbox(sync, api, all, null);
  expect(shown(first.horizon)).toEqual(["e", "d"]);
  const second = await loadInbox(sync, api, all, first);
  expect(shown(second.horizon)).toEqual(["e", "d", "c", "b"]);
  const third = await loadInbox(sync, api, all, second);
  expect(shown(third.horizon)).toEqual(["e", "d", "c", "b", "a"]);
  expect(third).toEqual({ nextCursor: null, horizon: null });
});

test("applying an event equals a fresh fetch", async () => {
  const { server, sync, api, shown } = scene(row("a", 1), row("b", 2));
  await loadInbox(sync, api, all, null);
  const moved = row("a", 9, { version: 2 });
  sync.apply({ event: "conversation.changed", data: { conversation: moved } });
  const applied = shown(null);
  server.rows = [moved, row("b", 2)];
  await loadInbox(sync, api, all, null);
  expect(shown(null)).toEqual(applied);
});

test("a row that left the list while the client was offline is removed by loading again", async () => {
  const { server, sync, api, shown } = scene(row("a", 1), row("b", 2));
  await loadInbox(sync, api, all, null);
  server.rows = [row("b", 2)];
  await loadInbox(sync, api, all, null);
  expect(shown(null)).toEqual(["b"]);
});

test("an event that arrives while a list is loading is not undone by the older answer", async () => {
  const { server, sync, api, shown } = scene(row("a", 1));
  await loadInbox(sync, api, all, null);
  server.duringLoad = () => {
    sync.apply({ event: "conversation.changed", data: { conversation: row("new", 5) } });
    sync.apply({
      event: "conversation.changed",
      data: { conversation: row("a", 1, { version: 2, status: "resolved" }) },
    });
  };
  await loadInbox(sync, api, all, null);
  expect(shown(null)).toEqual(["new"]);
});

test("loading again reaches as far as before, and no further", async () => {
  const { server, sync, api, shown } = scene(row("a", 1), row("b", 2), row("c", 3), row("d", 4), row("e", 5));
  const reach = await loadInbox(sync, api, all, await loadInbox(sync, api, all, null));
  server.requests = 0;
  const again = await reloadInbox(sync, api, all, reach);
  expect(server.requests).toBe(2);
  expect(shown(again.horizon)).toEqual(["e", "d", "c", "b"]);
});
