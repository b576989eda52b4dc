import { afterAll, beforeAll, expect, test } from "vitest";
import { type Connection, connect } from "#database/connect.ts";
import { type App, startApp } from "#lab/actors/app.ts";
import { findDrift, recount } from "./recount.ts";

let app: App;
let connection: Connection;
beforeAll(async () => {
  app = await startApp();
  connection = connect({ url: app.databaseUrl, poolSize: 2, onError: () => undefined });
});
afterAll(async () => {
  await connection.close();
  await app.stop();
});

test("wrong counters are found and corrected; right ones stay", async () => {
  const { agent, visitor, conversationId } = await app.scene();
  await agent.send(conversationId, "A note", { kind: "note" });
  await agent.send(conversationId, "Hello");
  await visitor.send("One more", { conversationId });
  await agent.act(conversationId, "resolve");
  expect(await findDrift(connection.db, { sinceHours: 1 })).toEqual([]);

  const read = async () => {
    const { rows } = await app.sql.query(
      `select last_seq, last_public_seq, agent_unread, visitor_unread, preview, preview_author, version
       from conversations where id = $1`,
      [conversationId],
    );
    return rows[0];
  };
  const { version, ...right } = await read();
  expect(right).toEqual({
    last_seq: 5,
    last_public_seq: 4,
    agent_unread: 2,
    visitor_unread: 1,
    preview: "One more",
    preview_author: "visitor",
  });
  await app.sql.query(
    "update conversations set agent_unread = 7, last_public_seq = 1, preview = 'Less' where id = $1",
    [conversationId],
  );
  const drift = { websiteId: app.website.id, conversationId };
  expect(await recount(connection.db, { sinceHours: 1 })).toEqual([drift]);
  expect(await read()).toEqual({ ...right, version: version + 1 });
  expect(await recount(connection.db, { sinceHours: 1 })).toEqual([]);
});

test("a conversation with a recently changed old message is counted again too, without deleted messages", async () => {
  const visitor = await app.visitor();
  const { message, conversation } = await visitor.send("Secret");
  await app.sql.query("update conversations set last_message_at = now() - interval '3 days' where id = $1", [
    conversation.id,
  ]);
  await visitor.api("DELETE", `/widget/conversations/${conversation.id}/messages/${message.id}`);
  expect(await findDrift(connection.db, { sinceHours: 1 })).toEqual([]);
  await app.sql.query("update conversations set preview = 'Secret', agent_unread = 1 where id = $1", [conversation.id]);
  expect(await recount(connection.db, { sinceHours: 1 })).toHaveLength(1);
  const { rows } = await app.sql.query("select preview, agent_unread from conversations where id = $1", [
    conversation.id,
  ]);
  expect(rows).toEqual([{ preview: "", agent_unread: 0 }]);
});
