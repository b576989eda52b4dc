import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "#client/ids.ts";
import { type App, startApp } from "#lab/actors/app.ts";
import type { ConversationShown } from "#protocol/conversations.ts";
import type { AgentPage, AgentSent, VisitorPage, VisitorSent } from "#protocol/messages.ts";

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

const storedSeqs = async (conversationId: string) => {
  const { rows } = await app.sql.query("select seq, id from messages where conversation_id = $1 order by seq", [
    conversationId,
  ]);
  return rows as { seq: number; id: string }[];
};

test("a session and a hello write nothing; the first message begins the conversation", async () => {
  const count = async () => {
    const { rows } = await app.sql.query(
      "select (select count(*) from visitors) as visitors, (select count(*) from conversations) as conversations",
    );
    return rows[0];
  };
  const before = await count();
  const visitor = await app.visitor();
  const socket = await visitor.socket();
  expect(await count()).toEqual(before);

  const sent = await socket.command<VisitorSent>("message.send", { id: newId(), conversationId: null, body: "Hi" });
  expect(sent.message).toMatchObject({ seq: 1, author: "visitor", body: "Hi" });
  expect(sent.prev).toBe(0);
  expect(await count()).not.toEqual(before);
  await socket.close();
});

test("sending again with the same id gives the same message, over HTTP and socket alike", async () => {
  const visitor = await app.visitor();
  const id = newId();
  const first = await visitor.send("Once", { id });
  const conversationId = first.conversation.id;
  const socket = await visitor.socket();
  const again = [
    await visitor.send("Once", { id }),
    await visitor.send("Once", { id, conversationId }),
    await socket.command<VisitorSent>("message.send", { id, conversationId, body: "Another text under the same id" }),
  ];
  for (const { message, prev } of again)
    expect({ message, prev }).toEqual({ message: first.message, prev: first.prev });
  expect(await storedSeqs(conversationId)).toEqual([{ seq: 1, id }]);
  await socket.close();
});

test("first messages sent at once from two tabs end in one conversation", async () => {
  const visitor = await app.visitor();
  const sent = await Promise.all(["a", "b", "c"].map(body => visitor.send(body)));
  expect(new Set(sent.map(({ conversation }) => conversation.id)).size).toBe(1);
  expect(sent.map(({ message }) => message.seq).sort()).toEqual([1, 2, 3]);
});

test("messages sent at once, each of them twice, are numbered without a gap and stored once", async () => {
  const { agent, visitor, conversationId } = await app.scene();
  const ids = Array.from({ length: 18 }, () => newId());
  const sends = ids.flatMap((id, i) => {
    const send = () =>
      i % 2 ? agent.send(conversationId, `m${i}`, { id }) : visitor.send(`m${i}`, { id, conversationId });
    return [send(), send()];
  });
  const sent = await Promise.all(sends);
  const stored = await storedSeqs(conversationId);
  expect(stored.map(({ seq }) => seq)).toEqual(Array.from({ length: 19 }, (_, i) => i + 1));
  for (const { message } of sent) expect(stored[message.seq - 1]!.id).toBe(message.id);
});

test("a note is for agents, and causes no gap for the visitor", async () => {
  const { agent, visitor, conversationId } = await app.scene();
  const [listening, other] = await Promise.all([visitor.socket(), app.owner.socket()]);
  await agent.send(conversationId, "She ordered twice", { kind: "note" });
  const answer = await agent.send(conversationId, "You have two orders.");
  const event = await listening.event("message.created");
  expect(event).toMatchObject({ prev: 1, message: { seq: 3, body: "You have two orders." } });
  expect(listening.events.filter(({ event }) => event === "message.created")).toHaveLength(1);
  expect(await other.event("message.created", ({ prev }) => prev === 2)).toMatchObject({ message: answer.message });

  const page = await visitor.api<VisitorPage>("GET", `/widget/conversations/${conversationId}/messages`);
  expect(page.messages.map(({ seq }) => seq)).toEqual([1, 3]);
  const whole = await agent.api<AgentPage>(
    "GET",
    `/websites/${app.website.id}/conversations/${conversationId}/messages`,
  );
  expect(whole.messages.map(({ kind }) => kind)).toEqual(["text", "note", "text"]);
  await Promise.all([listening.close(), other.close()]);
});

test("unread, waiting and read cursors follow what is sent and read", async () => {
  const { agent, visitor, conversationId } = await app.scene();
  const shown = async () => {
    const path = `/websites/${app.website.id}/conversations/${conversationId}`;
    return (await agent.api<ConversationShown>("GET", path)).conversation;
  };
  expect(await shown()).toMatchObject({ unread: 1, lastSeq: 1, waitingSince: expect.any(String) });
  await agent.act(conversationId, "read", { seq: 1 });
  expect(await shown()).toMatchObject({ unread: 0, agentReadSeq: 1, waitingSince: expect.any(String) });
  const { conversation } = await agent.send(conversationId, "Yes!");
  expect(conversation).toMatchObject({ waitingSince: null, preview: "Yes!", previewAuthor: "agent" });
  const seen = await visitor.api<{ conversation: { unread: number } }>(
    "POST",
    `/widget/conversations/${conversationId}/read`,
    { seq: 99 },
  );
  expect(seen.conversation.unread).toBe(0);
  await visitor.send("One", { conversationId });
  await visitor.send("Two", { conversationId });
  await agent.act(conversationId, "read", { seq: 3 });
  expect(await shown()).toMatchObject({ unread: 1, agentReadSeq: 3, visitorReadSeq: 2 });
  await agent.act(conversationId, "read", { seq: 1 });
  expect((await shown()).agentReadSeq).toBe(3);
});

