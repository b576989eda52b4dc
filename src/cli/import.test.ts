import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "#database/connect.ts";
import { findDrift } from "#database/lifecycle/recount.ts";
import { type App, startApp } from "#lab/actors/app.ts";
import { makeFolder } from "#lab/programs/folders.ts";
import { runCli } from "#lab/programs/programs.ts";
import { allIndexed } from "#lab/search/all-indexed.ts";
import type { AuditPage } from "#protocol/audit.ts";
import type { ConversationShown } from "#protocol/conversations.ts";
import type { Inbox } from "#protocol/inbox.ts";
import type { AgentPage } from "#protocol/messages.ts";
import type { SearchPage } from "#protocol/search.ts";

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

async function run(lines: unknown[], ...args: string[]) {
  const file = join(makeFolder(), "old.jsonl.gz");
  writeFileSync(file, gzipSync(lines.map(line => (typeof line === "string" ? line : JSON.stringify(line))).join("\n")));
  const env = { DATABASE_URL: app.databaseUrl, DATA_DIR: makeFolder() };
  const { code, stdout, stderr } = await runCli(["import", file, "--website", `${app.website.id}`, "--json", ...args], {
    env,
  });
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

const api = <T>(path: string) => app.owner.api<T>("GET", `/websites/${app.website.id}${path}`);
const at = (day: number, hour: number) => new Date(Date.UTC(2025, 0, day, hour)).toISOString();
const body = '\\ \n " 🙂 \u202eright =cmd()';

test("conversations of another chat are in the inbox, with their visitors, times, agents and texts", async () => {
  const agent = await app.agent();
  const lines = [
    {
      id: 4711,
      visitor: {
        id: "v1",
        externalId: "customer-1",
        name: "Zoë",
        email: "zoe@shop.example",
        attributes: { plan: "pro" },
      },
      status: "open",
      messages: [
        { author: "visitor", at: at(1, 8), body: "Hello" },
        { author: "agent", at: at(1, 9), body, agent: agent.account.email.toUpperCase() },
        { author: "agent", kind: "note", at: at(1, 10), body: "Ask again", agent: "gone@other.example" },
        { author: "visitor", at: at(1, 11), body: "Anything new?" },
      ],
    },
    {
      id: 4712,
      visitor: { id: "v1", externalId: "customer-1" },
      messages: [{ author: "visitor", at: at(20, 8), body: "Bye" }],
    },
    { id: 4713, messages: [{ author: "visitor", at: at(3, 8), body: null }] },
    "no JSON",
  ];
  const dry = await run(lines, "--dry-run");
  expect(dry).toMatchObject({ isDryRun: true, lines: 4, conversations: 2, messages: 5 });
  expect((await api<Inbox>("/inbox")).conversations).toEqual([]);

  const report = await run(lines);
  expect(report).toMatchObject({
    ...{ lines: 4, conversations: 2, messages: 5, alreadyHere: 0 },
    linesLeftOut: { "no message of it can be kept: the text is empty": 1, "it is no JSON object": 1 },
    unknownAgents: ["gone@other.example"],
  });
  expect(report.examples.map(({ line }: { line: number }) => line)).toEqual([3, 4]);

  const { conversations } = await api<Inbox>("/inbox");
  expect(conversations).toHaveLength(1);
  const [row] = conversations;
  expect(row).toMatchObject({
    ...{ lastSeq: 4, unread: 0, preview: "Anything new?", waitingSince: at(1, 11), lastMessageAt: at(1, 11) },
    visitor: { name: "Zoë", email: "zoe@shop.example" },
  });
  const { visitor } = await api<ConversationShown>(`/conversations/${row!.id}`);
  expect(visitor).toMatchObject({ externalId: "customer-1", firstSeenAt: at(1, 8) });
  const { messages } = await api<AgentPage>(`/conversations/${row!.id}/messages`);
  expect(
    messages.map(message => [message.seq, message.kind, message.authorName, message.body, message.createdAt]),
  ).toEqual([
    [1, "text", null, "Hello", at(1, 8)],
    [2, "text", agent.me.user.name, body, at(1, 9)],
    [3, "note", null, "Ask again", at(1, 10)],
    [4, "text", null, "Anything new?", at(1, 11)],
  ]);
  const resolved = (await api<Inbox>("/inbox?view=resolved")).conversations;
  expect(resolved.map(({ visitor: { id } }) => id)).toEqual([visitor.id]);

  const connection = connect({ url: app.databaseUrl, poolSize: 1, onError: () => undefined });
  expect(await findDrift(connection.db, { sinceHours: 24 * 365 * 100 })).toEqual([]);
  await connection.close();
  await allIndexed(app.sql);
  expect((await api<SearchPage>("/search?q=anything+new")).results).toMatchObject([
    { conversationId: row!.id, seq: 4 },
  ]);
  expect((await api<SearchPage>("/search?q=zoe@shop.example")).people).toMatchObject([{ name: "Zoë" }]);
  const { entries } = await api<AuditPage>("/audit?action=website.imported");
  expect(entries[0]).toMatchObject({ actor: { kind: "system" }, details: { conversations: 2, messages: 5 } });
});

test("a second import of the file writes nothing, and what people wrote meanwhile stays", async () => {
  const lines = Array.from({ length: 30 }, (_, i) => ({
    id: `again-${i}`,
    status: "open",
    messages: [{ author: "visitor", at: new Date(Date.now() - 86_400_000 * i).toISOString(), body: `Message ${i}` }],
  }));
  expect(await run(lines.slice(0, 20))).toMatchObject({ conversations: 20, alreadyHere: 0 });
  const { conversations } = await api<Inbox>("/inbox");
  const { id } = conversations.find(({ preview }) => preview === "Message 0")!;
  await app.owner.send(id, "An answer");
  expect(await run(lines)).toMatchObject({ conversations: 10, messages: 10, alreadyHere: 20 });
  expect((await api<AgentPage>(`/conversations/${id}/messages`)).messages.map(message => message.body)).toEqual([
    "Message 0",
    "An answer",
  ]);
});

test("a visitor who has written here already is the same one; one in the trash gets nothing", async () => {
  const line = (id: string, externalId: string) => ({
    ...{ id, visitor: { externalId, name: "Other" } },
    messages: [{ author: "visitor", at: at(5, 8), body: id }],
  });
  await app.sql.query(
    `insert into visitors (website_id, id, external_id, name, deleted_at)
     values ($1, gen_random_uuid(), 'known', 'Known', null), ($1, gen_random_uuid(), 'deleted', 'Gone', now())`,
    [app.website.id],
  );
  const report = await run([line("one", "known"), line("two", "deleted")]);
  expect(report).toMatchObject({ conversations: 1, linesLeftOut: { "its visitor is in the trash": 1 } });
  const { rows } = await app.sql.query(
    "select v.name from conversations c join visitors v on v.id = c.visitor_id where c.preview = 'one'",
  );
  expect(rows).toEqual([{ name: "Known" }]);
});

test("a file that is not there and a website that does not exist are named", async () => {
  const env = { DATABASE_URL: app.databaseUrl, DATA_DIR: makeFolder() };
  const missing = await runCli(["import", "/nowhere.jsonl", "--website", `${app.website.id}`], { env });
  expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining("/nowhere.jsonl cannot be read")]);
  const other = await runCli(["import", "/nowhere.jsonl", "--website", "999"], { env });
  expect([other.code, other.stderr]).toEqual([1, expect.stringContaining("There is no website 999.")]);
});
