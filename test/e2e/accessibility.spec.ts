import type { Page } from "@playwright/test";
import { createVisitor } from "#lab/actors/people.ts";
import { expectAccessible, waitUntilStill } from "./accessibility.ts";
import { expect, test } from "./chat.ts";
import { dashboardOn, inboxOf } from "./dashboard.ts";
import { deskOf } from "./desk.ts";
import { widgetOn } from "./widget.ts";

const looks = [
  { name: "light", options: { colorScheme: "light" } },
  { name: "dark", options: { colorScheme: "dark" } },
  { name: "on a phone", options: { colorScheme: "light", viewport: { width: 380, height: 700 } } },
] as const;

for (const { name, options } of looks) {
  const expectWell = (page: Page, state: string) =>
    expectAccessible(page, state, options.colorScheme === "dark" ? "colours" : "all");

  test(`axe finds nothing on any screen of the dashboard, ${name}`, async ({ chat, website, signedIn }) => {
    const visitor = await createVisitor(chat.url, { websiteKey: website.publicKey });
    const { conversation } = await visitor.send("Do you have a trailer? https://shop.example/trailers");
    await chat.owner.api("POST", `/websites/${website.id}/tags`, { name: "Billing", colour: "#ffd43b" });
    const reply = { shortcut: "hours", body: "We are open from 9 to 5.", isOwn: false };
    await chat.owner.api("POST", `/websites/${website.id}/canned-replies`, reply);
    await chat.owner.api("POST", `/websites/${website.id}/invitations`, { role: "agent" });
    await chat.createAgent(website, "Ben Second");
    const resolved = await createVisitor(chat.url, { websiteKey: website.publicKey });
    const { conversation: other } = await resolved.send("Thank you!");
    await chat.owner.api("POST", `/websites/${website.id}/conversations/${other.id}/resolve`);
    const page = await signedIn(chat.owner, "/", options);
    const inbox = inboxOf(website);
    const screens = {
      [inbox]: page.getByRole("list", { name: "Conversations" }),
      [`${inbox}/${conversation.id}`]: page.getByRole("log", { name: "Messages" }),
      [inbox.replace("all", "mine")]: page.getByText("Nothing is assigned to you"),
      [inbox.replace("all", "resolved")]: page.getByText("Thank you!"),
      [`${inbox}/01890000-0000-7000-8000-000000000000`]: page.getByText("This conversation does not exist"),
      [`/w/${website.id}/people`]: page.getByText("Ben Second"),
      [`/w/${website.id}/settings`]: page.getByRole("button", { name: "Save settings" }),
      [`/w/${website.id}/settings/tags`]: page.getByText("Billing"),
      [`/w/${website.id}/settings/replies`]: page.getByText("/hours"),
      [`/w/${website.id}/settings/audit`]: page.getByText("added the website Harbour Bikes."),
      "/w/new": page.getByRole("heading", { name: "Add a website" }),
      "/w/999999/inbox/all": page.getByRole("heading"),
      "/invite/nothing": page.getByRole("heading", { name: "This invitation is no longer valid" }),
      "/nowhere": page.getByRole("link", { name: "inbox" }),
      "/sign-in?reason=signed-out": page.getByRole("button", { name: "Sign in" }),
    };
    for (const [path, shown] of Object.entries(screens)) {
      await page.goto(chat.url + path);
      await expect(shown.first()).toBeVisible();
      await expectWell(page, path);
    }
  });

  test(`axe finds nothing in an open conversation, its menus and dialogs, ${name}`, async ({
    chat,
    website,
    signedIn,
  }) => {
    const visitor = await createVisitor(chat.url, { websiteKey: website.publicKey });
    const { conversation } = await visitor.send("Do you have a trailer?");
    await chat.createAgent(website, "Ben Second");
    const reply = { shortcut: "hours", body: "We are open from 9 to 5.", isOwn: false };
    await chat.owner.api("POST", `/websites/${website.id}/canned-replies`, reply);
    const tag = await chat.owner.api<{ id: string }>("POST", `/websites/${website.id}/tags`, {
      name: "Billing",
      colour: "#ffd43b",
    });
    const path = `/websites/${website.id}/conversations/${conversation.id}`;
    await chat.owner.api("POST", `${path}/tags`, { tagId: tag.id });
    const page = await signedIn(chat.owner, `${inboxOf(website)}/${conversation.id}`, options);
    const { pane, messages, write } = dashboardOn(page);
    await expect(messages.getByText("Do you have a trailer?")).toBeVisible();
    await write("Yes, two.");
    await page.keyboard.press("Escape");
    await page.keyboard.press("n");
    await write("He asked last year too.");
    await expect(pane.getByText("Note, only for agents")).toBeVisible();
    await expectWell(page, "a note is written");
    await page.keyboard.press("Escape");

    const states: Record<string, () => Promise<void>> = {
      "assign menu": () => pane.getByRole("button", { name: "Assign", exact: true }).click(),
      details: () => openDetails(page),
      "tag picker": () => page.keyboard.press("t"),
      shortcuts: () => page.keyboard.press("?"),
      "menu of a message": () => openMessageMenu(page),
      "question before a deletion": async () => {
        await openMessageMenu(page);
        await page.getByRole("menuitem", { name: "Delete" }).click();
      },
      editor: () => page.keyboard.press("E"),
    };
    const expectAll = async (opened: Record<string, () => Promise<void>>) => {
      for (const [state, open] of Object.entries(opened)) {
        await open();
        await waitUntilStill(page);
        await expectWell(page, state);
        await page.keyboard.press("Escape");
        await waitUntilStill(page);
      }
    };
    await expectAll(states);
    await page.keyboard.press("Escape");
    await page.keyboard.press("r");
    await page.keyboard.type("/");
    await expect(page.getByRole("listbox", { name: "Canned replies" })).toBeVisible();
    await expectWell(page, "canned replies");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Backspace");
    // The composer has the focus after an edit.
    await page.keyboard.press("Escape");
    await page.keyboard.press("e");
    await expect(page.getByRole("button", { name: "Undo" })).toBeVisible();
    await waitUntilStill(page);
    await expectWell(page, "resolved, with undo");

    // On a phone the rail stands below the list only.
    await page.goto(chat.url + inboxOf(website));
    await expectAll({
      "account menu": () => page.getByRole("button", { name: /^Account/ }).click(),
      "password dialog": async () => {
        await page.getByRole("button", { name: /^Account/ }).click();
        await page.getByText("Change password").click();
      },
      "website menu": () => page.getByRole("button", { name: /^Website/ }).click(),
    });
  });

  test(`axe finds nothing in the widget, ${name}`, async ({ chat, website, visit }) => {
    const page = await visit(chat.demoPageOf(website), options);
    const { bubble, widget, panel, field, open, write, messages } = widgetOn(page);
    await expect(bubble).toBeVisible();
    await expectWell(page, "closed");
    await open();
    await expectWell(page, "open and empty");
    await write("Do you have a trailer? https://shop.example/trailers");
    await expect(widget.getByRole("img", { name: "Sent" })).toBeVisible();
    await deskOf(chat.owner, website).answer("Yes: https://shop.example/trailers, two of them.");
    await expect(messages.getByText("two of them")).toBeVisible();
    await expectWell(page, "a conversation");
    await panel.getByRole("button", { name: "Edit or delete" }).click();
    await expectWell(page, "a message is changed");
    await panel.getByRole("button", { name: "Delete", exact: true }).click();
    await expectWell(page, "asked before a deletion");
    await panel.getByRole("button", { name: "Keep" }).click();
    await field.fill("x".repeat(10_001));
    await expectWell(page, "too long");
    await field.fill("Is anybody there?");
    await page.context().setOffline(true);
    await field.press("Enter");
    await expect(panel.getByRole("status").filter({ hasText: "Connection lost." })).toBeVisible();
    await expectWell(page, "without a connection");
  });
}

async function openDetails(page: Page) {
  const details = page.getByRole("button", { name: "Details" });
  if ((await details.getAttribute("aria-expanded")) !== "true") await details.click();
}

async function openMessageMenu(page: Page) {
  await page.getByRole("log").getByText("Yes, two.").hover();
  await page.getByRole("button", { name: "Change the message" }).click();
}
