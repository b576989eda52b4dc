import type pg from "pg";
import { expect, onTestFinished, test } from "vitest";
import { connect } from "#database/connect.ts";
import { idOf } from "#lab/actors/old-conversation.ts";
import { cloneDatabase } from "#lab/clusters/databases.ts";
import { eventually } from "#lab/eventually.ts";
import { makeFolder } from "#lab/programs/folders.ts";
import { startProgram } from "#lab/programs/programs.ts";
import { openPool } from "#lab/sql/pool.ts";
import { indexOlder, indexQueued } from "./indexer.ts";
import { reconcile } from "./reconcile.ts";

async function scene(messages: number) {
  const database = await cloneDatabase();
  const sql = openPool({ connectionString: database.url, max: 2 });
  const { db, close } = connect({ url: database.url, poolSize: 2, onError: () => {} });
  onTestFinished(async () => {
    await Promise.all([sql.end(), close()]);
    await database.drop();
  });
  await sql.query(`insert into websites (name, public_key, identity_secret, settings, allowed_origins)
    values ('Shop', 'key', 'secret', '{}', '{}')`);
  const conversationId = idOf(new Date());
  await sql.query("insert into visitors (website_id, id, name) values (1, $1, 'Ana')", [conversationId]);
  await sql.query("insert into conversations (website_id, id, visitor_id) values (1, $1, $1)", [conversationId]);
  await sql.query(
    `insert into messages (website_id, conversation_id, seq, id, kind, author, body)
     select 1, $1, i, gen_random_uuid(), 'text', 'visitor', 'word' || i || ' of many' from generate_series(1, $2::integer) as i`,
    [conversationId, messages],
  );
  return { database, sql, db, conversationId };
}

const unfinish = (sql: pg.Pool) =>
  sql.query(`
    select make_search_months();
    update search_months set finished_at = null where month = date_trunc('month', now());
    update search_visitors set finished_at = null`);

const count = async (sql: pg.Pool) => (await sql.query("select count(*)::integer as n from message_search")).rows[0].n;

test("messages that were there before the index are added in steps that can be interrupted and repeated", async () => {
  const { sql, db } = await scene(1_300);
  await unfinish(sql);
  await sql.query("truncate search_queue");
  await indexOlder(db);
  expect(await count(sql)).toBe(500);
  while (await indexOlder(db));
  expect(await count(sql)).toBe(1_300);
  expect((await sql.query("select from visitor_search where words @@ '''Bana'''")).rows).toHaveLength(1);
  const { rows } = await sql.query(
    "select messages::integer, finished_at is not null as is_finished from search_months where messages > 0",
  );
  expect(rows).toEqual([{ messages: 1_300, is_finished: true }]);

  await sql.query("update search_months set finished_at = null, website_id = null, conversation_id = null, seq = null");
  while (await indexOlder(db));
  expect(await count(sql)).toBe(1_300);
});

