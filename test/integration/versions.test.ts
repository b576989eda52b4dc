import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import pg from "pg";
import { expect, onTestFinished, test } from "vitest";
import { connect } from "#database/connect.ts";
import { findDrift } from "#database/lifecycle/recount.ts";
import { migrate, undoMigration } from "#database/migrations/migrate.ts";
import { listMigrations, readMigration } from "#database/migrations/sql/files.ts";
import { migrationStatus } from "#database/migrations/status.ts";
import { createAgent, createVisitor } from "#lab/actors/people.ts";
import { createEmptyDatabase } from "#lab/clusters/databases.ts";
import { describeSchema } from "#lab/clusters/schema.ts";
import { startScratchCluster } from "#lab/clusters/scratch-cluster.ts";
import { makeFolder } from "#lab/programs/folders.ts";
import { silent as log } from "#lab/programs/log.ts";
import { runCli } from "#lab/programs/programs.ts";
import { readConfig } from "#platform/config.ts";
import type { Me } from "#protocol/accounts.ts";
import type { AgentPage, VisitorPage } from "#protocol/messages.ts";
import { startServer } from "#server/main.ts";
import { customer, lastReply, owner, signIdentity } from "#test/versions/scenario.ts";

const folder = join(import.meta.dirname, "../versions");
const versions = globSync("*.sql", { cwd: folder }).map(file => basename(file, ".sql"));

test.each(versions.flatMap(version => ["15", "18"].map(postgres => [version, postgres] as const)))(
  "the database of %s works with this version, after an undo too, on PostgreSQL %s",
  async (version, postgres) => {
    const url = await openDatabase(postgres);
    const sql = await restore(url, version);
    await removeAgents(sql);
    const applied = await listApplied(url);
    const before = await describeWithoutMonths(url);

    await migrate(url, { log });
    expect(await listApplied(url)).toEqual(await listMigrations());
    await chat(url, sql);
    await expectSound(url);

    await undoTo(url, applied);
    if ((await listApplied(url)).length === applied.length) expect(await describeWithoutMonths(url)).toEqual(before);
    await migrate(url, { log });
    await chat(url, sql);
    await expectSound(url);
  },
);

async function openDatabase(postgres: string): Promise<string> {
  if (postgres === "15") {
    const cluster = await startScratchCluster("15");
    onTestFinished(() => cluster.stop());
    return cluster.url;
  }
  const database = await createEmptyDatabase();
  onTestFinished(() => database.drop());
  return database.url;
}

/** Restores the dump. @returns a connection for the test */
async function restore(url: string, version: string): Promise<pg.Client> {
  const restoring = new pg.Client(url);
  await restoring.connect();
  await restoring.query(readFileSync(join(folder, `${version}.sql`), "utf8"));
  await restoring.end(); // the dump has changed the connection's settings
  const sql = new pg.Client(url);
  sql.on("error", () => {}); // the database may be dropped first
  await sql.connect();
  onTestFinished(() => sql.end());
  return sql;
}

/** Removes all members except the owner, as the API of that version did. */
async function removeAgents(sql: pg.Client): Promise<void> {
  await sql.query("update conversations set assignee_id = null, version = version + 1 where assignee_id is not null");
  const { rows } = await sql.query<{ hasEnd: boolean }>(`
    select exists (
      select from information_schema.columns where table_name = 'memberships' and column_name = 'removed_at') as "hasEnd"`);
  const removal = rows[0]!.hasEnd ? "update memberships set removed_at = now()" : "delete from memberships";
  const { rowCount } = await sql.query(`${removal} where role <> 'owner'`);
  expect(rowCount).toBeGreaterThan(0);
}

/** The owner and the customer find what they wrote with the older version, and write more. */
async function chat(url: string, sql: pg.Client): Promise<void> {
  const env = { PORT: "0", DEMO_PORT: "off", LOG_LEVEL: "error", DATA_DIR: makeFolder(), DATABASE_URL: url };
  const server = await startServer(readConfig(env));
  try {
    const olga = await createAgent(server.url, owner.name, async caller => {
      await caller.api("POST", "/sign-in", { email: owner.email, password: owner.password });
      return caller.api<Me>("GET", "/me");
    });
    const [website] = olga.me.websites;
    expect(olga.me.websites.map(({ name }) => name)).toEqual(["Shop", "Second shop"]);
    const { id: websiteId, publicKey: websiteKey } = website!;
    const { conversations } = await olga.inbox();
    expect(conversations).toHaveLength(await countOpen(sql, websiteId));
    const { id } = conversations.find(({ visitor }) => visitor.name === customer.name)!;
    const page = await olga.api<AgentPage>("GET", `/websites/${websiteId}/conversations/${id}/messages`);
    expect(page.messages.map(({ seq }) => seq)).toEqual(expect.arrayContaining([2, 3, 4, 5, 6]));
    expect(page.messages.find(({ body }) => body === lastReply)).toMatchObject({ authorName: "Ben Agent" });
    expect(page.messages.find(({ kind }) => kind === "note")).toMatchObject({ body: "Ask the warehouse" });

    const identity = await signIdentity(sql, websiteId);
    const visitor = await createVisitor(server.url, { websiteKey, identity });
    const thread = `/widget/conversations/${id}/messages`;
    const { messages } = await visitor.api<VisitorPage>("GET", thread);
    expect(messages.map(({ body }) => body)).toContain(lastReply);
    const sent = await visitor.send("It has arrived.", { conversationId: id });
    const answer = await olga.send(sent.conversation.id, "Enjoy it!");
    expect(answer.prev).toBe(sent.message.seq);
  } finally {
    await server.stop();
  }
}

/** All counters match the messages, no index is missing, each query uses its indexes. */
async function expectSound(url: string): Promise<void> {
  const connection = connect({ url, poolSize: 1, onError: () => undefined });
  try {
    expect(await findDrift(connection.db, { sinceHours: 24 * 365 * 100 })).toEqual([]);
  } finally {
    await connection.close();
  }
  const env = { DATABASE_URL: url, DATA_DIR: makeFolder() };
  const { code, stdout } = await runCli(["verify"], { env });
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.not.stringMatching(/^failed/m) });
}

/** Undoes the newest migrations until those of the older version are left, or until one that cannot be undone. */
async function undoTo(url: string, applied: string[]): Promise<void> {
  for (const name of (await listMigrations()).slice(applied.length).reverse()) {
    if ((await readMigration(name)).down === null) return;
    expect(await undoMigration(url, { log })).toBe(name);
  }
}

const listApplied = async (url: string) =>
  (await migrationStatus(url)).filter(({ appliedAt }) => appliedAt).map(({ name }) => name);

/** Without the tables of coming months: the server makes them, and they do not depend on the version. */
const describeWithoutMonths = async (url: string) =>
  (await describeSchema(url)).filter(line => !/messages_\d{4}_\d\d/.test(line));

async function countOpen(sql: pg.Client, websiteId: number): Promise<number> {
  const { rows } = await sql.query<{ count: number }>(
    `select count(*)::integer as count
     from conversations
     where website_id = $1
       and status = 'open'
       and deleted_at is null`,
    [websiteId],
  );
  return rows[0]!.count;
}
