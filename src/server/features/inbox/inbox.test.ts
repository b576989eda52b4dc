import { uuidv7 } from "uuidv7";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type App, startApp } from "#lab/actors/app.ts";
import type { AgentClient } from "#lab/actors/people.ts";
import type { ConversationShown } from "#protocol/conversations.ts";
import type { Inbox, InboxCounts, InboxView } from "#protocol/inbox.ts";
import { limits } from "#protocol/limits.ts";

let app: App;
let agent: AgentClient;
let colleague: AgentClient;
let stranger: AgentClient;

beforeAll(async () => {
  app = await startApp();
  [agent, colleague] = await Promise.all([app.agent(), app.agent()]);
  stranger = (await app.otherWebsite()).owner;
});
afterAll(() => app.stop());

/** Each test has a website of its own: its inbox holds what the test puts there. */
async function newInbox(by = app.owner) {
  const request = { name: "Inbox", allowedOrigins: ["https://shop.example"] };
  const { id, publicKey } = await app.owner.api<{ id: number; publicKey: string }>("POST", "/websites", request);
  const path = `/websites/${id}`;
  const visitor = () => app.visitor({ websiteKey: publicKey });
  return {
    id,
    path,
    visitor,
    page: (query: Record<string, string> = {}, as = by) =>
      as.api<Inbox>("GET", `${path}/inbox?${new URLSearchParams(query)}`),
    counts: (as = by) => as.api<InboxCounts>("GET", `${path}/inbox/counts`),
    act: (conversationId: string, verb: string, body?: unknown, as = by) =>
      as.api("POST", `${path}/conversations/${conversationId}/${verb}`, body),
    async begin(body: string): Promise<string> {
      return (await (await visitor()).send(body)).conversation.id;
    },
    async join(member: AgentClient) {
      const { token } = await app.owner.api<{ token: string }>("POST", `${path}/invitations`, { role: "agent" });
      await member.api("POST", `/invitations/${token}`, {});
    },
  };
}
type TestInbox = Awaited<ReturnType<typeof newInbox>>;

const idsOf = ({ conversations }: Inbox) => conversations.map(({ id }) => id);

/** Conversations past the API, which limits visitors: all with something unread, the newest message at one moment. */
async function insertConversations({ id }: TestInbox, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => uuidv7());
  await app.sql.query("insert into visitors (website_id, id) select $1, unnest($2::uuid[])", [id, ids]);
  await app.sql.query(
    `insert into conversations (website_id, id, visitor_id, agent_unread, may_have_unread, preview, last_message_at)
     select $1, id, id, 1, true, 'Hello', '2026-01-01' from unnest($2::uuid[]) as id`,
    [id, ids],
  );
  return ids;
}

/** All pages of a view, one after another. */
async function readAll(inbox: TestInbox, between: () => Promise<unknown> = async () => {}): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const page: Inbox = await inbox.page(cursor ? { cursor } : {});
    ids.push(...idsOf(page));
    cursor = page.nextCursor;
    if (cursor) await between();
  }
  return ids;
}

test("each view holds its conversations, the one with the newest message first", async () => {
  const inbox = await newInbox();
  await inbox.join(colleague);
  const [mine, theirs, unassigned, done] = [
    await inbox.begin("Mine"),
    await inbox.begin("Theirs"),
    await inbox.begin("Unassigned"),
    await inbox.begin("Done"),
  ] as [string, string, string, string];
  await inbox.act(mine, "assign", { assigneeId: app.owner.me.user.id });
  await inbox.act(theirs, "assign", { assigneeId: colleague.me.user.id });
  await inbox.act(done, "resolve");
  const views: Record<InboxView, string[]> = {
    all: [theirs, mine, unassigned],
    mine: [mine],
    unassigned: [unassigned],
    resolved: [done],
  };
  for (const [view, ids] of Object.entries(views)) {
    expect([view, idsOf(await inbox.page({ view }))]).toEqual([view, ids]);
  }
  expect(idsOf(await inbox.page({ view: "mine" }, colleague))).toEqual([theirs]);
  expect(idsOf(await inbox.page())).toEqual(views.all);
});

test("a row says what the conversation itself says", async () => {
  const inbox = await newInbox();
  const visitor = await inbox.visitor();
  const { conversation } = await visitor.send("Where is my order?");
  const socket = await visitor.socket();
  const [row] = (await inbox.page()).conversations;
  const shown = await app.owner.api<ConversationShown>("GET", `${inbox.path}/conversations/${conversation.id}`);
  expect(row).toEqual(shown.conversation);
  expect(row).toMatchObject({
    preview: "Where is my order?",
    previewAuthor: "visitor",
    unread: 1,
    visitor: { online: true },
    waitingSince: expect.any(String),
  });
  await socket.close();
});

test("pages hold each conversation once, also where all have their newest message at one moment", async () => {
  const inbox = await newInbox();
  const ids = await insertConversations(inbox, 2 * limits.inboxPageSize + 5);
  const first = await inbox.page();
  expect(first.conversations).toHaveLength(limits.inboxPageSize);
  expect(await readAll(inbox)).toEqual(ids.toSorted().toReversed());
});

