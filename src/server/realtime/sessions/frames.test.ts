import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "#client/ids.ts";
import { connect as connectDatabase } from "#database/connect.ts";
import { findDrift } from "#database/lifecycle/recount.ts";
import { type App, startApp } from "#lab/actors/app.ts";
import { openSocket, type TestSocket } from "#lab/actors/sockets.ts";
import { type ErrorCode, errorStatus } from "#protocol/errors.ts";
import type { VisitorSent } from "#protocol/messages.ts";
import { agentEvents, visitorEvents } from "#protocol/socket.ts";
import { closeCodes as serverCodes } from "./close-codes.ts";
import { agentCommands, visitorCommands } from "./session.ts";

/** Malformed input of every kind at a socket: it is answered or closed as documented, and no other socket notices. */

let app: App;
let bystander: TestSocket;
let conversationId: string;
beforeAll(async () => {
  app = await startApp();
  const scene = await app.scene();
  conversationId = scene.conversationId;
  bystander = await scene.visitor.socket();
});
afterAll(() => app.stop());

const page = readFileSync(join(import.meta.dirname, "../../../../docs/protocol.md"), "utf8");
const listed = (heading: string, pattern: RegExp) =>
  [...page.split(`## ${heading}\n`)[1]!.split("\n## ")[0]!.matchAll(pattern)].map(([, name]) => name!);
const errorCodes = listed("Errors", /^\| `([a-z_]+)` \| (?!HTTP only)/gm);
const closeCodes = listed("Closing", /^\| (\d{4}) \|/gm).map(Number);

test("every error that clients get is listed, with what it means", () => {
  const inTerminal = (code: string) => errorStatus[code as ErrorCode] === 500 && code !== "internal";
  const codes = Object.keys(errorStatus).filter(code => !inTerminal(code));
  expect(listed("Errors", /^\| `([a-z_]+)` \| \S/gm).sort()).toEqual(codes.sort());
});

const commandNames = [...new Set(["hello", ...visitorCommands.keys(), ...agentCommands.keys()])];
const ids = fc.oneof(fc.uuid(), fc.constant("7"), fc.constant(null), fc.constantFrom("__proto__", "constructor"));
const numbers = fc.oneof(fc.integer(), fc.double(), fc.maxSafeInteger(), fc.constant(-1));
/** The right properties with values that are right, nearly right, and anything. */
const params = fc.record(
  {
    as: fc.constantFrom("visitor", "agent", "owner"),
    token: fc.string(),
    page: fc.oneof(fc.anything(), fc.record({ url: fc.webUrl(), title: fc.string({ unit: "binary" }) })),
    language: fc.string(),
    id: ids,
    websiteId: numbers,
    conversationId: fc.oneof(
      ids,
      fc.constant(0).map(() => conversationId),
    ),
    body: fc.oneof(fc.string({ unit: "binary" }), fc.anything()),
    kind: fc.constantFrom("text", "note", "event", 7),
    seq: numbers,
    typing: fc.oneof(fc.boolean(), fc.string()),
    url: fc.string({ unit: "binary" }),
    title: fc.string({ unit: "binary" }),
  },
  { requiredKeys: [] },
);
const asText = (value: unknown) => {
  try {
    return JSON.stringify(value) ?? "undefined";
  } catch {
    return String(typeof value); // a cycle, or a bigint
  }
};
const nearlyFrames = fc
  .record(
    {
      ref: fc.oneof(fc.nat(), numbers, fc.string()),
      command: fc.oneof(fc.constantFrom(...commandNames), fc.string()),
      params: fc.oneof({ weight: 5, arbitrary: params }, { weight: 1, arbitrary: fc.anything() }),
    },
    { requiredKeys: [] },
  )
  .map(asText);
const nonsense = fc.oneof(
  { weight: 4, arbitrary: nearlyFrames },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 2_000 }) },
  { weight: 1, arbitrary: fc.json() },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 500 }).map(bytes => Buffer.from(bytes)) },
  // cut off in the middle
  { weight: 1, arbitrary: fc.tuple(nearlyFrames, fc.nat(200)).map(([text, end]) => text.slice(0, end)) },
);

