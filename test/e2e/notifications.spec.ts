import type { BrowserContext, Page } from "@playwright/test";
import { createVisitor } from "#lab/actors/people.ts";
import { expectAccessible } from "./accessibility.ts";
import { expect, test } from "./chat.ts";
import { dashboardOn, inboxOf } from "./dashboard.ts";

/** The notifications that are open, and how often the page has played a sound. */
type Spied = { popups: { title: string; body: string }[]; sounds: number };

/** Counts what the page hands to the browser, which does it as always. */
const spy = `
  window.spied = { open: [], sounds: 0 };
  window.Notification = class extends Notification {
    constructor(title, options) {
      super(title, options);
      spied.open.push(this);
    }
    close() {
      spied.open = spied.open.filter(popup => popup !== this);
      super.close();
    }
  };
  window.AudioContext = class extends AudioContext {
    constructor() {
      super();
      spied.sounds++;
    }
  };`;

const spyOn = (context: BrowserContext) => context.addInitScript({ content: spy });

const readSpied = (page: Page) =>
  page.evaluate<Spied>("({ popups: spied.open.map(({ title, body }) => ({ title, body })), sounds: spied.sounds })");

/** Chooses in the dialog, which stays open. */
async function choose(page: Page, ...names: string[]) {
  await page.getByRole("button", { name: /^Account of/ }).click();
  await page.getByRole("menuitem", { name: "Notifications" }).click();
  const dialog = page.getByRole("dialog", { name: "Notifications in this browser" });
  for (const name of names) await dialog.getByLabel(name).click();
  return dialog;
}

const phone = { width: 390, height: 844 };
const desktop = { width: 1280, height: 800 };

for (const [size, viewport] of Object.entries({ phone, desktop })) {
  test(`an agent is notified once, and the notification leads to the message, on a ${size}`, async ({
    chat,
    website,
    signedIn,
  }) => {
    const agent = await chat.createAgent(website, "Ada Agent");
    const page = await signedIn(agent, inboxOf(website), { viewport, permissions: ["notifications"] });
    await spyOn(page.context());
    await page.reload();
    const dialog = await choose(page, "Notifications of the browser");
    await expectAccessible(page, "the choices of notifications");
    await page.keyboard.press("Escape");
    await expect(dialog).toBeHidden();

    const visitor = await createVisitor(chat.url, { websiteKey: website.publicKey });
    await visitor.send("Is the blue one in stock?");
    await expect
      .poll(() => readSpied(page))
      .toEqual({
        popups: [{ title: expect.stringMatching(/^Visitor /), body: "Is the blue one in stock?" }],
        sounds: 1,
      });
    await expect(page).toHaveTitle(/^\(1\) /);
    await expect(page.locator('link[rel="icon"]')).toHaveAttribute("href", /unread/);

    await page.evaluate("spied.open[0].dispatchEvent(new Event('click'))");
    await expect(dashboardOn(page).messages.getByText("Is the blue one in stock?")).toBeVisible();
    await expect.poll(() => readSpied(page)).toEqual({ popups: [], sounds: 1 });
    await expect(page.locator('link[rel="icon"]')).not.toHaveAttribute("href", /unread/);
  });
}

test("the sound repeats until an agent has read the message", async ({ chat, website, signedIn }) => {
  const page = await signedIn(await chat.createAgent(website, "Ada Agent"), inboxOf(website));
  await spyOn(page.context());
  await page.clock.install();
  await page.reload();
  await choose(page, "Every 10 seconds, until an agent has read the message");
  await page.keyboard.press("Escape");

  const visitor = await createVisitor(chat.url, { websiteKey: website.publicKey });
  const { conversation } = await visitor.send("Hello?");
  await expect.poll(async () => (await readSpied(page)).sounds).toBe(1);
  await page.clock.fastForward(10_000);
  await expect.poll(async () => (await readSpied(page)).sounds).toBe(2);

  await chat.owner.api("POST", `/websites/${website.id}/conversations/${conversation.id}/read`, { seq: 1 });
  await expect(dashboardOn(page).rows("Hello?").getByRole("img", { name: "1 unread" })).toBeHidden();
  await page.clock.fastForward(10_000);
  // A second message is the sign that everything before it was handled.
  await visitor.send("Anybody there?", { conversationId: conversation.id });
  await expect.poll(async () => (await readSpied(page)).sounds).toBe(3);
});

test("of two tabs one notifies, and what a colleague has taken, or quiet hours cover, makes no sound", async ({
  chat,
  website,
  signedIn,
}) => {
  const page = await signedIn(await chat.createAgent(website, "Ada Agent"), inboxOf(website), {
    permissions: ["notifications"],
  });
  await spyOn(page.context());
  await page.reload();
  const tab = await page.context().newPage();
  await tab.goto(page.url());
  await choose(tab, "Notifications of the browser");
  await tab.keyboard.press("Escape");

  const send = async (body: string) => {
    const visitor = await createVisitor(chat.url, { websiteKey: website.publicKey });
    return visitor.send(body);
  };
  const countAll = async () => {
    const [one, other] = [await readSpied(page), await readSpied(tab)];
    return { sounds: one.sounds + other.sounds, popups: [...one.popups, ...other.popups].map(({ body }) => body) };
  };
  const { conversation } = await send("One");
  await expect.poll(countAll).toEqual({ sounds: 1, popups: ["One"] });
  await chat.owner.api("POST", `/websites/${website.id}/conversations/${conversation.id}/assign`, {
    assigneeId: chat.owner.me.user.id,
  });
  await expect.poll(countAll).toEqual({ sounds: 1, popups: [] });

  const dialog = await choose(tab, "Quiet hours");
  await dialog.getByRole("textbox", { name: "From" }).fill("00:00");
  await dialog.getByRole("textbox", { name: "Until" }).fill("00:00");
  await tab.keyboard.press("Escape");
  await send("Two");
  await expect(dashboardOn(tab).rows("Two")).toBeVisible();
  await choose(tab, "Quiet hours");
  await send("Three");
  await expect.poll(countAll).toEqual({ sounds: 2, popups: ["Three"] });
});
