import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { VisitorConversation } from "#protocol/conversations.ts";
import { limits } from "#protocol/limits.ts";
import type { Message } from "#protocol/messages.ts";
import { apply, type LoadedPage, messagesOf } from "./store.ts";
import { Sync } from "./sync.ts";
import type { Asked } from "./thread.ts";

/** The other end of the wire, in the hands of the test. */
class FakeServer {
  static sockets: FakeServer[] = [];
  static get now() {
    return FakeServer.sockets.at(-1)!;
  }
  readyState = 1;
  frames: { ref: number; command: string; params: Record<string, unknown> }[] = [];
  onopen?: () => void;
  onclose?: (() => void) | null;
  onmessage?: ((event: { data: string }) => void) | null;

  constructor() {
    FakeServer.sockets.push(this);
    queueMicrotask(() => this.onopen?.());
  }
  send(text: string) {
    const frame = JSON.parse(text);
    this.frames.push(frame);
    if (frame.command === "hello") this.say({ ref: frame.ref, result: {} });
  }
  close() {
    this.readyState = 3;
  }
  say(frame: unknown) {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
  sends(command = "message.send") {
    return this.frames.filter(frame => frame.command === command);
  }
}

const moment = "2026-01-02T03:04:05.000Z";
const conversation: VisitorConversation = {
  id: "c",
  version: 1,
  status: "open",
  lastSeq: 1,
  agentReadSeq: 0,
  visitorReadSeq: 1,
  unread: 0,
  lastMessageAt: moment,
  createdAt: moment,
  continuesId: null,
};
const message = (seq: number, id = `m${seq}`, over: Partial<Message> = {}): Message => ({
  id,
  conversationId: "c",
  seq,
  kind: "text",
  author: "visitor",
  authorId: null,
  authorName: null,
  body: "hello",
  details: null,
  createdAt: moment,
  ...over,
});

let sync: Sync<VisitorConversation>;
const pages: Asked[] = [];
/** what the server answers when asked for messages; null: the first one */
let page: LoadedPage<VisitorConversation> | null;
const write = (conversationId: string | null = null) =>
  sync.send({ conversationId, websiteId: null, kind: "text", body: "hello" });

beforeEach(async () => {
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", FakeServer);
  FakeServer.sockets = [];
  pages.length = 0;
  page = null;
  sync = new Sync<VisitorConversation>({
    reduce: apply,
    url: "ws://test",
    hello: () => ({ as: "visitor", token: "t", page: { url: "", title: "" }, language: "en" }),
    onRefused: () => true,
    async fetchPage(_id, asked) {
      pages.push(asked);
      return page ?? { messages: [message(1)], more: false, conversation };
    },
    sendParams: pending => ({ id: pending.id, body: pending.body }),
    target: conversationId => ({ conversationId }),
    outbox: { load: () => [], save: () => undefined },
  });
  await vi.advanceTimersByTimeAsync(0);
});

afterEach(() => {
  sync.close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("a message that was not acknowledged when the socket broke is sent again with the same id", async () => {
  const id = write();
  FakeServer.now.onclose?.();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(FakeServer.sockets).toHaveLength(2);
  expect(FakeServer.now.sends().map(frame => frame.params.id)).toEqual([id]);

  const { ref } = FakeServer.now.sends()[0]!;
  FakeServer.now.say({ ref, result: { message: message(1, id), prev: 0, conversation } });
  await vi.advanceTimersByTimeAsync(0);
  expect(sync.getState().outbox).toEqual([]);
});

test("a message that was rate-limited is retried, unless it was discarded before", async () => {
  const kept = write();
  const dropped = write();
  const error = { code: "rate_limited", message: "slower" };
  FakeServer.now.say({ ref: FakeServer.now.sends()[0]!.ref, error });
  await vi.advanceTimersByTimeAsync(0);
  sync.discard(dropped);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(FakeServer.now.sends().map(frame => frame.params.id)).toEqual([kept, kept]);
});

test("messages of a conversation are sent in order, also after a retry or refusal; other conversations do not wait", async () => {
  const [first, second, third] = [write("c"), write("c"), write("c")];
  const other = write("other");
  const sends = () => FakeServer.now.sends().map(frame => frame.params.id);
  expect(sends()).toEqual([first, other]);
  const answer = (answer: object) => {
    FakeServer.now.say({ ref: FakeServer.now.sends().findLast(({ params }) => params.id !== other)!.ref, ...answer });
    return vi.advanceTimersByTimeAsync(200);
  };
  await answer({ error: { code: "overloaded", message: "full", details: { retryAfterMs: 100 } } });
  expect(sends()).toEqual([first, other, first]);
  await answer({ result: { message: message(1, first), prev: 0, conversation } });
  expect(sends()).toEqual([first, other, first, second]);
  await answer({ error: { code: "forbidden", message: "no" } });
  expect(sends()).toEqual([first, other, first, second, third]);
  await answer({ result: { message: message(2, third), prev: 1, conversation } });
  expect(sync.getState().outbox.map(({ id }) => id)).toEqual([second, other]);
  sync.retry(second);
  expect(sends().slice(5)).toEqual([second]);
});

test("a message that an overloaded server refused is retried after the time it named, and shown once", async () => {
  const id = write();
  const error = { code: "overloaded", message: "full", details: { retryAfterMs: 1_000 } };
  for (const tries of [1, 2]) {
    FakeServer.now.say({ ref: FakeServer.now.sends().at(-1)!.ref, error });
    await vi.advanceTimersByTimeAsync(999);
    expect(FakeServer.now.sends()).toHaveLength(tries);
    await vi.advanceTimersByTimeAsync(501);
    expect(FakeServer.now.sends().map(frame => frame.params.id)).toEqual(Array(tries + 1).fill(id));
    expect(sync.getState().outbox).toMatchObject([{ id, error: null }]);
  }
  const result = { message: message(1, id), prev: 0, conversation };
  FakeServer.now.say({ ref: FakeServer.now.sends().at(-1)!.ref, result });
  await vi.advanceTimersByTimeAsync(20_000);
  expect(sync.getState().outbox).toEqual([]);
  expect(FakeServer.now.sends()).toHaveLength(3);
});

test("clients that were refused at the same time retry at different times", async () => {
  const ids = Array.from({ length: 20 }, (_, nth) => write(`c${nth}`));
  const error = { code: "overloaded", message: "full", details: { retryAfterMs: 1_000 } };
  for (const { ref } of FakeServer.now.sends()) FakeServer.now.say({ ref, error });
  await vi.advanceTimersByTimeAsync(1_250);
  const back = FakeServer.now.sends().length - ids.length;
  expect(back).toBeGreaterThan(0);
  expect(back).toBeLessThan(ids.length);
});

test("a refused message stays with the reason, and is sent again on request", async () => {
  const id = write();
  FakeServer.now.say({ ref: FakeServer.now.sends()[0]!.ref, error: { code: "forbidden", message: "no" } });
  await vi.advanceTimersByTimeAsync(20_000);
  expect(sync.getState().outbox[0]?.error?.code).toBe("forbidden");
  expect(FakeServer.now.sends()).toHaveLength(1);
  sync.retry(id);
  expect(FakeServer.now.sends()).toHaveLength(2);
});

test("missing messages are requested, also while many other events arrive", async () => {
  await sync.open("c");
  const created = (id: string, seq: number) => ({
    event: "message.created",
    data: {
      message: { ...message(seq), conversationId: id },
      prev: seq - 1,
      conversation: { ...conversation, id, lastSeq: seq },
    },
  });
  pages.length = 0;
  FakeServer.now.say(created("c", 3));
  for (let seq = 1; seq <= 10; seq++) {
    FakeServer.now.say(created("other", seq));
    await vi.advanceTimersByTimeAsync(50);
  }
  expect(pages).toContainEqual({ after: 1, since: 0 });
});

test("a writer who sends no end of typing is shown for twice the interval", async () => {
  const data = { conversationId: "c", author: "agent", name: "Anna", typing: true };
  FakeServer.now.say({ event: "conversation.typing", data });
  await vi.advanceTimersByTimeAsync(limits.typingMs);
  FakeServer.now.say({ event: "conversation.typing", data });
  await vi.advanceTimersByTimeAsync(limits.typingMs * 2 - 1);
  expect(sync.getState().typing.c?.name).toBe("Anna");
  await vi.advanceTimersByTimeAsync(1);
  expect(sync.getState().typing.c).toBeUndefined();
});

const bodies = () => messagesOf(sync.getState(), "c").map(({ body }) => body);
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

/** What the server answers to an edit or a deletion of m1, and publishes. */
function changedTo(body: string, version: number, prevChanged = 0) {
  const [editedAt, deletedAt] = body ? [moment, null] : [null, moment];
  return {
    message: message(1, "m1", { body, editedAt, deletedAt, changedVersion: version }),
    prevChanged,
    conversation: { ...conversation, version, changedVersion: version },
  };
}

test("an edit shows at once, is sent, and stays when it is committed", async () => {
  await sync.open("c");
  const edited = sync.edit("c", "m1", "better");
  expect(bodies()).toEqual(["better"]);
  const { ref, params } = FakeServer.now.sends("message.edit")[0]!;
  expect(params).toEqual({ conversationId: "c", id: "m1", body: "better" });
  FakeServer.now.say({ ref, result: changedTo("better", 5) });
  await edited;
  expect(bodies()).toEqual(["better"]);
  expect(sync.getState().changes).toEqual([]);
  expect(sync.getState().threads.c?.messages[0]?.changedVersion).toBe(5);
});

test("a deletion that the server refuses is taken back, with the reason", async () => {
  await sync.open("c");
  const removed = sync.remove("c", "m1");
  expect(messagesOf(sync.getState(), "c")[0]).toMatchObject({ body: "", deletedAt: expect.any(String) });
  const { ref, params } = FakeServer.now.sends("message.delete")[0]!;
  expect(params).toEqual({ conversationId: "c", id: "m1" });
  const error = { code: "too_late", message: "Messages can be changed for 15 minutes." };
  FakeServer.now.say({ ref, error });
  await expect(removed).rejects.toEqual(error);
  expect(bodies()).toEqual(["hello"]);
});

test("changes without an answer when the socket broke are sent again, one by one and in order", async () => {
  await sync.open("c");
  const first = sync.edit("c", "m1", "first");
  const second = sync.edit("c", "m1", "second");
  expect(FakeServer.now.sends("message.edit")).toHaveLength(1);
  FakeServer.now.onclose?.();
  await pass(2_000);
  expect(bodies()).toEqual(["second"]);
  const sent = () => FakeServer.now.sends("message.edit").map(frame => frame.params.body);
  expect(sent()).toEqual(["first"]);
  FakeServer.now.say({ ref: FakeServer.now.sends("message.edit")[0]!.ref, result: changedTo("first", 5) });
  await first;
  await pass(0);
  expect(bodies()).toEqual(["second"]);
  expect(sent()).toEqual(["first", "second"]);
  FakeServer.now.say({ ref: FakeServer.now.sends("message.edit")[1]!.ref, result: changedTo("second", 6, 5) });
  await second;
  expect(bodies()).toEqual(["second"]);
});

test("a change that an overloaded server refused is retried after the time it named", async () => {
  await sync.open("c");
  void sync.edit("c", "m1", "better");
  const { ref } = FakeServer.now.sends("message.edit")[0]!;
  FakeServer.now.say({ ref, error: { code: "overloaded", message: "full", details: { retryAfterMs: 1_000 } } });
  await pass(1_501);
  expect(FakeServer.now.sends("message.edit")).toHaveLength(2);
  expect(bodies()).toEqual(["better"]);
});

test("missed changes are requested from the last version held, until nothing is missing", async () => {
  await sync.open("c");
  const row = (changedVersion: number) => ({ ...conversation, version: changedVersion, changedVersion });
  pages.length = 0;
  page = { messages: [], more: false, changed: [], moreChanged: false, conversation: row(0) };
  FakeServer.now.say({ event: "message.changed", data: changedTo("at 7", 7, 5) });
  await pass(200);
  expect(pages).toEqual([{ after: 1, since: 0 }]);
  // The server that answered has not seen the change yet: it is asked again, and not in a rush.
  await pass(2_999);
  expect(pages).toHaveLength(1);
  const changed = [message(1, "m1", { body: "at 7", changedVersion: 7 })];
  page = { messages: [], more: false, changed, moreChanged: false, conversation: row(7) };
  await pass(1);
  expect(pages).toHaveLength(2);
  await pass(10_000);
  expect(pages).toHaveLength(2);
  expect(bodies()).toEqual(["at 7"]);
});

test("after each hello a client requests what it missed, also while an older request has no answer", async () => {
  await sync.open("c");
  for (let times = 1; times <= 3; times++) {
    FakeServer.now.onclose?.();
    await pass(2_000);
  }
  expect(pages.slice(1)).toEqual(Array(3).fill({ after: 1, since: 0 }));
});
