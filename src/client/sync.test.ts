import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { VisitorConversation } from "#protocol/conversations.ts";
import { limits } from "#protocol/limits.ts";
import type { Message } from "#protocol/messages.ts";
import type { Asked } from "./store.ts";
import { createSync, type Sync } from "./sync.ts";

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
  sends() {
    return this.frames.filter(frame => frame.command === "message.send");
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
const message = (seq: number, id = `m${seq}`): Message => ({
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
});

let sync: Sync<VisitorConversation>;
const pages: Asked[] = [];
const write = (conversationId: string | null = null) =>
  sync.send({ conversationId, websiteId: null, kind: "text", body: "hello" });

beforeEach(async () => {
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", FakeServer);
  FakeServer.sockets = [];
  sync = createSync<VisitorConversation>({
    url: "ws://test",
    hello: () => ({ as: "visitor", token: "t", page: { url: "", title: "" }, language: "en" }),
    onRefused: () => true,
    async fetchPage(_id, asked) {
      pages.push(asked);
      return { messages: [message(1)], more: false, conversation };
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

test("a message that was not acknowledged when the socket broke goes again with the same id", async () => {
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

test("a message that was limited goes again later, and one that was discarded meanwhile does not", async () => {
  const kept = write();
  const dropped = write();
  const error = { code: "rate_limited", message: "slower" };
  FakeServer.now.say({ ref: FakeServer.now.sends()[0]!.ref, error });
  await vi.advanceTimersByTimeAsync(0);
  sync.discard(dropped);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(FakeServer.now.sends().map(frame => frame.params.id)).toEqual([kept, kept]);
});

test("what is said in a row goes in that order, whatever is put off or refused; other conversations do not wait", async () => {
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

test("a message for which the server had no room goes again when it said, not earlier, and is shown once", async () => {
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

test("clients that were refused at once do not come back at once", async () => {
  const ids = Array.from({ length: 20 }, (_, nth) => write(`c${nth}`));
  const error = { code: "overloaded", message: "full", details: { retryAfterMs: 1_000 } };
  for (const { ref } of FakeServer.now.sends()) FakeServer.now.say({ ref, error });
  await vi.advanceTimersByTimeAsync(1_250);
  const back = FakeServer.now.sends().length - ids.length;
  expect(back).toBeGreaterThan(0);
  expect(back).toBeLessThan(ids.length);
});

test("a message that was refused stays, says why, and goes again when asked", async () => {
  const id = write();
  FakeServer.now.say({ ref: FakeServer.now.sends()[0]!.ref, error: { code: "forbidden", message: "no" } });
  await vi.advanceTimersByTimeAsync(20_000);
  expect(sync.getState().outbox[0]?.error?.code).toBe("forbidden");
  expect(FakeServer.now.sends()).toHaveLength(1);
  sync.retry(id);
  expect(FakeServer.now.sends()).toHaveLength(2);
});

test("what is missing is asked for, however much else is told meanwhile", async () => {
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
  expect(pages).toContainEqual({ after: 1 });
});

test("somebody who goes silent while typing is forgotten after twice the interval", async () => {
  const data = { conversationId: "c", author: "agent", name: "Anna", typing: true };
  FakeServer.now.say({ event: "conversation.typing", data });
  await vi.advanceTimersByTimeAsync(limits.typingMs);
  FakeServer.now.say({ event: "conversation.typing", data });
  await vi.advanceTimersByTimeAsync(limits.typingMs * 2 - 1);
  expect(sync.getState().typing.c?.name).toBe("Anna");
  await vi.advanceTimersByTimeAsync(1);
  expect(sync.getState().typing.c).toBeUndefined();
});
