import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "#database/connect.ts";
import { keepIndexerOut } from "#database/search/index-queries.ts";
import { type App, startApp } from "#lab/actors/app.ts";
import { makeOlder } from "#lab/actors/old-conversation.ts";
import type { AgentClient, VisitorClient } from "#lab/actors/people.ts";
import { runOnDay } from "#lab/actors/retention.ts";
import { makeFolder } from "#lab/programs/folders.ts";
import { allIndexed } from "#lab/search/all-indexed.ts";
import { openFolder } from "#platform/storage/folder.ts";
import type { ConversationChanged } from "#protocol/conversations.ts";
import type { SearchPage } from "#protocol/search.ts";
import type { Tag } from "#protocol/tags.ts";
import { purgeTrash } from "#server/features/trash/purge.ts";

let app: App;
let agent: AgentClient;
/** asks what is refused: all of it at once is more than one agent may ask */
let guesser: AgentClient;
beforeAll(async () => {
  app = await startApp();
  [agent, guesser] = [await app.agent(), await app.agent()];
});
afterAll(() => app.stop());

const website = () => `/websites/${app.website.id}`;
const find = (q: string, by = agent, more: Record<string, string> = {}) =>
  by.api<SearchPage>("GET", `${website()}/search?${new URLSearchParams({ q, ...more })}`);
const bodies = async (q: string, by = agent) => (await find(q, by)).results.map(({ excerpt }) => excerpt);

const visitorOf = async (conversationId: string) =>
  (await app.sql.query("select visitor_id from conversations where id = $1", [conversationId])).rows[0].visitor_id;

const indexed = () => allIndexed(app.sql);

async function talk(texts: string[]): Promise<{ visitor: VisitorClient; conversationId: string }> {
  const visitor = await app.visitor();
  const { conversation } = await visitor.send(texts[0]!);
  for (const text of texts.slice(1)) await visitor.send(text);
  return { visitor, conversationId: conversation.id };
}

test("a message is found by its words, with an excerpt, its person and its place", async () => {
  const { conversationId } = await talk(["Hello", "I want a réfund for the blue one, 上海"]);
  await agent.send(conversationId, "Refunds take a week", { kind: "note" });
  await indexed();
  const { results, nextCursor } = await find("refund");
  expect(results).toMatchObject([
    { kind: "note", author: "agent", authorName: agent.account.name, excerpt: "Refunds take a week", marks: [[0, 7]] },
    { kind: "text", author: "visitor", conversationId, seq: 2, marks: [[9, 15]], status: "open" },
  ]);
  expect(results[1]!.visitor.id).toBe(await visitorOf(conversationId));
  expect(nextCursor).toBeNull();
  expect(await bodies('"blue one" 上海')).toHaveLength(1);
  expect(await bodies('"one blue"')).toEqual([]);
});

test("a found word in a long message is in the excerpt", async () => {
  await talk([`${"before ".repeat(300)}needle ${"after ".repeat(300)}`]);
  await indexed();
  const [result] = (await find("needle")).results;
  const [[start, end]] = result!.marks as [[number, number]];
  expect(result!.excerpt.slice(start, end)).toBe("needle");
  expect(result!.excerpt.length).toBeLessThan(210);
});

test("a phrase is found behind more words of a kind than PostgreSQL keeps the places of", async () => {
  await talk([`${"ha ".repeat(400)}finally`]);
  await indexed();
  expect(await bodies('"ha finally"')).toHaveLength(1);
  expect(await bodies('"finally ha"')).toEqual([]);
});

test("an edit, a deletion and its undo change what is found", async () => {
  const { conversationId } = await talk(["The zebra is late"]);
  const { message } = await agent.send(conversationId, "Which giraffe?");
  const path = `${website()}/conversations/${conversationId}/messages/${message.id}`;
  await indexed();
  expect(await bodies("giraffe")).toHaveLength(1);
  await agent.api("PATCH", path, { body: "Which walrus?" });
  await indexed();
  expect([await bodies("giraffe"), await bodies("walrus")]).toEqual([[], ["Which walrus?"]]);
  await agent.api("DELETE", path);
  await indexed();
  expect(await bodies("walrus")).toEqual([]);
  const { rows } = await app.sql.query("select from message_search where words::text like '%walrus%'");
  expect(rows).toEqual([]);
  await agent.api("POST", `${path}/restore`, {});
  await indexed();
  expect(await bodies("walrus")).toHaveLength(1);
});

