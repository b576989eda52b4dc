import { SignJWT } from "jose";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type App, startApp } from "#lab/actors/app.ts";
import type { AgentClient } from "#lab/actors/people.ts";
import type { WebsiteChange } from "#protocol/websites.ts";
import type { WidgetSession, WidgetWebsite } from "#protocol/widget.ts";

let app: App;
let stranger: AgentClient;

beforeAll(async () => {
  app = await startApp();
  ({ stranger } = await app.scene());
});
afterAll(() => app.stop());
beforeEach(() => change({ ...notice, isNoticeRequired: true }));

const notice = { privacyNotice: "We keep what you write for a year.", privacyLink: "https://shop.example/privacy" };

const change = (settings: WebsiteChange["settings"], by = app.owner) =>
  by.api("PATCH", `/websites/${app.website.id}`, { settings });

/** As a page of the website asks. */
async function ask<Answer>(path: string, body?: object): Promise<Answer> {
  const response = await fetch(`${app.url}/api/v1/widget/${path}`, {
    ...(body && { method: "POST", body: JSON.stringify(body) }),
    headers: { origin: "https://shop.example", ...(body && { "content-type": "application/json" }) },
  });
  const answer = (await response.json()) as Answer & { error: unknown };
  if (!response.ok) throw answer.error;
  return answer;
}

const noticeId = async () => (await ask<WidgetWebsite>(`websites/${app.website.publicKey}`)).requiredNotice;
const openSession = (rest: object = {}) =>
  ask<WidgetSession>("session", { websiteKey: app.website.publicKey, ...rest });

const consents = async () =>
  (
    await app.sql.query(`
      select n.body, n.link, v.notice_accepted_at as at
      from visitors v
      left join privacy_notices n on n.website_id = v.website_id and n.id = v.notice_id
      order by v.first_seen_at desc`)
  ).rows as { body: string | null; link: string | null; at: Date | null }[];

const write = async ({ token }: WidgetSession, body: string) => {
  const visitor = await app.visitor({ notice: (await noticeId())! });
  visitor.headers.authorization = `Bearer ${token}`;
  return visitor.send(body);
};

test("without consent there is no session; with it the visitor's row has the words and the time", async () => {
  const before = Date.now();
  await expect(openSession()).rejects.toMatchObject({ code: "consent_required" });
  await expect(openSession({ notice: "another" })).rejects.toMatchObject({ code: "consent_required" });
  const session = await openSession({ notice: await noticeId() });
  await write(session, "I agree");
  const [stored] = await consents();
  expect(stored).toMatchObject({ body: notice.privacyNotice, link: notice.privacyLink });
  expect(stored!.at!.getTime()).toBeGreaterThanOrEqual(before);
  expect(stored!.at!.getTime()).toBeLessThanOrEqual(Date.now());
});

test("a visitor who has accepted is not asked again, until the words change; what was accepted is kept", async () => {
  const session = await openSession({ notice: await noticeId() });
  await write(session, "Hello");
  const [first] = await consents();
  await openSession({ token: session.token });
  await change({ privacyNotice: "We keep what you write for ten years." });
  await expect(openSession({ token: session.token })).rejects.toMatchObject({ code: "consent_required" });
  expect(await consents()).toContainEqual(first);
  await openSession({ token: session.token, notice: await noticeId() });
  const [second] = await consents();
  expect(second!.body).toBe("We keep what you write for ten years.");
  expect(second!.at!.getTime()).toBeGreaterThan(first!.at!.getTime());
});

test("a logged-in visitor, whose pages say at each load that they accepted, keeps the time of the first", async () => {
  const path = `/websites/${app.website.id}/identity-secret`;
  const { identitySecret } = await app.owner.api<{ identitySecret: string }>("GET", path);
  const identity = await new SignJWT({ sub: "ada" })
    .setProtectedHeader({ alg: "HS256" })
    .sign(new TextEncoder().encode(identitySecret));
  await expect(openSession({ identity })).rejects.toMatchObject({ code: "consent_required" });
  await write(await openSession({ identity, notice: await noticeId() }), "Logged in");
  const [first] = await consents();
  expect(first!.body).toBe(notice.privacyNotice);
  await openSession({ identity, notice: await noticeId() });
  expect(await consents()).toContainEqual(first);
});

test("a notice that is only shown asks for nothing, and one without words cannot be required", async () => {
  await change({ isNoticeRequired: false });
  expect(await noticeId()).toBeNull();
  await openSession();
  await change({ privacyNotice: "  ", isNoticeRequired: true });
  expect(await noticeId()).toBeNull();
  await openSession();
});

test("the link is a page's address; agents and strangers change no notice", async () => {
  for (const privacyLink of ["javascript:alert(1)", "data:text/html,x", "shop.example/privacy", "https://"]) {
    await expect(change({ privacyLink })).rejects.toMatchObject({ code: "invalid_request" });
  }
  await expect(change(notice, await app.agent())).rejects.toMatchObject({ status: 403 });
  await expect(change(notice, stranger)).rejects.toMatchObject({ status: 404 });
});
