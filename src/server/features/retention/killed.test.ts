import { cpSync } from "node:fs";
import pg from "pg";
import { expect, test } from "vitest";
import { partitionOf } from "#database/partitions/months.ts";
import { verifyExport } from "#database/retention/month-export.ts";
import type { Month } from "#database/retention/months.ts";
import { startApp } from "#lab/actors/app.ts";
import { makeOlder } from "#lab/actors/old-conversation.ts";
import { runOnDay } from "#lab/actors/retention.ts";
import { cloneDatabase, copyDatabase } from "#lab/clusters/databases.ts";
import { eventually } from "#lab/eventually.ts";
import { killedAt } from "#lab/faults/killed-at.ts";
import { makeFolder } from "#lab/programs/folders.ts";
import { openFolder } from "#platform/storage/folder.ts";
import type { Storage } from "#platform/storage/storage.ts";

// Ends a run before each change. Then the next run must come to where one that was not killed comes.

/** One run archives a month, exports and detaches it, drops another one, and deletes conversations of a website. */
async function scene() {
  const database = await cloneDatabase();
  const folder = makeFolder();
  const app = await startApp({ database });
  const begin = async (websiteKey: string, days: number) =>
    makeOlder(app.sql, (await (await app.visitor({ websiteKey })).send(`${days} days ago`)).conversation.id, days);
  const { publicKey, id } = app.website;
  const first = await begin(publicKey, 600);
  await runOnDay(0, { url: database.url, storage: openFolder(folder) });
  await runOnDay(1, { url: database.url, storage: openFolder(folder) });
  const short = await app.otherWebsite();
  await short.owner.api("PATCH", `/websites/${short.website.id}`, {
    settings: { archiveAfterDays: 30, deleteAfterDays: 60 },
  });
  const gone = await begin(short.website.publicKey, 100);
  const kept = await begin(short.website.publicKey, 10);
  const second = await begin(publicKey, 500);
  await app.sql.query(
    `insert into retention_runs (website_id, day, ran_at, archive_after_days, delete_after_days)
     select w, (now() + interval '8 days')::date, now() + interval '8 days', d.archive, d.delete
     from (values ($1::integer, 90, 365), ($2, 30, 60)) as d (w, archive, delete)`,
    [id, short.website.id],
  );
  await app.stop();
  return { database, folder, first, second, gone, kept };
}

/** Where everything is: the months, the rows, and the exports, which are read back. */
async function lookAt(url: string, storage: Storage) {
  const client = new pg.Client(url);
  await client.connect();
  const rows = async (text: string) => (await client.query(text)).rows;
  const months = await rows(
    "select to_char(month, 'YYYY-MM') as month, state, messages from message_months order by 1",
  );
  const exports = await rows(
    `select to_char(month, 'YYYY-MM') as month, export_key as "exportKey" from message_months where export_key is not null`,
  );
  for (const each of exports) await verifyExport(storage, each as Month);
  const tables = await rows("select relname from pg_class where relname ~ '^messages_[0-9_]+$' order by 1");
  const stored = [];
  for (const { relname } of tables)
    stored.push(...(await rows(`select conversation_id, seq from ${relname} order by 1, 2`)));
  const conversations = await rows("select id from conversations order by id");
  await client.end();
  return { months, tables, stored, conversations, exports: exports.length };
}

test("killed between any two statements of a run, the next run comes to the same end", async () => {
  const { database, folder, ...ids } = await scene();
  const copy = async () => {
    const files = makeFolder();
    cpSync(folder, files, { recursive: true });
    return { database: await copyDatabase(database), storage: openFolder(files) };
  };
  const whole = await copy();
  await runOnDay(9, { url: whole.database.url, storage: whole.storage });
  const end = await lookAt(whole.database.url, whole.storage);
  await whole.database.drop();
  expect(end.conversations.map(({ id }) => id)).toEqual([ids.second, ids.kept]);
  expect(end.tables).toContainEqual({ relname: partitionOf(ids.second) });
  expect(end.tables).not.toContainEqual({ relname: partitionOf(ids.first) });

  let killed = true;
  for (let count = 1; killed; count++) {
    const { database: own, storage } = await copy();
    killed = await killedAt(count, storage, dying => runOnDay(9, { url: own.url, storage: dying }));
    // PostgreSQL takes a moment to notice that the connection with the lock is gone.
    await eventually(() => runOnDay(9, { url: own.url, storage }));
    expect({ count, ...(await lookAt(own.url, storage)) }).toEqual({ count, ...end });
    await own.drop();
  }
  await database.drop();
});
