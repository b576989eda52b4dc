import { createVisitor } from "#lab/actors/people.ts";
import { expectAccessible } from "./accessibility.ts";
import { expect, test } from "./chat.ts";
import { dashboardOn, inboxOf } from "./dashboard.ts";

test("an admin corrects, restricts and downloads what is known of a visitor, and every screen shows it", async ({
  chat,
  website,
  signedIn,
}) => {
  const visitor = await createVisitor(chat.url, { websiteKey: website.publicKey });
  await visitor.send("Please correct my name");
  const ben = await chat.createAgent(website, "Ben Second");
  const owner = dashboardOn(await signedIn(chat.owner, inboxOf(website)));
  const agent = dashboardOn(await signedIn(ben, inboxOf(website)));
  for (const { rows } of [owner, agent]) await rows("correct my name").click();
  await expect(agent.page.getByRole("button", { name: "Restrict…" })).toHaveCount(0);

  await owner.page.getByRole("button", { name: "Correct…" }).click();
  const correction = owner.page.getByRole("dialog", { name: /^Correct what is known of/ });
  await correction.getByLabel("Name").fill("Ada King");
  await expectAccessible(owner.page, "correction");
  await correction.getByRole("button", { name: "Correct", exact: true }).click();
  await expect(correction).toBeHidden();
  for (const { list } of [owner, agent]) await expect(list).toContainText("Ada King");

  const downloading = owner.page.waitForEvent("download");
  await owner.page.getByRole("link", { name: "Download data" }).click();
  expect((await downloading).suggestedFilename()).toMatch(/^visitor-.*\.zip$/);

  await owner.page.getByRole("button", { name: "Restrict…" }).click();
  const question = owner.page.getByRole("dialog", { name: "Restrict the data of Ada King?" });
  await question.getByRole("button", { name: "Restrict" }).click();
  for (const { page, field } of [owner, agent]) {
    await expect(page.getByText("agents cannot write to them")).toBeVisible();
    await expect(field).toHaveCount(0);
  }
  for (const { list, page } of [owner, agent]) {
    await expect(list.getByRole("img", { name: "Restricted" })).toBeVisible();
    await expect(
      page.getByRole("banner").or(page.locator("header")).getByRole("img", { name: "Restricted" }),
    ).toBeVisible();
  }
  await expectAccessible(owner.page, "restricted");
  await owner.page.getByRole("button", { name: "End restriction…" }).click();
  await owner.page.getByRole("dialog").getByRole("button", { name: "End restriction" }).click();
  for (const { field } of [owner, agent]) await expect(field).toBeVisible();
});

test("the settings show the public page as it will be, and who was deleted", async ({
  chat,
  website,
  signedIn,
  visit,
}) => {
  const visitor = await createVisitor(chat.url, { websiteKey: website.publicKey });
  await visitor.send("Delete me");
  await visitor.api("POST", "/widget/privacy/delete");
  const page = await signedIn(chat.owner, `/w/${website.id}/settings/privacy`);
  await expect(page.getByRole("table", { name: "Deleted people" })).toContainText("In the trash until");
  await page.getByLabel("Privacy notice").fill("We keep what you write for a year.");
  await page.getByLabel("Link to your privacy policy").fill("shop.example");
  await page.getByRole("button", { name: "Save settings" }).click();
  await expect(page.getByText("The link is not an address such as")).toBeVisible();
  await page.getByLabel("Link to your privacy policy").fill("https://shop.example/privacy");
  await page.getByLabel("Visitors must accept it").check();
  const preview = page.getByRole("figure", { name: "Preview of the public page" });
  await expect(preview).toContainText("the chat does not connect");
  await expectAccessible(page, "privacy settings");
  await page.getByRole("button", { name: "Save settings" }).click();
  await expect(page.getByText("The settings are saved.")).toBeVisible();

  const shown = await visit(`${chat.url}/privacy/${website.publicKey}`);
  await expect(shown.getByRole("heading", { level: 1 })).toContainText(website.name);
  await expect(shown.getByText("We keep what you write for a year.")).toBeVisible();
  await expect(shown.getByText("the chat does not connect")).toBeVisible();
  await expectAccessible(shown, "public page");
});
