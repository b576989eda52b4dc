import { createVisitor } from "#lab/actors/people.ts";
import { expect, test } from "./chat.ts";
import { inboxOf } from "./dashboard.ts";

const retentionOf = ({ id }: { id: number }) => `/w/${id}/settings/retention`;

test("an admin sees the months, and changes how long conversations are kept", async ({ chat, website, signedIn }) => {
  const page = await signedIn(chat.owner, retentionOf(website));
  const month = new Intl.DateTimeFormat("en", { month: "long", year: "numeric", timeZone: "UTC" }).format(new Date());
  await expect(page.getByRole("row", { name: month })).toContainText("Live");
  await page.getByLabel("Delete after").fill("10");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("This is less than 30 days, for which a conversation takes messages.")).toBeVisible();
  await page.getByLabel("Delete after").fill("60");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("They would be deleted before they are archived.")).toBeVisible();
  await page.getByLabel("Archive after").fill("45");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved.")).toBeVisible();
  await page.reload();
  await expect(page.getByLabel("Archive after")).toHaveValue("45 days");
  await expect(page.getByLabel("Delete after")).toHaveValue("60 days");
});

test("a hold is placed at a conversation, shown to every agent, and lifted with a reason", async ({
  chat,
  website,
  signedIn,
}) => {
  const visitor = await createVisitor(chat.url, { websiteKey: website.publicKey });
  const { conversation } = await visitor.send("Evidence");
  const page = await signedIn(chat.owner, `${inboxOf(website)}/${conversation.id}`);
  await page.getByRole("button", { name: "Legal hold" }).click();
  const dialog = page.getByRole("dialog", { name: "Place a legal hold" });
  await dialog.getByLabel("Reason").fill("Case 12/2026");
  await dialog.getByRole("button", { name: "Place hold" }).click();
  await expect(page.getByText("Legal hold on this conversation: Case 12/2026")).toBeVisible();

  const ben = await chat.createAgent(website, "Ben Second");
  const agent = await signedIn(ben, `${inboxOf(website)}/${conversation.id}`);
  await expect(agent.getByText("Legal hold on this conversation: Case 12/2026")).toBeVisible();
  await expect(agent.getByRole("button", { name: "Lift hold" })).toHaveCount(0);

  await page.goto(`${chat.url}${retentionOf(website)}`);
  await page.getByRole("button", { name: "Lift the hold: Case 12/2026" }).click();
  const lifting = page.getByRole("dialog", { name: "Lift the legal hold" });
  await lifting.getByLabel("Reason").fill("The case is closed");
  await lifting.getByRole("button", { name: "Lift hold" }).click();
  await expect(page.getByText("There is none.")).toBeVisible();
});
