import { createVisitor } from "#lab/actors/people.ts";
import { expect, test } from "./chat.ts";
import { dashboardOn, inboxOf } from "./dashboard.ts";

test("an agent finds a canned reply by its shortcut or text, and sends it with the names filled in", async ({
  chat,
  website,
  signedIn,
}) => {
  const path = `/websites/${website.id}/canned-replies`;
  const body = "Hello {visitor.name|there}, {agent.name} of {website.name} sends your money back.\nAnything else?";
  await chat.owner.api("POST", path, { shortcut: "refund", body, isOwn: false });
  await chat.owner.api("POST", path, { shortcut: "bye", body: "Have a good ride!", isOwn: false });
  const ben = await chat.createAgent(website, "Ben Second");
  const visitor = await createVisitor(chat.url, { websiteKey: website.publicKey });
  const { conversation } = await visitor.send("My money, please");

  const { page, field, messages, pane } = dashboardOn(await signedIn(ben, `${inboxOf(website)}/${conversation.id}`));
  const menu = pane.getByRole("listbox", { name: "Canned replies" });
  const options = menu.getByRole("option");
  await field.pressSequentially("One moment. /");
  await expect(options).toHaveText([/^\/bye/, /^\/refund/]);
  await page.keyboard.press("ArrowDown");
  await expect(menu.getByRole("option", { selected: true })).toHaveText(/^\/refund/);
  await page.keyboard.press("Escape");
  await expect(menu).toBeHidden();
  await expect(field).toBeFocused();
  await field.fill("");
  await field.pressSequentially("/money");
  await expect(options).toHaveText([/^\/refund/]);
  await page.keyboard.press("Enter");
  await expect(field).toHaveValue(`Hello there, Ben Second of ${website.name} sends your money back.\nAnything else?`);
  expect(await messages.getByText("sends your money back").count()).toBe(0);
  await page.keyboard.press("Enter");
  await expect(messages.getByText("sends your money back")).toBeVisible();

  // What is no canned reply is sent as it is.
  await field.pressSequentially("/nothing");
  await expect(menu).toBeHidden();
  await page.keyboard.press("Enter");
  await expect(messages.getByText("/nothing")).toBeVisible();

  await field.pressSequentially("/b");
  await options.first().click();
  await expect(field).toHaveValue("Have a good ride!");
  await expect(field).toBeFocused();
});

test("agents keep own replies, admins those of all; a deletion can be undone, and every screen follows", async ({
  chat,
  website,
  signedIn,
}) => {
  const ben = await chat.createAgent(website, "Ben Second");
  const path = `/w/${website.id}/settings/replies`;
  const [mine, theirs] = [await signedIn(chat.owner, path), await signedIn(ben, path)];
  await expect(theirs.getByText("Only admins and owners can change them.")).toBeVisible();
  await expect(theirs.getByText("Only for me")).toHaveCount(0);

  await mine.getByLabel("Shortcut").fill("opening hours");
  await mine.getByLabel("Text").fill("We are open from 9 to 5.");
  await mine.getByRole("button", { name: "Add canned reply" }).click();
  await expect(mine.getByText("The shortcut needs 1 to 40 letters, digits, - or _, without spaces.")).toBeVisible();
  await mine.getByLabel("Shortcut").fill("hours");
  await mine.getByRole("button", { name: "Add canned reply" }).click();
  await expect(theirs.getByText("/hours")).toBeVisible();
  await expect(mine.getByLabel("Shortcut")).toHaveValue("");
  await expect(theirs.getByRole("button", { name: "Change /hours" })).toHaveCount(0);

  await theirs.getByLabel("Shortcut").fill("mine");
  await theirs.getByLabel("Text").fill("Only I say this.");
  await theirs.getByRole("button", { name: "Add canned reply" }).click();
  await expect(theirs.getByText("Only I say this.")).toBeVisible();
  await expect(mine.getByText("Only I say this.")).toHaveCount(0);

  await mine.getByRole("button", { name: "Change /hours" }).click();
  await mine.getByLabel("Text").first().fill("We are open from 8 to 6.");
  await mine.getByRole("button", { name: "Save" }).click();
  await expect(theirs.getByText("We are open from 8 to 6.")).toBeVisible();
  await mine.getByRole("button", { name: "Delete /hours" }).click();
  await expect(theirs.getByText("/hours")).toHaveCount(0);
  await mine.getByRole("button", { name: "Undo" }).click();
  await expect(theirs.getByText("We are open from 8 to 6.")).toBeVisible();
});
