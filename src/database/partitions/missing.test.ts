import { afterAll, beforeAll, expect, test } from "vitest";
import { type App, startApp } from "#lab/actors/app.ts";

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

const partition = `messages_${new Date().toISOString().slice(0, 7).replace("-", "_")}`;
const dropPartition = () => app.sql.query(`drop table ${partition}`);

test("messages whose partition is missing are stored: a first one, one of many, and an event", async () => {
  const visitor = await app.visitor();
  await dropPartition();
  const { conversation, message } = await visitor.send("The first of the month");
  expect(message.seq).toBe(1);

  await dropPartition();
  const sent = await Promise.all(
    Array.from({ length: 8 }, (_, i) =>
      i % 2
        ? visitor.send(`m${i}`, { conversationId: conversation.id })
        : app.owner.send(conversation.id, `m${i}`, { kind: "note" }),
    ),
  );
  expect(sent.map(each => each.message.seq).sort()).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
  const { rows } = await app.sql.query(`select seq from ${partition} order by seq`);
  expect(rows.map(({ seq }) => seq)).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);

  await dropPartition();
  await app.owner.act(conversation.id, "resolve");
  const { rows: events } = await app.sql.query(`select seq, kind from ${partition}`);
  expect(events).toEqual([{ seq: 10, kind: "event" }]);
});