test("a step that breaks before any of its statements leaves the queue as it was", async () => {
  const { sql, db, conversationId } = await scene(3);
  for (let at = 1; ; at++) {
    await sql.query("truncate search_queue, message_search");
    await sql.query(
      "insert into search_queue (website_ids, ids, seqs) values ('{1,1,1}', array[$1, $1, $1]::uuid[], '{1,2,3}')",
      [conversationId],
    );
    let left = at;
    const dying = new Proxy(db, {
      get(target, name) {
        if (name === "transaction") {
          return () => ({
            execute: (work: (tx: unknown) => Promise<unknown>) =>
              target.transaction().execute(tx =>
                work(
                  new Proxy(tx, {
                    get(inner, method) {
                      const value = Reflect.get(inner, method);
                      if (method !== "executeQuery") return value;
                      return (...given: unknown[]) => {
                        if (--left === 0) throw new Error("killed");
                        return Reflect.apply(value as () => unknown, inner, given);
                      };
                    },
                  }),
                ),
              ),
          });
        }
        const value = Reflect.get(target, name);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    const isKilled = await indexQueued(dying).then(
      () => false,
      error => error.message === "killed",
    );
    const { rows } = await sql.query("select count(*)::integer as queued from search_queue");
    expect({ queued: rows[0].queued, indexed: await count(sql) }).toEqual(
      isKilled ? { queued: 1, indexed: 0 } : { queued: 0, indexed: 3 },
    );
    if (!isKilled) {
      expect(at).toBeGreaterThan(3);
      return;
    }
  }
});

test("what a server of a version before the index wrote, changed and deleted is found by the next check", async () => {
  const { sql, db, conversationId } = await scene(3);
  while (await indexQueued(db));
  expect(await count(sql)).toBe(0);
  await reconcile(db);
  while (await indexQueued(db));
  expect(await count(sql)).toBe(3);

  await sql.query("update messages set body = 'other', changed_version = 5 where seq = 1");
  await sql.query("update messages set deleted_at = now(), changed_version = 6 where seq = 2");
  await sql.query("update conversations set changed_at = now(), version = 6");
  expect(await reconcile(db)).toBe(2);
  while (await indexQueued(db));
  const { rows } = await sql.query("select seq, words::text from message_search order by seq");
  expect(rows).toEqual([
    { seq: 1, words: "'B!visitor' 'Bother':1" },
    { seq: 3, words: "'B!visitor' 'Bmany':3 'Bof':2 'Bword3':1" },
  ]);

  // A check looks at what is recent only.
  await sql.query("truncate message_search");
  await sql.query("update messages set changed_version = null");
  await sql.query(
    "update conversations set changed_at = null, last_message_at = now() - interval '1 day' where id = $1",
    [conversationId],
  );
  expect(await reconcile(db)).toBe(0);
  await sql.query("update search_check set checked_at = now() - interval '2 days'");
  expect(await reconcile(db)).toBe(2);
  expect(await reconcile(db)).toBe(0);
});

test("when all messages of before are indexed, no id of them is kept", async () => {
  const { sql, db } = await scene(3);
  await unfinish(sql);
  while (await indexOlder(db));
  const { rows } = await sql.query(`
    select conversation_id as id from search_months where conversation_id is not null
    union all select visitor_id from search_visitors where visitor_id is not null`);
  expect(rows).toEqual([]);
});

test("after kill -9 in the middle of a step, the next server ends the work: no message is missed, and none is there twice", async () => {
  const { database, sql } = await scene(1_200);
  await unfinish(sql);
  const env = { DATABASE_URL: database.url, DATA_DIR: makeFolder(), PORT: "0", DEMO_PORT: "off", LOG_LEVEL: "error" };
  // The first step has written its words and cannot end.
  const lock = await sql.connect();
  await lock.query("begin; lock table search_months in share mode");
  const first = startProgram("src/cli/main.ts", ["start"], { env });
  await eventually(async () => {
    const { rows } = await sql.query(
      "select from pg_locks where relation = 'search_months'::regclass and not granted and database = (select oid from pg_database where datname = current_database())",
    );
    expect(rows).toHaveLength(1);
  });
  first.process.kill("SIGKILL");
  await first.ended;
  await lock.query("rollback");
  lock.release();
  const second = startProgram("src/cli/main.ts", ["start"], { env });
  onTestFinished(async () => {
    second.process.kill("SIGTERM");
    await second.ended;
  });
  await eventually(async () => {
    const { rows } = await sql.query("select bool_and(finished_at is not null) as finished from search_months");
    expect(rows).toEqual([{ finished: true }]);
  });
  const { rows } = await sql.query(
    "select count(*)::integer as rows, count(distinct seq)::integer as seqs from message_search",
  );
  expect(rows).toEqual([{ rows: 1_200, seqs: 1_200 }]);
  const { rows: counted } = await sql.query("select sum(messages)::integer as messages from search_months");
  expect(counted).toEqual([{ messages: 1_200 }]);
});
