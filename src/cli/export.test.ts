import { afterAll, beforeAll, expect, test } from "vitest";
import { type App, startApp } from "#lab/actors/app.ts";
import { makeFolder } from "#lab/programs/folders.ts";
import { runCli } from "#lab/programs/programs.ts";

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

async function exported(...args: string[]) {
  const env = { DATABASE_URL: app.databaseUrl, DATA_DIR: makeFolder() };
  const { code, stdout, stderr } = await runCli(["export", ...args], { env });
  return { code, stderr, lines: stdout.split("\n").filter(Boolean) };
}

test("the messages of one website in a period are exported in order, without deleted ones", async () => {
  const { agent, visitor, conversationId } = await app.scene();
  const sent = [];
  for (let i = 2; i <= 5; i++) sent.push((await visitor.send(`Line ${i}`, { conversationId })).message.id);
  await agent.send(conversationId, "A note", { kind: "note" });
  await agent.act(conversationId, "resolve");
  const deleted = await app.scene();
  await app.sql.query("update conversations set deleted_at = now() where id = $1", [deleted.conversationId]);
  const path = `/widget/conversations/${conversationId}/messages`;
  await visitor.api("PATCH", `${path}/${sent[0]}`, { body: "Line two" });
  await visitor.api("DELETE", `${path}/${sent[1]}`);

  const { code, lines } = await exported("--website", String(app.website.id));
  const messages = lines.map(line => JSON.parse(line));
  expect(code).toBe(0);
  expect(messages.map(message => [message.conversationId, message.seq, message.kind])).toEqual(
    [1, 2, 4, 5, 6, 7].map(seq => [conversationId, seq, seq === 6 ? "note" : seq === 7 ? "event" : "text"]),
  );
  expect(messages[0]).toMatchObject({ editedAt: null });
  expect(messages[1]).toMatchObject({
    body: "Line two",
    author: "visitor",
    authorId: null,
    editedAt: expect.any(String),
  });

  const [first, second] = messages;
  const half = ["--from", first.createdAt, "--until", second.createdAt];
  expect((await exported("--website", String(app.website.id), ...half)).lines).toHaveLength(1);
  expect(
    (await exported("--website", String(app.website.id), "--until", "2020-01-01", "--from", "2019-01-01")).lines,
  ).toEqual([]);
});

test("more than a page is exported whole, each message once", async () => {
  const { websiteId, conversationId } = await largeConversation(2_500);
  const { lines } = await exported("--website", String(websiteId));
  expect(
    lines.map(line => JSON.parse(line)).filter(message => message.conversationId === conversationId),
  ).toMatchObject(Array.from({ length: 2_500 }, (_, i) => ({ seq: i + 1 })));
});

test("an unknown website and an empty period are refused", async () => {
  expect(await exported("--website", "999")).toMatchObject({ code: 1, stderr: "There is no website 999.\n" });
  const turned = ["--from", "2026-02-01", "--until", "2026-01-01"];
  expect(await exported("--website", String(app.website.id), ...turned)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("--from must be before --until"),
  });
  expect(await exported("--website", "1", "--from", "yesterday")).toMatchObject({ code: 2 });
  expect(await exported("--website", "all")).toMatchObject({ code: 2 });
});

async function largeConversation(messages: number) {
  const { website } = await app.otherWebsite();
  const visitor = await app.visitor({ websiteKey: website.publicKey });
  const { message } = await visitor.send("Hello");
  await app.sql.query(
    `insert into messages (website_id, conversation_id, seq, id, kind, author, body)
     select $1, $2, seq, gen_random_uuid(), 'text', 'visitor', 'Line ' || seq from generate_series(2, $3::integer) as seq`,
    [website.id, message.conversationId, messages],
  );
  return { websiteId: website.id, conversationId: message.conversationId };
}
