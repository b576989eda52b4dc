import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { messagesOf } from "#client/store.ts";
import { type Connection, connect } from "#database/connect.ts";
import { findDrift } from "#database/lifecycle/recount.ts";
import { type App, startApp } from "#lab/actors/app.ts";
import { agentSync, loss, visitorSync } from "#lab/actors/clients.ts";
import { eventually } from "#lab/eventually.ts";
import { startTcpProxy, type TcpProxy } from "#lab/proxies/tcp-proxy.ts";
import type { Message } from "#protocol/messages.ts";

type AnySync = ReturnType<typeof visitorSync> | ReturnType<typeof agentSync>;

let app: App;
let wire: TcpProxy;
let connection: Connection;
beforeAll(async () => {
  app = await startApp();
  connection = connect({ url: app.databaseUrl, poolSize: 1, onError: () => undefined });
  wire = await startTcpProxy(app.url);
});
afterAll(async () => {
  await wire.close();
  await connection.close();
  await app.stop();
});

async function committed(conversationId: string) {
  const { rows } = await app.sql.query(
    `select seq, kind, case when deleted_at is null then body else '' end as body
     from messages where conversation_id = $1 order by seq`,
    [conversationId],
  );
  return rows as Pick<Message, "seq" | "kind" | "body">[];
}
const essence = (messages: Message[]) => messages.map(({ seq, kind, body }) => ({ seq, kind, body }));

test("through all broken connections, both sides end with exactly the committed messages, each once", async () => {
  const { agent, visitor, conversationId } = await app.scene();
  const [theirs, ours] = [visitorSync(wire.url, visitor), agentSync(wire.url, agent)];
  await eventually(() => Promise.all([theirs.open(conversationId), ours.open(conversationId)]));
  const target = { conversationId, websiteId: app.website.id };
  const sent: string[] = ["Hello, is anybody there?"];
  loss.share = 0.3;
  for (let round = 0; round < 15; round++) {
    for (const [sync, who] of [
      [theirs, "visitor"],
      [ours, "agent"],
    ] as const) {
      sent.push(`${who} ${round}`);
      sync.send({ ...target, kind: "text", body: `${who} ${round}` });
    }
    if (round % 5 === 1) ours.send({ ...target, kind: "note", body: `note ${round}` });
    if (round % 3 === 0) wire.closeConnections();
    if (round % 4 === 3) await app.sql.query(terminateOthers);
    await sleep(Math.random() * 200);
  }
  loss.share = 0;
  wire.closeConnections(); // the last event may have been lost: a reconnect repairs that

  await eventually(async () => {
    const stored = await committed(conversationId);
    expect(stored.map(({ seq }) => seq)).toEqual(stored.map((_, i) => i + 1));
    expect(
      stored
        .filter(({ kind }) => kind === "text")
        .map(({ body }) => body)
        .sort(),
    ).toEqual([...sent].sort());
    expect(stored.filter(({ kind }) => kind === "note")).toHaveLength(3);
    expect(essence(messagesOf(ours.getState(), conversationId))).toEqual(stored);
    expect(essence(messagesOf(theirs.getState(), conversationId))).toEqual(
      stored.filter(({ kind }) => kind === "text"),
    );
    expect([...theirs.getState().outbox, ...ours.getState().outbox]).toEqual([]);
  });
  expect(await findDrift(connection.db, { sinceHours: 1 })).toEqual([]);
  for (const who of ["visitor", "agent"]) {
    const order = (await committed(conversationId)).flatMap(({ body }) => (body.startsWith(who) ? [body] : []));
    expect(order).toHaveLength(15);
  }
  theirs.close();
  ours.close();
});

/** Ends the server's connections, as a restart of PostgreSQL does. */
const terminateOthers = `
  select pg_terminate_backend(pid) from pg_stat_activity
  where datname = current_database() and pid <> pg_backend_pid() and application_name = 'prochat'`;

/** Edits and deletes messages of its own. @param refused  collects refusals */
function createAuthor(sync: AnySync, author: "visitor" | "agent", conversationId: string, refused: unknown[]) {
  const collect = (error: unknown) => void refused.push(error);
  return {
    author,
    listOwn: () => messagesOf(sync.getState(), conversationId).filter(row => row.author === author && !row.deletedAt),
    edit: ({ id }: Message, body: string) => void sync.edit(conversationId, id, body).catch(collect),
    remove: ({ id }: Message) => void sync.remove(conversationId, id).catch(collect),
  };
}

