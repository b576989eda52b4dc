import { createVisitor } from "#lab/actors/people.ts";
import { expect, test } from "./chat.ts";
import { dashboardOn, inboxOf } from "./dashboard.ts";
import { collectErrors } from "./page-errors.ts";

test("a deep link asks to sign in and leads there afterwards", async ({ chat, website, page }) => {
  const visitor = await createVisitor(chat.url, { websiteKey: website.publicKey });
  const { conversation } = await visitor.send("Straight to me");
  const address = `${chat.url}${inboxOf(website)}/${conversation.id}`;
  await page.goto(address);
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await expect(page.getByLabel("Email")).toBeFocused();
  await page.keyboard.type(chat.owner.account.email);
  await page.getByLabel("Password", { exact: true }).fill("not the password");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert")).toBeVisible();
  await page.getByLabel("Password", { exact: true }).fill(chat.owner.account.password);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(address);
  await expect(dashboardOn(page).messages.getByText("Straight to me")).toBeVisible();

  await page.getByRole("button", { name: "Account of Olga Owner" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page.getByRole("status")).toHaveText("You are signed out.");
  await page.goto(address);
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
});

test("the daily work is done with single keys", async ({ chat, website, signedIn }) => {
  for (const text of ["Oldest", "Middle", "Newest"]) {
    const visitor = await createVisitor(chat.url, { websiteKey: website.publicKey });
    await visitor.send(text);
  }
  const { page, rows, messages, field, pane } = dashboardOn(await signedIn(chat.owner, inboxOf(website)));
  await expect(rows()).toContainText(["Newest", "Middle", "Oldest"]);
  for (const [key, text] of ["jNewest", "jMiddle", "jOldest", "jOldest", "kMiddle"].map(step => [
    step[0],
    step.slice(1),
  ])) {
    await page.keyboard.press(key!);
    await expect(messages.getByText(text!, { exact: true })).toBeVisible();
  }
  await page.keyboard.press("r");
  await expect(field).toBeFocused();
  await page.keyboard.type("jk? is text here");
  await page.keyboard.press("Enter");
  await expect(messages.getByText("jk? is text here")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(field).not.toBeFocused();
  await page.keyboard.press("n");
  await expect(field).toHaveAccessibleName("Write a note");
  await page.keyboard.press("Escape");
  await page.keyboard.press("a");
  await expect(pane.getByRole("button", { name: "Assigned to Olga Owner" })).toBeVisible();
  await page.keyboard.press("e");
  await expect(pane.getByRole("button", { name: "Reopen" })).toBeVisible();
  await expect(rows()).toHaveCount(2);
  await page.keyboard.press("e");
  await expect(rows()).toHaveCount(3);
  await page.keyboard.press("2");
  await expect(page).toHaveURL(/\/inbox\/mine/);
  await expect(rows()).toHaveCount(1);

  await page.keyboard.press("?");
  const dialog = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await expect(dialog.getByRole("row", { name: "e Resolve the conversation, or reopen it" })).toBeVisible();
  await page.keyboard.press("1");
  await expect(page).toHaveURL(/\/inbox\/mine/);
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
});

test("on a phone one pane shows at a time, and the browser's back returns to the list", async ({
  chat,
  website,
  signedIn,
}) => {
  const visitor = await createVisitor(chat.url, { websiteKey: website.publicKey });
  await visitor.send(`A long word: ${"unbroken".repeat(40)}`);
  const viewport = { width: 380, height: 700 };
  const { page, list, rows, pane, messages, write } = dashboardOn(
    await signedIn(chat.owner, inboxOf(website), { viewport }),
  );
  await expect(list).toBeVisible();
  await expect(pane).toBeHidden();
  await rows("A long word").click();
  await expect(messages).toBeVisible();
  await expect(list).toBeHidden();
  await write("An answer from the pocket");
  await expect(messages.getByRole("img", { name: "Sent" })).toBeVisible();
  expect(await page.locator("html").evaluate(root => root.scrollWidth)).toBe(viewport.width);
  await page.goBack();
  await expect(list).toBeVisible();
  await expect(pane).toBeHidden();
  await rows("An answer from the pocket").click();
  await page.getByRole("link", { name: "Back to the list" }).click();
  await expect(list).toBeVisible();
  for (const screen of ["People", "Settings"]) {
    await page.getByRole("link", { name: screen }).click();
    await expect(page.getByRole("heading", { level: 1, name: screen })).toBeVisible();
    expect(await page.locator("html").evaluate(root => root.scrollWidth)).toBe(viewport.width);
  }
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`no screen violates its security policy or logs an error, in the ${colorScheme} theme`, async ({
    chat,
    website,
    signedIn,
  }) => {
    const visitor = await createVisitor(chat.url, { websiteKey: website.publicKey });
    const { conversation } = await visitor.send("Hello");
    const page = await signedIn(chat.owner, "/", { colorScheme });
    await page.addInitScript(
      `addEventListener("securitypolicyviolation", event => console.error("violation", event.violatedDirective, event.blockedURI))`,
    );
    const errors = collectErrors(page);
    const inbox = inboxOf(website);
    const screens = {
      [`${inbox}/${conversation.id}`]: page.getByRole("log", { name: "Messages" }),
      [inbox.replace("all", "mine")]: page.getByText("Nothing is assigned to you"),
      [`/w/${website.id}/people`]: page.getByRole("list", { name: "Agents" }),
      [`/w/${website.id}/settings`]: page.getByRole("button", { name: "Save settings" }),
      [`/w/${website.id}/settings/tags`]: page.getByRole("button", { name: "Add tag" }),
      [`/w/${website.id}/settings/audit`]: page.getByText("added the website Harbour Bikes."),
      "/w/new": page.getByRole("heading", { name: "Add a website" }),
      "/invite/nothing": page.getByRole("heading", { name: "This invitation is no longer valid" }),
      "/nowhere": page.getByRole("link", { name: "inbox" }),
      "/sign-in?reason=signed-out": page.getByRole("button", { name: "Sign in" }),
    };
    for (const [path, shown] of Object.entries(screens)) {
      await page.goto(chat.url + path);
      await expect(shown.first()).toBeVisible();
      await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", colorScheme);
      const ground = colorScheme === "dark" ? /^rgb\(\d\d?, \d\d?, \d\d?\)$/ : /^rgb\(2\d\d, 2\d\d, 2\d\d\)$/;
      await expect(page.locator("body")).toHaveCSS("background-color", ground);
    }
    const expected = /the server responded with a status of 4(04|10)/;
    expect(errors.filter(line => !expected.test(line))).toEqual([]);
  });
}
