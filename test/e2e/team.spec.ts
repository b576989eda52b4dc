import { createVisitor } from "#lab/actors/people.ts";
import type { Website } from "#protocol/websites.ts";
import { expect, test } from "./chat.ts";
import { dashboardOn, inboxOf } from "./dashboard.ts";

test("a second agent makes an account through the link, answers, and is signed out when removed", async ({
  chat,
  website,
  visit,
  signedIn,
}) => {
  const visitor = await createVisitor(chat.url, { websiteKey: website.publicKey });
  await visitor.send("Who is there?");
  const owner = await signedIn(chat.owner, `/w/${website.id}/people`);
  await owner.getByLabel("Note").fill("Ben, support");
  await owner.getByRole("button", { name: "Make a link" }).click();
  const link = await owner.getByRole("textbox", { name: "Invitation link" }).inputValue();
  await expect(owner.getByRole("list", { name: "Invitations" })).toContainText("Ben, support");

  const page = await visit(link);
  await expect(page.getByRole("heading", { name: "Join Harbour Bikes" })).toBeVisible();
  await expect(page.getByText("Olga Owner invites you to answer its visitors. Your role: Agent.")).toBeVisible();
  await page.getByLabel("Your name").fill("Ben Support");
  await page.getByLabel("Email").fill(`ben-${website.id}@team.example`);
  await page.getByLabel("Password", { exact: true }).fill("correct horse battery");
  await page.getByRole("button", { name: "Make my account and join" }).click();
  const ben = dashboardOn(page);
  await ben.rows("Who is there?").click();
  await ben.write("I am.");
  await expect(ben.messages.getByRole("img", { name: "Sent" })).toBeVisible();

  const agents = owner.getByRole("list", { name: "Agents" });
  await expect(agents.getByRole("listitem").filter({ hasText: "Ben Support" })).toContainText("Joined just now");
  await expect(agents.getByRole("combobox", { name: "Role of Ben Support" })).toHaveValue("Agent");
  await expect(owner.getByText("No open invitations.")).toBeVisible();
  await owner.getByRole("button", { name: "Remove Ben Support" }).click();
  await owner.getByRole("dialog").getByRole("button", { name: "Remove Ben Support" }).click();
  await expect(page).toHaveURL(/\/sign-in\?/);
  await expect(page.getByRole("status")).toContainText("you were removed from a website");
  await expect(agents).not.toContainText("Ben Support");
  const answer = await page.request.get(`${chat.url}/api/v1/websites/${website.id}/inbox`);
  expect(answer.status()).toBe(401);

  await page.getByLabel("Email").fill(`ben-${website.id}@team.example`);
  await page.getByLabel("Password", { exact: true }).fill("correct horse battery");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).not.toHaveURL(/\/sign-in/);
  expect((await page.request.get(`${chat.url}/api/v1/websites/${website.id}/inbox`)).status()).toBe(404);
});

test("an invitation works once", async ({ chat, website, visit }) => {
  const path = `/websites/${website.id}/invitations`;
  const { token } = await chat.owner.api<{ token: string }>("POST", path, { role: "agent" });
  const account = { name: "First", email: `first-${website.id}@team.example`, password: "correct horse battery" };
  const page = await visit(`${chat.url}/invite/${token}`);
  await expect(page.getByRole("button", { name: "Make my account and join" })).toBeVisible();
  expect((await page.request.post(`${chat.url}/api/v1/invitations/${token}`, { data: { account } })).status()).toBe(
    200,
  );
  await page.context().clearCookies();
  await page.reload();
  await expect(page.getByRole("heading", { name: "This invitation is no longer valid" })).toBeVisible();
});

test("an agent of one website sees nothing of another, an agent of both switches between them", async ({
  chat,
  website,
  signedIn,
}) => {
  const other = await chat.createWebsite("Mountain Boots");
  const say = async ({ publicKey }: Website, text: string) => {
    const visitor = await createVisitor(chat.url, { websiteKey: publicKey });
    return (await visitor.send(text)).conversation.id;
  };
  await say(website, "A tyre is flat");
  const elsewhere = await say(other, "A lace is torn");
  const ben = await chat.createAgent(website, "Ben Second");

  const theirs = dashboardOn(await signedIn(ben, "/"));
  await expect(theirs.rows("A tyre is flat")).toBeVisible();
  await expect(theirs.rows()).toHaveCount(1);
  await theirs.page.getByRole("button", { name: /^Website: Harbour Bikes/ }).click();
  await expect(theirs.page.getByRole("menuitem")).toHaveText([/^Harbour Bikes/]);
  await theirs.page.goto(chat.url + inboxOf(other));
  await expect(theirs.page.getByRole("heading", { name: "You cannot see this website" })).toBeVisible();
  await theirs.page.goto(`${chat.url}${inboxOf(website)}/${elsewhere}`);
  await expect(theirs.page.getByRole("heading", { name: "This conversation does not exist" })).toBeVisible();
  const refused = await theirs.page.request.get(`${chat.url}/api/v1/websites/${other.id}/conversations/${elsewhere}`);
  expect(refused.status()).toBe(404);

  const ana = await chat.createAgent(website, "Ana Both");
  const invitation = { role: "agent" };
  const { token } = await chat.owner.api<{ token: string }>("POST", `/websites/${other.id}/invitations`, invitation);
  await ana.api("POST", `/invitations/${token}`, {});
  const mine = dashboardOn(await signedIn(ana, inboxOf(website)));
  await expect(mine.rows("A tyre is flat")).toBeVisible();
  await mine.page.getByRole("button", { name: /^Website: Harbour Bikes, \d+ unread on other websites/ }).click();
  await mine.page.locator(`[role=menuitem][href="${inboxOf(other)}"]`).click();
  await expect(mine.rows("A lace is torn")).toBeVisible();
  await expect(mine.rows()).toHaveCount(1);
  await expect(mine.page.getByRole("button", { name: /^Website: Mountain Boots/ })).toBeVisible();

  await say(other, "And a sole is loose");
  await expect(mine.rows("And a sole is loose")).toBeVisible();
  await say(website, "And a bell is stuck");
  await theirs.page.goto(chat.url + inboxOf(website));
  await expect(theirs.rows("And a bell is stuck")).toBeVisible();
  await expect(mine.rows()).toHaveCount(2);
});

test("roles decide at once who may invite, remove and change settings", async ({ chat, website, signedIn }) => {
  const ben = await chat.createAgent(website, "Ben Second");
  const page = await signedIn(ben, `/w/${website.id}/people`);
  await expect(page.getByText("Only admins and owners can invite people.")).toBeVisible();
  await expect(page.getByRole("button", { name: /^Remove/ })).toHaveCount(0);
  await page.getByRole("link", { name: "Settings" }).click();
  await expect(page.getByText("Only admins and owners can change the settings.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Show the secret" })).toHaveCount(0);

  const owner = await signedIn(chat.owner, `/w/${website.id}/people`);
  await owner.getByRole("combobox", { name: "Role of Ben Second" }).click();
  await owner.getByRole("option", { name: /^Admin/ }).click();
  await expect(page.getByRole("button", { name: "Show the secret" })).toBeVisible();
  await page.getByRole("link", { name: "People" }).click();
  await expect(page.getByRole("button", { name: "Make a link" })).toBeVisible();
  const agents = page.getByRole("list", { name: "Agents" }).getByRole("listitem");
  await expect(agents.filter({ hasText: "Olga Owner" }).getByText("Owner", { exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: "Remove Olga Owner" })).toHaveCount(0);
});
