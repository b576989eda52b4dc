import { expect, test } from "./chat.ts";

test("the audit log shows admins all actions, newest first, with filters for person and action", async ({
  chat,
  website,
  signedIn,
}) => {
  const ben = await chat.createAgent(website, "Ben Second");
  await chat.owner.api("PATCH", `/websites/${website.id}/agents/${ben.me.user.id}`, { role: "admin" });
  await ben.api("PATCH", `/websites/${website.id}`, { settings: { greeting: "Ahoy!" } });
  await ben.api("POST", `/websites/${website.id}/tags`, { name: "Billing", colour: "#e03131" });

  const page = await signedIn(chat.owner, `/w/${website.id}/settings`);
  await page.getByRole("navigation", { name: "Settings" }).getByRole("link", { name: "Audit log" }).click();
  const entries = page.getByRole("region", { name: "Audit log" }).getByRole("listitem");
  await expect(entries).toContainText([
    "Ben Second added the tag “Billing”.",
    "Ben Second changed the settings: greeting.",
    "Olga Owner changed Ben Second’s role from Agent to Admin.",
    "Ben Second joined as an agent, invited by Olga Owner.",
    "Olga Owner made an invitation for an agent.",
    "Olga Owner added the website Harbour Bikes.",
  ]);
  const settings = entries.filter({ hasText: "changed the settings" });
  await settings.getByText("What was changed").click();
  await expect(settings).toContainText("Hello! How can we help? → Ahoy!");
  await expect(settings).toContainText("127.0.0.0/24");

  await page.getByRole("combobox", { name: "Person" }).click();
  await page.getByRole("option", { name: "Ben Second" }).click();
  await expect(entries).toHaveText([/added the tag/, /changed the settings/, /signed in/, /joined as an agent/]);
  await page.getByRole("combobox", { name: "Action" }).click();
  await page.getByRole("option", { name: "Tag added" }).click();
  await expect(entries).toHaveText([/added the tag/]);
  await page.reload();
  await expect(entries).toHaveText([/added the tag/]);
  await page.getByRole("combobox", { name: "Action" }).fill("Secret replaced");
  await page.getByRole("option", { name: "Secret replaced" }).click();
  await page.getByRole("link", { name: "Show all entries" }).click();
  await expect(entries).toHaveCount(7);

  const carla = await chat.createAgent(website, "Carla Third");
  const theirs = await signedIn(carla, `/w/${website.id}/settings/audit`);
  await expect(theirs.getByText("Only admins and owners see the audit log.")).toBeVisible();
  await expect(theirs.getByRole("link", { name: "Audit log" })).toHaveCount(0);
});
