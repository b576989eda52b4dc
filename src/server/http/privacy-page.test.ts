import { afterAll, beforeAll, expect, test } from "vitest";
import { type App, startApp } from "#lab/actors/app.ts";

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

const open = (key = app.website.publicKey) => fetch(`${app.url}/privacy/${key}`);
const change = (settings: object) => app.owner.api("PATCH", `/websites/${app.website.id}`, { settings });

test("anybody can read what a website keeps, as its settings are; markup in them is text", async () => {
  await change({
    privacyNotice: "<script>alert(1)</script>\nWe keep what you write.",
    privacyLink: "https://shop.example/privacy?a=1&b='\"",
  });
  const answer = await open();
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
  const page = await answer.text();
  expect(page).not.toContain("<script");
  expect(page).toContain("&#60;script&#62;alert(1)");
  expect(page).toContain('href="https://shop.example/privacy?a=1&#38;b=&#39;&#34;"');
  expect(page).toContain("without what stands behind");
  expect(page).toContain("deleted 365 days after its last message. From 90 days on");
  expect(page).not.toContain("does not connect");
  await change({ keepsPageQuery: true, isNoticeRequired: true, archiveAfterDays: 30, deleteAfterDays: 60 });
  const changed = await (await open()).text();
  expect(changed).toContain("deleted 60 days after its last message. From 30 days on");
  expect(changed).not.toContain("without what stands behind");
  expect(changed).toContain("nothing is stored, and the chat does not connect");
  await change({ isDeletionConfirmed: false });
  expect(await (await open()).text()).toContain("It is not deleted by its age yet.");
});

test("a key that no website has gets no page", async () => {
  expect((await open("guessed")).status).toBe(404);
});