test("a conversation in the trash is not found, and is found again when it is brought back", async () => {
  const { conversationId } = await talk(["An ocelot ate it"]);
  await indexed();
  await app.owner.api("DELETE", `${website()}/conversations/${conversationId}`, {});
  expect(await bodies("ocelot")).toEqual([]);
  await app.owner.api("POST", `${website()}/conversations/${conversationId}/restore`, {});
  expect(await bodies("ocelot")).toHaveLength(1);
});

test("a restricted person's messages are kept and not found", async () => {
  const { conversationId } = await talk(["A lynx, please"]);
  await indexed();
  await app.sql.query("update visitors set restricted_at = now() where id = $1", [await visitorOf(conversationId)]);
  await app.sql.query("update conversations set is_restricted = true where id = $1", [conversationId]);
  expect(await bodies("lynx")).toEqual([]);
  const { rows } = await app.sql.query("select from message_search where conversation_id = $1", [conversationId]);
  expect(rows).toHaveLength(1);
});

test("an archived month is searched; what is purged leaves no word behind", async () => {
  const archived = await makeOlder(app.sql, (await talk(["A pelican in the archive"])).conversationId, 200);
  const nights = { url: app.databaseUrl, storage: openFolder(makeFolder()) };
  for (const day of [0, 1]) await runOnDay(day, nights);
  await indexed();
  const { rows: month } = await app.sql.query(
    "select state from message_months where uuid_floor(now()) > from_id and from_id <= $1 and until_id > $1",
    [archived],
  );
  expect(month[0].state).toBe("archived");
  expect(await bodies("pelican")).toEqual(["A pelican in the archive"]);

  await app.owner.api("DELETE", `${website()}/conversations/${archived}`, {});
  await app.sql.query("update conversations set deleted_at = now() - interval '31 days' where id = $1", [archived]);
  const { db, close } = connect({ url: app.databaseUrl, poolSize: 2, onError: () => {} });
  await purgeTrash(db);
  await close();
  const { rows } = await app.sql.query("select from message_search where conversation_id = $1", [archived]);
  expect(rows).toEqual([]);
});

test("while messages go for good, the indexer waits", async () => {
  const { db, close } = connect({ url: app.databaseUrl, poolSize: 2, onError: () => {} });
  await db.transaction().execute(async tx => {
    await keepIndexerOut(tx);
    await talk(["An ibis waits"]);
    expect(await bodies("ibis")).toEqual([]);
  });
  await close();
  await indexed();
  expect(await bodies("ibis")).toHaveLength(1);
});

test("filters: status, assignee, tag, author and days", async () => {
  const open = await talk(["A badger question"]);
  const resolved = await talk(["Another badger question"]);
  const tag = await agent.api<Tag>("POST", `${website()}/tags`, { name: "Big customer", colour: "#3457d5" });
  await agent.api<ConversationChanged>("POST", `${website()}/conversations/${open.conversationId}/tags`, {
    tagId: tag.id,
  });
  await agent.send(open.conversationId, "The badger answer");
  await agent.act(open.conversationId, "assign", { assigneeId: agent.me.user.id });
  await agent.act(resolved.conversationId, "resolve");
  await indexed();
  const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
  expect(await bodies("badger is:resolved")).toEqual(["Another badger question"]);
  expect(await bodies("badger is:open from:visitor")).toEqual(["A badger question"]);
  expect(await bodies("badger from:me")).toEqual(["The badger answer"]);
  expect(await bodies("badger from:agent", app.owner)).toEqual(["The badger answer"]);
  expect(await bodies('badger tag:"big customer"')).toHaveLength(2);
  expect(await bodies("badger assignee:me")).toHaveLength(2);
  expect(await bodies("badger assignee:nobody")).toEqual(["Another badger question"]);
  expect(await bodies(`badger after:${day(-1)} before:${day(2)}`)).toHaveLength(3);
  expect(await bodies(`badger before:${day(-1)}`)).toEqual([]);
  expect(await bodies('tag:"Big customer"')).toEqual(["The badger answer", "A badger question"]);
});

