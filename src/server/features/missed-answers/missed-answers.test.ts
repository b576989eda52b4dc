import { afterAll, beforeAll, expect, test } from "vitest";
import { findJobsSchema } from "#database/home-schema.ts";
import { type App, startApp } from "#lab/actors/app.ts";
import { eventually } from "#lab/eventually.ts";
import { type MailServer, startMailServer } from "#lab/programs/receivers.ts";
import { addJob } from "#platform/jobs/cron.ts";
import { missedAfterMs } from "./feature.ts";
import { mailText } from "./mail-text.ts";

let mails: MailServer;
let app: App;
beforeAll(async () => {
  mails = await startMailServer();
  app = await startApp({ env: { SMTP_URL: mails.url, MAIL_FROM: "chat@shop.example" } });
});
afterAll(async () => {
  await app.stop();
  await mails.stop();
});

/** A visitor with this address, and their conversation. */
async function visitorOf(email: string) {
  const visitor = await app.visitor();
  const { conversation } = await visitor.send("Is the blue one in stock?");
  await visitor.api("POST", "/widget/email", { email });
  return { visitor, id: conversation.id };
}

const keyOf = (id: string) => `mail-missed-answers:${app.website.id}:${id}`;

async function findJob(id: string) {
  const schema = await findJobsSchema(app.sql);
  const { rows } = await app.sql.query(`select run_at, attempts from ${schema}.jobs where key = $1`, [keyOf(id)]);
  return rows[0] as { run_at: Date; attempts: number } | undefined;
}

/** The five minutes are over. Resolves when the job has run. */
async function letTimePass(id: string) {
  const schema = await findJobsSchema(app.sql);
  await eventually(async () => expect(await findJob(id)).toBeDefined());
  const payload = { websiteId: app.website.id, conversationId: id };
  await addJob(app.sql, schema, "mail-missed-answers", payload, { jobKey: keyOf(id) });
  await eventually(async () => expect(await findJob(id)).toBeUndefined());
}

const sentTo = (email: string) => mails.received.filter(({ to }) => to.includes(email));

test("answers that a visitor has not read go to their address five minutes after the last one, once", async () => {
  const { visitor, id } = await visitorOf("ada@shop.example");
  await app.owner.send(id, "Yes, two of them.");
  await app.owner.send(id, "Does a colleague know of a third?", { kind: "note" });
  await app.owner.send(id, "And a red one.");
  await eventually(async () => expect(await findJob(id)).toBeDefined());
  const inMs = (await findJob(id))!.run_at.getTime() - Date.now();
  expect(inMs).toBeGreaterThan(missedAfterMs - 120_000);
  expect(inMs).toBeLessThan(missedAfterMs + 120_000);

  await letTimePass(id);
  const [mail, ...others] = sentTo("ada@shop.example");
  expect(others).toEqual([]);
  expect(mail!.source).toContain(`Subject: Your conversation with ${app.website.name}`);
  expect(mail!.source).toContain("Yes, two of them.");
  expect(mail!.source).toContain("And a red one.");
  expect(mail!.source).not.toContain("colleague");

  await app.owner.send(id, "The red one is gone now.");
  await letTimePass(id);
  expect(sentTo("ada@shop.example")).toHaveLength(2);
  expect(sentTo("ada@shop.example")[1]!.source).not.toContain("Yes, two of them.");

  const { message } = await app.owner.send(id, "Read in the chat");
  await visitor.api("POST", `/widget/conversations/${id}/read`, { seq: message.seq });
  await letTimePass(id);
  expect(sentTo("ada@shop.example")).toHaveLength(2);
});

test("no mail goes to a visitor without an address, one whose data is restricted, one who was deleted, or where it is off", async () => {
  const stranger = await app.visitor();
  const { conversation } = await stranger.send("Hello");
  await app.owner.send(conversation.id, "Hello!");

  const path = `/websites/${app.website.id}`;
  const { id: deleted } = await visitorOf("deleted@shop.example");
  await app.owner.send(deleted, "An answer");
  await app.owner.api("DELETE", `${path}/conversations/${deleted}`, { reason: "" });
  await letTimePass(deleted);

  const restricted = await visitorOf("restricted@shop.example");
  await app.owner.send(restricted.id, "An answer");
  const inbox = await app.owner.inbox();
  const visitorId = inbox.conversations.find(({ id }) => id === restricted.id)!.visitor.id;
  await app.owner.api("POST", `${path}/visitors/${visitorId}/restrict`);
  await letTimePass(restricted.id);

  await app.owner.api("PATCH", path, { settings: { mailsMissedAnswers: false } });
  const { id: off } = await visitorOf("off@shop.example");
  await app.owner.send(off, "An answer");
  await letTimePass(off);
  await app.owner.api("PATCH", path, { settings: { mailsMissedAnswers: true } });

  expect(await findJob(conversation.id)).toBeUndefined();
  expect(["deleted", "restricted", "off"].flatMap(name => sentTo(`${name}@shop.example`))).toEqual([]);
});

test("an address that the mail server refuses is not tried again; while the server is away the queue keeps no address", async () => {
  const { id } = await visitorOf("nobody@shop.example");
  await app.owner.send(id, "An answer");
  await letTimePass(id);
  const { rows } = await app.sql.query("select mailed_seq from conversations where id = $1", [id]);
  expect(rows).toEqual([{ mailed_seq: 2 }]);

  const { id: other } = await visitorOf("later@shop.example");
  await app.owner.send(other, "Another answer");
  await eventually(async () => expect(await findJob(other)).toBeDefined());
  await mails.stop();
  const schema = await findJobsSchema(app.sql);
  const payload = { websiteId: app.website.id, conversationId: other };
  await addJob(app.sql, schema, "mail-missed-answers", payload, { jobKey: keyOf(other) });
  const readErrors = async () =>
    (
      await app.sql.query<{ error: string }>(
        `select last_error as error from ${schema}.jobs where last_error is not null`,
      )
    ).rows;
  await eventually(async () => expect(await readErrors()).toHaveLength(1));
  const [{ error } = { error: "" }] = await readErrors();
  expect(error).toContain("A mail with missed answers was not sent");
  expect(error).not.toContain("later@");
});

test("a mail names a page of the website's own only", () => {
  const website = { name: "Shop", allowedOrigins: ["https://shop.example", "https://*.shop.example"] };
  const missed = {
    email: "ada@shop.example",
    answers: [{ seq: 2, body: "Yes.", createdAt: "2026-12-01T00:00:00Z", authorName: "Olga" }],
  };
  const textOn = (pageUrl: string | null) => mailText(website, { ...missed, pageUrl });
  for (const own of ["https://shop.example/bikes", "https://www.shop.example/"]) expect(textOn(own)).toContain(own);
  for (const foreign of [
    "https://evil.example/",
    "https://shop.example.evil.example/",
    "javascript:alert(1)",
    "no address",
  ])
    expect(textOn(foreign)).not.toContain(foreign);
  expect(textOn(null)).toContain("Olga wrote:\n\nYes.");
});