test("conversations that get a message while an agent reads on are not shown twice, and hide no other one", async () => {
  const inbox = await newInbox();
  const moving = await inbox.begin("I was here first");
  await app.sql.query("update conversations set last_message_at = '2025-12-31' where id = $1", [moving]);
  const ids = await insertConversations(inbox, limits.inboxPageSize + 5);
  const path = `${inbox.path}/conversations/${moving}/messages`;
  const answer = () => app.owner.api("POST", path, { id: uuidv7(), body: "We are back" });
  // It moves to the top, which this agent has read already.
  expect(await readAll(inbox, answer)).toEqual(ids.toSorted().toReversed());
  expect(idsOf(await inbox.page())[0]).toBe(moving);
});

test("counts are of open conversations with something unread, and each agent has their own", async () => {
  const inbox = await newInbox();
  await inbox.join(colleague);
  const [one, two, three] = [await inbox.begin("One"), await inbox.begin("Two"), await inbox.begin("Three")];
  await inbox.act(one, "assign", { assigneeId: app.owner.me.user.id });
  await inbox.act(two, "assign", { assigneeId: colleague.me.user.id });
  expect(await inbox.counts()).toEqual({ all: 3, mine: 1, unassigned: 1 });
  expect((await inbox.page()).counts).toEqual({ all: 3, mine: 1, unassigned: 1 });
  await inbox.act(one, "read", { seq: 99 });
  expect(await inbox.counts()).toEqual({ all: 2, mine: 0, unassigned: 1 });
  expect(await inbox.counts(colleague)).toEqual({ all: 2, mine: 1, unassigned: 1 });
  await inbox.act(three, "resolve");
  await inbox.act(two, "resolve", undefined, colleague);
  expect(await inbox.counts(colleague)).toEqual({ all: 0, mine: 0, unassigned: 0 });
});

test("what is unread is counted up to a bound, which screens show as 99+", async () => {
  const inbox = await newInbox();
  await insertConversations(inbox, limits.unreadCountMax + 20);
  const max = limits.unreadCountMax;
  expect(await inbox.counts()).toEqual({ all: max, mine: 0, unassigned: max });
});

test("every agent gets their own counts when something changes", async () => {
  const inbox = await newInbox();
  await inbox.join(colleague);
  const sockets = [await app.owner.socket(), await colleague.socket()];
  const id = await inbox.begin("Hello");
  await inbox.act(id, "assign", { assigneeId: colleague.me.user.id });
  for (const [ownUnread, socket] of sockets.entries()) {
    const { counts } = await socket.event("inbox.counts", data => {
      const { all, unassigned } = data.counts as InboxCounts;
      return data.websiteId === inbox.id && all === 1 && unassigned === 0;
    });
    expect(counts).toMatchObject({ mine: ownUnread });
    await socket.close();
  }
});

test("a deleted conversation is in no view and no count", async () => {
  const inbox = await newInbox();
  const [kept, deleted] = [await inbox.begin("Kept"), await inbox.begin("Deleted")];
  await app.sql.query("update conversations set deleted_at = now() where id = $1", [deleted]);
  expect(idsOf(await inbox.page())).toEqual([kept]);
  expect(await inbox.counts()).toEqual({ all: 1, mine: 0, unassigned: 1 });
  expect((await app.owner.api<{ unread: number }>("GET", inbox.path)).unread).toBe(1);
});

test("an inbox shows nothing of another website's, even with a cursor from there", async () => {
  const [inbox, other] = [await newInbox(), await newInbox()];
  const id = await inbox.begin("Ours");
  await insertConversations(other, limits.inboxPageSize + 1);
  const { nextCursor } = await other.page();
  expect(idsOf(await inbox.page())).toEqual([id]);
  expect(idsOf(await inbox.page({ cursor: nextCursor! }))).toEqual([]);
});

test("to strangers and former agents the inbox does not exist", async () => {
  const inbox = await newInbox();
  await inbox.join(agent);
  await inbox.page({}, agent);
  await app.owner.api("DELETE", `${inbox.path}/agents/${agent.me.user.id}`);
  await agent.signIn();
  for (const outsider of [stranger, agent]) {
    await expect(inbox.page({}, outsider)).rejects.toMatchObject({ status: 404, code: "not_found" });
    await expect(inbox.counts(outsider)).rejects.toMatchObject({ status: 404, code: "not_found" });
  }
  const visitor = await inbox.visitor();
  await expect(visitor.api("GET", `${inbox.path}/inbox`)).rejects.toMatchObject({ status: 401 });
});

test("a cursor that no page gave, and an unknown view or tag, are refused", async () => {
  const inbox = await newInbox();
  const moment = "2026-01-01T00:00:00.000Z";
  for (const cursor of ["x", `${moment}_`, `${moment}_1`, `yesterday_${uuidv7()}`, `_${uuidv7()}`]) {
    await expect(inbox.page({ cursor })).rejects.toMatchObject({ status: 400, code: "invalid_cursor" });
  }
  const refused = { cursor: "x".repeat(101), view: "everything", tag: "Refund" };
  for (const [field, value] of Object.entries(refused)) {
    await expect(inbox.page({ [field]: value })).rejects.toMatchObject({
      status: 400,
      code: "invalid_request",
      message: expect.stringContaining(`${field}: `),
    });
  }
});
