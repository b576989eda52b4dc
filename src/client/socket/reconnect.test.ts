import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { limits } from "#protocol/limits.ts";
import { ReconnectingSocket } from "./reconnect.ts";

/** Clock, sockets and requests in the hands of the test. */

class FakeSocket {
  static opened: FakeSocket[] = [];
  static blocked = false;
  readyState = 0;
  onopen: (() => void) | null = null;
  onclose: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;

  constructor() {
    FakeSocket.opened.push(this);
    const { blocked } = FakeSocket;
    queueMicrotask(() => {
      if (blocked) return this.onclose?.();
      this.readyState = 1;
      this.onopen?.();
    });
  }
  send(text: string) {
    const { ref } = JSON.parse(text);
    this.onmessage?.({ data: JSON.stringify({ ref, ...hello }) });
  }
  close() {
    this.readyState = 3;
  }
}

let hello: { result: unknown } | { error: unknown };
let requests: string[];
let answers: boolean;
let status: string;
let sockets: ReconnectingSocket[];

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", FakeSocket);
  vi.stubGlobal("fetch", async (url: string) => {
    requests.push(url);
    if (!answers) throw new TypeError("no network");
    const what = url.split("/").at(-1);
    if (what === "events") {
      await new Promise(resolve => setTimeout(resolve, limits.pollMs));
      return { json: async () => ({ events: [{ event: "heartbeat", data: {} }] }) };
    }
    return { json: async () => (what === "open" ? { line: "l", result: {} } : { result: null }) };
  });
  FakeSocket.opened = [];
  FakeSocket.blocked = false;
  hello = { result: {} };
  requests = [];
  answers = true;
  sockets = [];
});
afterEach(() => {
  for (const socket of sockets) socket.close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

function open(): ReconnectingSocket {
  const socket = new ReconnectingSocket({
    url: "ws://chat.example/api/v1/socket",
    hello: () => ({ as: "agent" }),
    onEvent: () => undefined,
    onOnline: () => undefined,
    onStatus: next => {
      status = next;
    },
    onRefused: () => true,
  });
  sockets.push(socket);
  return socket;
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

test("a thousand clients that lose their sockets at once reconnect spread over two seconds", async () => {
  for (let i = 0; i < 1_000; i++) open();
  await pass(0);
  const before = FakeSocket.opened.length;
  for (const socket of FakeSocket.opened) socket.onclose?.();
  const arrivals: number[] = [];
  for (let quarter = 0; quarter < 8; quarter++) {
    const came = FakeSocket.opened.length;
    await pass(250);
    arrivals.push(FakeSocket.opened.length - came);
  }
  expect(FakeSocket.opened.length).toBe(before * 2);
  // 125 each on average; below 70 or above 190 is one run in many millions
  for (const count of arrivals) expect(count).toBeGreaterThan(70);
  for (const count of arrivals) expect(count).toBeLessThan(190);
});

test("a client that an overloaded server refused waits as long as the server said, plus a random time", async () => {
  hello = { error: { code: "overloaded", message: "full", details: { retryAfterMs: 5_000 } } };
  for (let i = 0; i < 50; i++) open();
  await pass(0);
  expect(FakeSocket.opened).toHaveLength(50);
  await pass(4_999);
  expect(FakeSocket.opened).toHaveLength(50);
  hello = { result: {} };
  await pass(1_000);
  expect(FakeSocket.opened.length).toBeGreaterThan(50);
  expect(FakeSocket.opened.length).toBeLessThan(100);
  await pass(1_001);
  expect(FakeSocket.opened).toHaveLength(100);
  expect(requests).toEqual([]);
});

test("if sockets are blocked the client polls, reconnects by polling, and moves to a socket that opens again", async () => {
  FakeSocket.blocked = true;
  const socket = open();
  await pass(2_000);
  expect(status).toBe("online");
  expect(FakeSocket.opened).toHaveLength(2);
  expect(requests.map(url => url.replace("http://chat.example/api/v1/poll/", ""))).toEqual(["open", "events"]);
  await socket.send("page.view", {});
  expect(requests.at(-1)).toMatch(/send$/);

  await pass(600_000);
  expect(FakeSocket.opened.length).toBeGreaterThan(2);
  expect(status).toBe("online");
  FakeSocket.blocked = false;
  await pass(450_000);
  const polled = requests.length;
  await socket.send("page.view", {});
  expect(status).toBe("online");
  expect(requests).toHaveLength(polled);
});

test("if the server is down the client tries sockets first, until the server is back", async () => {
  FakeSocket.blocked = true;
  answers = false;
  open();
  await pass(60_000);
  expect(status).toBe("offline");
  expect(requests.length).toBeGreaterThan(0);
  FakeSocket.blocked = false;
  answers = true;
  requests = [];
  await pass(30_000);
  expect(status).toBe("online");
  expect(requests).toEqual([]);
});

test("a socket that opens and brings no frame counts as blocked", async () => {
  vi.spyOn(FakeSocket.prototype, "send").mockImplementation(() => undefined);
  open();
  await pass(25_000);
  expect(status).toBe("online");
  expect(requests.length).toBeGreaterThan(0);
});

test("while the server is down most tries are sockets: polling too would double the server's work when it is back", async () => {
  FakeSocket.blocked = true;
  answers = false;
  open();
  await pass(300_000);
  expect(requests.length).toBeGreaterThan(2);
  expect(requests.length).toBeLessThanOrEqual(FakeSocket.opened.length / 2);
  FakeSocket.blocked = false;
  await pass(30_000);
  expect(status).toBe("online");
});

test("the reply timeout grows with each try, so that thousands of clients do not reconnect for ever", async () => {
  answers = false;
  const lateMs = 30_000;
  vi.spyOn(FakeSocket.prototype, "send").mockImplementation(function (this: FakeSocket, text: string) {
    const { ref } = JSON.parse(text);
    setTimeout(() => this.onmessage?.({ data: JSON.stringify({ ref, ...hello }) }), lateMs);
  });
  open();
  for (let seconds = 0; seconds < 180 && status !== "online"; seconds++) await pass(1_000);
  expect(status).toBe("online");
});

test("a client that is too old for the server reports it, and does not reconnect", async () => {
  hello = { error: { code: "client_outdated", message: "This page is older than the server. Reload it." } };
  const socket = open();
  await pass(0);
  expect(status).toBe("outdated");
  await pass(600_000);
  expect(FakeSocket.opened).toHaveLength(1);
  socket.close();
  expect(status).toBe("outdated");
});