test("people are found by name, e-mail address and id, and their messages by from:", async () => {
  const { conversationId } = await talk(["It is about my heron"]);
  await app.sql.query("update visitors set name = 'Žofie Nováková', email = 'zofie@mail.example' where id = $1", [
    await visitorOf(conversationId),
  ]);
  await indexed();
  for (const q of ["zofie", "Nováková", "zofie@mail.example"]) {
    expect((await find(q)).people).toMatchObject([{ name: "Žofie Nováková", conversationId }]);
  }
  expect(await bodies("from:zofie")).toEqual(["It is about my heron"]);
  expect(await bodies('from:"žofie nováková" heron')).toHaveLength(1);
  expect(await bodies("from:zofie badger")).toEqual([]);
});

test("pages follow each other without gap or repetition", async () => {
  const { conversationId } = await talk(["marmot 0"]);
  for (let i = 1; i <= 45; i++) await agent.send(conversationId, `marmot ${i}`);
  await indexed();
  const found: string[] = [];
  let cursor: string | null = null;
  do {
    const page: SearchPage = await find("marmot", agent, cursor === null ? {} : { cursor });
    found.push(...page.results.map(({ excerpt }) => excerpt));
    cursor = page.nextCursor;
  } while (cursor);
  expect(found).toEqual(Array.from({ length: 46 }, (_, i) => `marmot ${45 - i}`));
});

test("another website's messages are never found, and its agents may not ask", async () => {
  const other = await app.otherWebsite();
  await (await app.visitor({ websiteKey: other.website.publicKey })).send("A capybara of another shop");
  await talk(["A capybara of ours"]);
  await indexed();
  expect(await bodies("capybara")).toEqual(["A capybara of ours"]);
  await expect(find("capybara", other.owner)).rejects.toMatchObject({ status: 404 });
});

test.each([
  ["is:opn", "“is:opn” is unknown. Write is:open or is:resolved."],
  ["before:soon", "“before:soon” is no day. Write before:2026-11-30."],
  ["after:2026-02-31", "“after:2026-02-31” is no day."],
  ["tag:none", "There is no tag “none” on this website."],
  ["assignee:zzz", "There is no agent “zzz” here."],
  ["from:zzz", "Nobody here is called “zzz”."],
  ["tag:", "“tag:” needs a value, such as tag:refund."],
  ["", "There is no word to search for."],
  ["!!! …", "There is no word to search for."],
  ["a ".repeat(100), "These are 100 words. Search for at most 30 at a time."],
])("%j is refused with what to write", async (q, message) => {
  await expect(find(q, guesser)).rejects.toThrow(message);
});

test.each([
  ["10,000 characters", "x".repeat(10_000)],
  ["NUL", "a\u0000b"],
])("%s: refused", async (_what, q) => {
  await expect(find(q, guesser)).rejects.toMatchObject({ status: 400 });
});

test.each([
  "x",
  "a\ud800",
  "是",
  "is:open",
  "from:visitor from:me",
  '"',
  "'",
  "\\",
  ":*",
  "a:* | b",
  "((",
  "<->",
  "%",
  "😀",
  "\u0301",
  "x".repeat(300),
])("%j is answered or refused, without a failure", async q => {
  const { status } = await guesser.call("GET", `${website()}/search?${new URLSearchParams({ q })}`);
  expect([200, 400]).toContain(status);
});

test("a cursor that is none, and a time zone that is none, are refused", async () => {
  for (const cursor of ["x", "1_2_3", `1_${"0".repeat(8)}-0000-7000-8000-000000000000_99999999999`]) {
    await expect(find("x", guesser, { cursor })).rejects.toMatchObject({ status: 400, code: "invalid_cursor" });
  }
  await expect(find("x", guesser, { timeZone: "Mars/Base" })).rejects.toMatchObject({ status: 400 });
});

test("agents of the same name are found together, also with quotes in it", async () => {
  const { conversationId } = await talk(["A tapir asks"]);
  await agent.act(conversationId, "assign", { assigneeId: agent.me.user.id });
  await indexed();
  await app.sql.query(`update memberships set name = 'Sam "Sammy" Lee' where website_id = $1`, [app.website.id]);
  for (const name of ['"Sam Sammy Lee"', "sammy"]) {
    expect(await bodies(`tapir assignee:${name}`)).toEqual(["A tapir asks"]);
  }
});