test("after 30 days the next message opens a conversation that continues the old one, for visitor and agent", async () => {
  const age = (id: string) =>
    app.sql.query("update conversations set created_at = now() - interval '31 days' where id = $1", [id]);
  const { agent, visitor, conversationId } = await app.scene();
  const lateId = newId();
  await visitor.send("Just in time", { id: lateId, conversationId });
  await age(conversationId);

  const retried = await visitor.send("Just in time", { id: lateId, conversationId });
  expect(retried.message).toMatchObject({ conversationId, seq: 2 });

  const next = await visitor.send("Me again", { conversationId });
  expect(next.conversation).toMatchObject({ continuesId: conversationId, status: "open" });
  expect(next.message.seq).toBe(1);
  const old = await agent.api<ConversationShown>("GET", `/websites/${app.website.id}/conversations/${conversationId}`);
  expect(old.conversation.status).toBe("resolved");

  const answer = await agent.send(conversationId, "Welcome back");
  expect(answer.message).toMatchObject({ conversationId: next.conversation.id, seq: 2 });
  await age(next.conversation.id);
  const third = await agent.send(next.conversation.id, "Anything else?");
  expect(third.conversation.continuesId).toBe(next.conversation.id);
});

test("a visitor's message opens a resolved conversation again; an agent's leaves it", async () => {
  const { agent, visitor, conversationId } = await app.scene();
  await agent.act(conversationId, "resolve");
  expect((await agent.send(conversationId, "Have a nice day")).conversation.status).toBe("resolved");
  expect((await visitor.send("Wait!", { conversationId })).conversation.status).toBe("open");
});

test("pages go back and forth without a gap or a repetition", async () => {
  const { agent, visitor, conversationId } = await app.scene();
  for (let i = 2; i <= 12; i++) {
    await (i % 3 ? agent.send(conversationId, `m${i}`) : visitor.send(`m${i}`, { conversationId }));
  }
  const path = `/websites/${app.website.id}/conversations/${conversationId}/messages`;
  const seen: number[] = [];
  for (let before: number | null = 1_000; before; ) {
    const page: AgentPage = await agent.api<AgentPage>("GET", `${path}?limit=5&before=${before}`);
    seen.unshift(...page.messages.map(({ seq }) => seq));
    before = page.more ? page.messages[0]!.seq : null;
  }
  const forth = await agent.api<AgentPage>("GET", `${path}?after=0&limit=100`);
  expect(seen).toEqual(forth.messages.map(({ seq }) => seq));
  expect(forth.more).toBe(false);
});

test("a text that is too long, empty or cannot be stored is refused with the reason", async () => {
  const { agent, conversationId } = await app.scene();
  for (const body of ["", "   ", "x".repeat(10_001), "nul \u0000"]) {
    await expect(agent.send(conversationId, body)).rejects.toMatchObject({ code: "invalid_request", status: 400 });
  }
  expect((await agent.send(conversationId, "x".repeat(10_000))).message.body).toHaveLength(10_000);
  expect((await agent.send(conversationId, "<img src=x onerror=alert(1)> 👩‍👩‍👧 שלום")).message.body).toContain(
    "👩‍👩‍👧",
  );
});

test("strangers are refused and get no event", async () => {
  const { agent, visitor, conversationId, stranger } = await app.scene();
  const other = await app.visitor();
  const listening = await Promise.all([stranger.socket(), other.socket()]);
  await expect(stranger.send(conversationId, "Hm")).rejects.toMatchObject({ code: "not_found" });
  await expect(
    stranger.api("POST", `/websites/${app.website.id}/conversations/${conversationId}/messages`, {
      id: newId(),
      body: "Hm",
    }),
  ).rejects.toMatchObject({ status: 404 });
  // A message to another visitor's conversation begins a conversation of the sender.
  const sent = await other.send("Mine?", { conversationId });
  expect(sent.conversation.id).not.toBe(conversationId);
  await agent.send(conversationId, "Between us");
  await visitor.send("Sure", { conversationId });
  await Promise.all(listening.map(socket => socket.command("message.send", {}).catch(() => null)));
  const received = listening.flatMap(({ events }) => events).filter(({ event }) => event === "message.created");
  expect(received.map(({ data }) => (data as AgentSent).message.body)).toEqual(["Mine?"]);
  await Promise.all(listening.map(socket => socket.close()));
});
