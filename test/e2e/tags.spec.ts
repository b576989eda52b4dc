import { createVisitor } from "#lab/actors/people.ts";
import type { Website } from "#protocol/websites.ts";
import { expect, test } from "./chat.ts";
import { dashboardOn, inboxOf } from "./dashboard.ts";

async function ask(url: string, { publicKey }: Website, text: string) {
  const visitor = await createVisitor(url, { websiteKey: publicKey });
  await visitor.send(text);
}

test("a tag that one agent makes and puts on shows to the other at once, and filters their inbox", async ({
  chat,
  website,
  signedIn,
}) => {
  await ask(chat.url, website, "Where is my bike?");
  await ask(chat.url, website, "My invoice is wrong");
  const ben = await chat.createAgent(website, "Ben Second");
  const mine = dashboardOn(await signedIn(chat.owner, inboxOf(website)));
  const theirs = dashboardOn(await signedIn(ben, inboxOf(website)));
  await expect(theirs.rows()).toHaveCount(2);

  await mine.rows("My invoice is wrong").click();
  await expect(mine.messages).toContainText("My invoice is wrong");
  await mine.page.keyboard.press("t");
  const picker = mine.page.getByRole("dialog", { name: "Tags of this conversation" });
  await expect(picker.getByText("This website has no tags yet.")).toBeVisible();
  await mine.page.keyboard.type("Billing");
  await mine.page.keyboard.press("Enter");
  await expect(picker.getByRole("option", { name: "Billing", selected: true })).toBeVisible();
  await mine.page.keyboard.press("Escape");
  await expect(picker).toBeHidden();
  const tags = mine.page.getByRole("region", { name: "Tags" });
  await expect(tags.getByRole("list")).toHaveText("Billing");
  await expect(theirs.rows("My invoice is wrong")).toContainText("Billing");
  await expect(theirs.rows("Where is my bike?")).not.toContainText("Billing");

  await theirs.page.keyboard.press("f");
  await theirs.page.getByRole("menuitem", { name: "Billing" }).click();
  await expect(theirs.rows()).toHaveText([/My invoice is wrong/]);
  await expect(theirs.page).toHaveURL(/\?tag=[0-9a-f-]{36}$/);
  await theirs.rows("My invoice is wrong").click();
  await expect(theirs.messages).toContainText("My invoice is wrong");
  await theirs.page.reload();
  await expect(theirs.rows()).toHaveText([/My invoice is wrong/]);

  await tags.getByRole("button", { name: "Remove the tag Billing" }).click();
  await expect(theirs.page.getByText("No conversation here has this tag")).toBeVisible();
  await theirs.page.getByRole("link", { name: "Show all tags" }).click();
  await expect(theirs.rows()).toHaveCount(2);
});

test("agents add tags; admins rename and delete them, and every screen follows", async ({
  chat,
  website,
  signedIn,
}) => {
  const ben = await chat.createAgent(website, "Ben Second");
  const path = `/w/${website.id}/settings/tags`;
  const page = await signedIn(ben, path);
  await expect(page.getByText("No tags yet.")).toBeVisible();
  for (const name of ["Shipping", "Billing"]) {
    await page.getByRole("textbox", { name: "Name" }).fill(name);
    await page.getByRole("textbox", { name: "Name" }).press("Enter");
    await expect(page.getByRole("textbox", { name: "Name" })).toHaveValue("");
  }
  const theirs = page.getByRole("list", { name: "Tags" }).getByRole("listitem");
  await expect(theirs).toHaveText([/^Billing/, /^Shipping/]);
  await page.getByRole("textbox", { name: "Name" }).fill("billing");
  await page.getByRole("button", { name: "Add tag" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await expect(page.getByRole("button", { name: /^(Change|Delete) the tag/ })).toHaveCount(0);

  const owner = await signedIn(chat.owner, path);
  await owner.getByRole("button", { name: "Change the tag Shipping" }).click();
  const form = owner.getByRole("list", { name: "Tags" });
  await form.getByRole("textbox", { name: "Name" }).fill("Delivery");
  await form.getByRole("radio", { name: "Teal" }).check();
  await form.getByRole("button", { name: "Save tag" }).click();
  await expect(theirs).toHaveText([/^Billing/, /^Delivery/]);
  await owner.getByRole("button", { name: "Delete the tag Billing" }).click();
  await owner.getByRole("dialog").getByRole("button", { name: "Delete tag" }).click();
  await expect(theirs).toHaveText([/^Delivery/]);
});

test("the name of a new tag stays in the form while another agent adds the first tag", async ({
  chat,
  website,
  signedIn,
}) => {
  const page = await signedIn(chat.owner, `/w/${website.id}/settings/tags`);
  const name = page.getByRole("textbox", { name: "Name" });
  await name.fill("Refu");
  await chat.owner.api("POST", `/websites/${website.id}/tags`, { name: "Billing", colour: "#e03131" });
  await expect(page.getByRole("list", { name: "Tags" })).toContainText("Billing");
  await expect(name).toHaveValue("Refu");
  await name.fill("Refunds");
  await name.press("Enter");
  await expect(page.getByRole("list", { name: "Tags" })).toContainText("Refunds");
  await expect(name).toHaveValue("");
});