test("the protocol's page lists every command, event and code", () => {
  expect(new Set(listed("Commands", /^\| `([a-z.]+)` \|/gm))).toEqual(new Set(commandNames));
  expect(new Set(listed("Events", /^\| `([a-z.-]+)` \|/gm))).toEqual(
    new Set([...Object.keys(agentEvents), ...Object.keys(visitorEvents)]),
  );
  // A client sends 1000 itself.
  const { left: _left, ...codes } = serverCodes;
  expect(closeCodes).toEqual(expect.arrayContaining(Object.values(codes)));
  expect(Object.keys(errorStatus)).toEqual(expect.arrayContaining(errorCodes));
});

const openers: Record<string, () => Promise<TestSocket>> = {
  "before hello": () => openSocket(app.url, { origin: "https://shop.example" }),
  "of a visitor": async () => (await app.visitor()).socket(),
  "of an agent": () => app.owner.socket(),
};

test.each(Object.keys(openers))("a socket %s answers any frame, or is closed for a listed reason", async who => {
  const open = openers[who]!;
  await fc.assert(
    fc.asyncProperty(fc.array(nonsense, { minLength: 1, maxLength: 25 }), async frames => {
      const socket = await open();
      const replies: { error?: { code: string; message: string } }[] = [];
      const answered = new Promise<void>(resolve =>
        socket.ws.on("message", data => {
          const frame = JSON.parse(String(data));
          if (!frame.event) replies.push(frame);
          if (replies.length === frames.length) resolve();
        }),
      );
      for (const frame of frames) socket.ws.send(frame);
      const end = await Promise.race([answered, socket.closed]);
      if (end) expect(closeCodes).toContain(end.code);
      else expect(replies).toHaveLength(frames.length);
      for (const { error } of replies) if (error) expect(errorCodes).toContain(error.code);
      expect(replies.map(({ error }) => error?.code)).not.toContain("internal");
      await unharmed();
      await socket.close();
    }),
    { numRuns: 40 },
  );
});

/** Bytes that are not WebSocket frames, or not frames that a client may send. */
const rawFrames: [string, number[], number][] = [
  ["without a mask", [0x81, 0x02, 0x7b, 0x7d], 1002],
  ["with a reserved bit", [0xf1, 0x80, 0, 0, 0, 0], 1002],
  ["of an unknown kind", [0x83, 0x80, 0, 0, 0, 0], 1002],
  ["that continues nothing", [0x80, 0x80, 0, 0, 0, 0], 1002],
  ["that is a ping of 200 bytes", [0x89, 0xfe, 0x00, 0xc8, 0, 0, 0, 0], 1002],
  ["that is no UTF-8", [0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28], 1007],
  ["of 8 exabytes", [0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0], 1009],
  ["of 65,537 bytes", [0x81, 0xff, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0], 1009],
];

test.each(rawFrames)("a frame %s closes its socket and no other", async (_name, bytes, code) => {
  expect(closeCodes).toContain(code);
  const socket = await rawSocket();
  socket.write(Buffer.from(bytes));
  const [answer] = (await once(socket, "data")) as [Buffer];
  expect({ opcode: answer[0], code: answer.readUInt16BE(2) }).toEqual({ opcode: 0x88, code });
  socket.destroy();
  await unharmed();
});

test("any bytes after the upgrade end only their sender's socket", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), async bytes => {
      const socket = await rawSocket();
      socket.end(bytes);
      socket.resume();
      await once(socket, "close");
      await unharmed();
    }),
    { numRuns: 30 },
  );
});

