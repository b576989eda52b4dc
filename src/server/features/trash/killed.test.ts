import { cpSync } from "node:fs";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import pg from "pg";
import { expect, test } from "vitest";
import { connect } from "#database/connect.ts";
import { monthOf, partitionOf } from "#database/partitions/months.ts";
import { storeErasures } from "#database/privacy/ledger.ts";
import { exportMonth } from "#database/retention/month-export.ts";
import { listMonths } from "#database/retention/months.ts";
import { startApp } from "#lab/actors/app.ts";
import { cloneDatabase, copyDatabase } from "#lab/clusters/databases.ts";
import { eventually } from "#lab/eventually.ts";
import { killedAt } from "#lab/faults/killed-at.ts";
import { makeFolder } from "#lab/programs/folders.ts";
import { openFolder } from "#platform/storage/folder.ts";
import type { Storage } from "#platform/storage/storage.ts";
import { purgeTrash } from "./purge.ts";

// Ends a purge and an erasure before each change. Then the next run must come to where one that was not killed comes.

/** The nightly purge, and the job of each minute that takes who is erased out of the store. */
async function purgeAndErase(url: string, storage: Storage): Promise<void> {
  const connection = connect({ url, poolSize: 1, onError: () => undefined });
  try {
    await purgeTrash(connection.db);
    await storeErasures(connection.db, storage);
  } finally {
    await connection.close();
  }
}

/** A visitor whose time in the trash is over, in an exported month with another one, of whom a deleted message is due. */
async function scene() {
  const database = await cloneDatabase();
  const app = await startApp({ database });
  const storage = openFolder(makeFolder());
  const gone = await app.visitor();
  const { conversation } = await gone.send("Erase me");
  const other = await app.visitor();
  const kept = await other.send("Keep me");
  const again = await other.send("Not this", { conversationId: kept.conversation.id });
  await other.api("DELETE", `/widget/conversations/${kept.conversation.id}/messages/${again.message.id}`);
  await gone.api("POST", "/widget/privacy/delete");
  const connection = connect({ url: database.url, poolSize: 1, onError: () => undefined });
  const month = (await listMonths(connection.db)).find(each => each.month === monthOf(conversation.id))!;
  const { key } = await exportMonth(connection.db, storage, month, [app.website.id]);
  await app.sql.query("update message_months set export_key = $1 where month = $2", [key, `${month.month}-01`]);
  for (const table of ["visitors", "conversations", partitionOf(conversation.id)]) {
    await app.sql.query(`update ${table} set deleted_at = now() - interval '31 days' where deleted_at is not null`);
  }
  await connection.close();
  await app.stop();
  return { database, folder: storage.description.replace("the folder ", ""), goneId: conversation.id };
}

/** Every row and object that a purge may change, without its times and random names. */
async function lookAt(url: string, storage: Storage, goneId: string) {
  const client = new pg.Client(url);
  await client.connect();
  const rows = async (text: string) => (await client.query(text)).rows;
  const found = {
    visitors: await rows("select id from visitors order by id"),
    conversations: await rows("select id from conversations order by id"),
    messages: await rows(`select seq, body from ${partitionOf(goneId)} order by conversation_id, seq`),
    erasures: await rows(
      "select visitor_id, conversation_ids, erased_at is not null as is_erased, removed, is_stored from erasures",
    ),
    audit: await rows("select action, target_id from audit_log where action ~ 'purged' order by action, target_id"),
    statistics: await rows(
      "select from pg_stats where concat(most_common_vals, histogram_bounds) ~ 'Erase me|Not this'",
    ),
  };
  const [{ export_key: key }] = await rows("select export_key from message_months where export_key is not null");
  await client.end();
  const objects: string[] = [];
  for await (const object of storage.list("")) {
    if (!object.key.endsWith(".gz")) continue;
    objects.push(gunzipSync(await buffer(await storage.get(object.key))).toString());
  }
  const manifest = JSON.parse(String(await buffer(await storage.get(key))));
  const ledger = [];
  for await (const object of storage.list("erasures/")) ledger.push(object.key);
  return { ...found, objects, ledger, files: manifest.files.length };
}

test("killed between any two statements of a purge and an erasure, the next run comes to the same end", async () => {
  const { database, folder, goneId } = await scene();
  const copy = async () => {
    const files = makeFolder();
    cpSync(folder, files, { recursive: true });
    return { own: await copyDatabase(database), storage: openFolder(files) };
  };
  const whole = await copy();
  await purgeAndErase(whole.own.url, whole.storage);
  const end = await lookAt(whole.own.url, whole.storage, goneId);
  await whole.own.drop();
  expect(end).toMatchObject({
    visitors: [{}],
    conversations: [{}],
    messages: [{ body: "Keep me" }, { body: "" }],
    erasures: [{ is_erased: true, is_stored: true, removed: { visitors: 1, conversations: 1, messages: 1 } }],
    audit: [{ action: "conversation.purged" }, { action: "message.purged" }, { action: "visitor.purged" }],
    statistics: [],
    ledger: [expect.any(String)],
  });
  expect(end.objects).toHaveLength(1);
  expect(end.objects[0]).not.toContain("Erase me");

  let killed = true;
  for (let count = 1; killed; count++) {
    const { own, storage } = await copy();
    killed = await killedAt(count, storage, dying => purgeAndErase(own.url, dying));
    // PostgreSQL takes a moment to notice that the connection with the lock is gone.
    await eventually(() => purgeAndErase(own.url, storage));
    expect({ count, ...(await lookAt(own.url, storage, goneId)) }).toEqual({ count, ...end });
    await own.drop();
  }
  await database.drop();
});
