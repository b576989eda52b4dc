import { createVisitor } from "#lab/actors/people.ts";
import { expectAccessible } from "./accessibility.ts";
import { expect, test } from "./chat.ts";
import { dashboardOn, inboxOf } from "./dashboard.ts";

test("a search is opened by a key, its filters are written into it, and a result opens far back at the message", async ({
  chat,
  website,
  signedIn,
}) => {
  const visitor = await createVisitor(chat.url, { websiteKey: website.publicKey });
  const { conversation } = await visitor.send("Is the blue one still available?");
  const send = (body: string) =>
    chat.owner.api("POST", `/websites/${website.id}/conversations/${conversation.id}/messages`, {
      id: crypto.randomUUID(),
      kind: "text",
      body,
    });
  // More than a page, and fewer than an agent may send in ten seconds.
  for (let i = 0; i < 70; i++) await send(`Line ${i}`);
  const page = await signedIn(chat.owner, inboxOf(website));
  const { messages } = dashboardOn(page);
  await expect(page.getByRole("list", { name: "Conversations" })).toBeVisible();

  await page.keyboard.press("/");
  const field = page.getByRole("searchbox", { name: "Search messages and people" });
  await expect(field).toBeFocused();
  await expect(page.getByText("Find what was said")).toBeVisible();
  await expectAccessible(page, "an empty search");
  await page.keyboard.type('"blue one"');
  const results = page.getByRole("list", { name: "Messages" });
  await expect(async () => {
    await page.keyboard.press("Enter");
    await expect(results.getByRole("listitem")).toHaveCount(1, { timeout: 3_000 });
  }).toPass();
  await expect(results.locator("mark")).toHaveText(["blue one"]);
  await page.getByRole("combobox", { name: "Status" }).click();
  await page.getByRole("option", { name: "Open" }).click();
  await expect(field).toHaveValue('"blue one" is:open');
  await expect(results.getByRole("listitem")).toHaveCount(1);
  await expectAccessible(page, "results");

  await field.focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  const found = messages.locator('[aria-current="true"]');
  await expect(found).toHaveText("Is the blue one still available?");
  await expect(found).toBeInViewport();
  await expect(found).toBeFocused();
  await expectAccessible(page, "a found message");

  await page.goBack();
  await expect(field).toHaveValue('"blue one" is:open');
  await field.fill("is:opn");
  await expect(page.getByText("“is:opn” is unknown. Write is:open or is:resolved.")).toBeVisible();
  await field.fill("xyzzy");
  await expect(page.getByText("Nothing found")).toBeVisible();
  await expectAccessible(page, "a mistake, and nothing found");
});

test("people are found by name, on a phone too", async ({ chat, website, signedIn }) => {
  const visitor = await createVisitor(chat.url, { websiteKey: website.publicKey });
  const { conversation } = await visitor.send("Hello from Zoe");
  const path = `/websites/${website.id}/conversations/${conversation.id}`;
  const { visitor: known } = await chat.owner.api<{ visitor: { id: string } }>("GET", path);
  await chat.owner.api("PATCH", `/websites/${website.id}/visitors/${known.id}`, {
    name: "Zoë Zimmer",
    email: "zoe@mail.example",
  });
  const page = await signedIn(chat.owner, `/w/${website.id}/search`);
  await page.setViewportSize({ width: 390, height: 844 });
  const field = page.getByRole("searchbox", { name: "Search messages and people" });
  const people = page.getByRole("list", { name: "People" });
  await field.fill("zimmer");
  await expect(async () => {
    await page.keyboard.press("Enter"); // until it is in the index
    await expect(people.getByRole("link")).toHaveCount(1, { timeout: 3_000 });
  }).toPass();
  await expect(people).toContainText("Zoë Zimmer");
  await expectAccessible(page, "people on a phone");
  await people.getByRole("link").click();
  await expect(dashboardOn(page).messages).toContainText("Hello from Zoe");
});