test("upgrades that break off, name no address or are malformed leave the server unharmed", async () => {
  const { port } = new URL(app.url);
  const starts = [
    "GET /elsewhere HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n",
    "GET /api/v1/socket HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n",
    "GET /api/v1/socket HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n",
    "GET //// HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n",
    "POST /api/v1/socket HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n",
    "GET /api/v1/socket HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 7\r\nsec-websocket-key: no\r\n\r\n",
  ];
  for (const start of starts) {
    for (const leave of ["resetAndDestroy", "end"] as const) {
      const socket = connect(Number(port), "127.0.0.1");
      socket.on("error", () => undefined);
      await once(socket, "connect");
      socket.write(start);
      socket[leave]();
      socket.resume();
      await once(socket, "close");
    }
  }
  await unharmed();
  expect((await fetch(`${app.url}/health`)).status).toBe(200);
});

test("an id that is used in another conversation again is another message, and reveals nothing of the first", async () => {
  const [one, other] = [await app.visitor(), await app.visitor()];
  const id = newId();
  const [first, second] = [await one.send("Mine", { id }), await other.send("Another's", { id })];
  expect(second.message).toMatchObject({ id, body: "Another's", seq: 1 });
  expect(second.conversation.id).not.toBe(first.conversation.id);
  const again = await other.send("Another's", { id, conversationId: first.conversation.id });
  expect(again.message).toEqual(second.message);
  await expect(app.owner.send(first.conversation.id, "And an agent's", { id })).rejects.toMatchObject({
    code: "conflict",
  });
});

test("a sender's clock does not matter: with ids of any year, messages keep their order and the server's time", async () => {
  const visitor = await app.visitor();
  const socket = await visitor.socket();
  const years = [1970, 2200, 1999, 10_000, 2026].map(year => Date.UTC(year, 0, 1));
  let known: string | null = null;
  for (const [i, time] of years.entries()) {
    const params: object = { id: newId(time), conversationId: known, body: `at ${time}`, createdAt: new Date(time) };
    const { message, conversation } = await socket.command<VisitorSent>("message.send", params);
    known = conversation.id;
    expect(message.seq).toBe(i + 1);
    expect(Math.abs(Date.parse(message.createdAt) - Date.now())).toBeLessThan(60_000);
  }
  await socket.close();
});

test("a read cursor beyond the last message stops at the last message", async () => {
  const visitor = await app.visitor();
  const { conversation } = await visitor.send("One");
  const target = { conversationId: conversation.id };
  const [theirs, ours] = [await visitor.socket(), await app.owner.socket()];
  for (const seq of [2_147_483_647, 99]) {
    const read = await theirs.command<{ conversation: { visitorReadSeq: number } }>("conversation.read", {
      ...target,
      seq,
    });
    expect(read.conversation.visitorReadSeq).toBeLessThanOrEqual(1);
    await ours.command("conversation.read", { ...target, websiteId: app.website.id, seq });
  }
  await app.owner.send(conversation.id, "Two");
  const { conversations } = await app.owner.inbox();
  const row = conversations.find(({ id }) => id === conversation.id)!;
  expect(row.lastSeq).toBe(2);
  expect(row.agentReadSeq).toBeLessThanOrEqual(2);
  const after = await visitor.call("GET", `/widget/conversations/${conversation.id}/messages?after=2147483647`);
  expect(after).toMatchObject({ status: 200, body: { messages: [], more: false } });
  await Promise.all([theirs.close(), ours.close()]);
});

test("after these tests every counter equals a recount", async () => {
  const { db, close } = connectDatabase({ url: app.databaseUrl, poolSize: 1, onError: () => undefined });
  expect(await findDrift(db, { sinceHours: 1 })).toEqual([]);
  await close();
  await bystander.command("conversation.read", { conversationId, seq: 1 });
  await bystander.close();
});

/** Another client's socket still answers. */
async function unharmed() {
  bystander.ws.ping();
  await once(bystander.ws, "pong");
}

async function rawSocket() {
  const socket = connect(Number(new URL(app.url).port), "127.0.0.1");
  socket.on("error", () => undefined);
  socket.write(
    "GET /api/v1/socket HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n" +
      "sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
  );
  const [head] = (await once(socket, "data")) as [Buffer];
  expect(String(head)).toMatch(/^HTTP\/1.1 101 /);
  return socket;
}