test("through all broken connections, both sides end with the last edits and deletions", async () => {
  const { agent, visitor, conversationId } = await app.scene();
  const [theirs, ours] = [visitorSync(wire.url, visitor), agentSync(wire.url, agent)];
  await eventually(() => Promise.all([theirs.open(conversationId), ours.open(conversationId)]));
  const target = { conversationId, websiteId: app.website.id };
  const refused: unknown[] = [];
  const sides = [
    createAuthor(theirs, "visitor", conversationId, refused),
    createAuthor(ours, "agent", conversationId, refused),
  ];
  loss.share = 0.3;
  for (let round = 0; round < 20; round++) {
    theirs.send({ ...target, kind: "text", body: `visitor ${round}` });
    ours.send({ ...target, kind: round % 4 ? "text" : "note", body: `agent ${round}` });
    for (const side of sides) {
      const own = side.listOwn();
      const chosen = own[Math.floor(Math.random() * own.length)];
      if (chosen && round % 3 === 2) side.remove(chosen);
      else if (chosen) side.edit(chosen, `edited ${round}`);
    }
    if (round % 3 === 0) wire.closeConnections();
    if (round % 4 === 3) await app.sql.query(terminateOthers);
    await sleep(Math.random() * 200);
  }
  loss.share = 0;
  wire.closeConnections();
  for (const side of sides) {
    await eventually(() => expect(side.listOwn().length).toBeGreaterThanOrEqual(2));
    side.remove(side.listOwn()[0]!);
    side.edit(side.listOwn().at(-1)!, `edited last by the ${side.author}`);
  }
  wire.closeConnections();

  await eventually(async () => {
    const stored = await committed(conversationId);
    expect(stored).toHaveLength(41);
    expect(stored.some(({ body }) => body === "")).toBe(true);
    expect(stored.filter(({ body }) => body.startsWith("edited last by"))).toHaveLength(2);
    expect(essence(messagesOf(ours.getState(), conversationId))).toEqual(stored);
    expect(essence(messagesOf(theirs.getState(), conversationId))).toEqual(
      stored.filter(({ kind }) => kind === "text"),
    );
    for (const sync of [theirs, ours]) expect(sync.getState()).toMatchObject({ changes: [], outbox: [] });
  });
  expect(refused).toEqual([]);
  expect(await findDrift(connection.db, { sinceHours: 1 })).toEqual([]);
  theirs.close();
  ours.close();
});

test("messages written while offline are kept, and sent once after the reconnect", async () => {
  const { agent, visitor, conversationId } = await app.scene();
  const theirs = visitorSync(wire.url, visitor);
  await eventually(() => theirs.open(conversationId));
  wire.block(true);
  await eventually(() => expect(theirs.getStatus()).toBe("offline"));
  for (const body of ["first", "second", "third"]) {
    theirs.send({ conversationId, websiteId: null, kind: "text", body });
  }
  expect(theirs.getState().outbox.map(({ body }) => body)).toEqual(["first", "second", "third"]);
  await agent.send(conversationId, "meanwhile");
  wire.block(false);
  await eventually(async () => {
    expect(theirs.getState().outbox).toEqual([]);
    const bodies = (await committed(conversationId)).map(({ body }) => body);
    expect(bodies).toEqual(["Hello, is anybody there?", "meanwhile", "first", "second", "third"]);
    expect(messagesOf(theirs.getState(), conversationId).map(({ body }) => body)).toEqual(bodies);
  });
  theirs.close();
});

test("the next event's number shows that one was lost; the client fetches it without a reconnect", async () => {
  const { agent, visitor, conversationId } = await app.scene();
  const theirs = visitorSync(app.url, visitor);
  await theirs.open(conversationId);
  await eventually(() => expect(theirs.getStatus()).toBe("online"));
  loss.share = 1;
  for (const body of ["lost 1", "lost 2"]) await agent.send(conversationId, body);
  loss.share = 0;
  expect(messagesOf(theirs.getState(), conversationId)).toHaveLength(1);
  await agent.send(conversationId, "received");
  await eventually(async () =>
    expect(essence(messagesOf(theirs.getState(), conversationId))).toEqual(await committed(conversationId)),
  );
  theirs.close();
});
