import { createVisitor } from "#lab/actors/people.ts";
import { expect, test } from "./chat.ts";
import { dashboardOn, inboxOf } from "./dashboard.ts";
import { deskOf } from "./desk.ts";
import { proxySocket } from "./socket-proxy.ts";

/** Keys that an input method handles. Safari ends composing before it sends the key. */
const composed = [
  { isComposing: true, keyCode: 13 },
  { isComposing: false, keyCode: 229 },
];

test("after a note the composer stays a note, also when the agent comes back or reloads", async ({
  chat,
  website,
  signedIn,
}) => {
  const visitor = await createVisitor(chat.url, { websiteKey: website.publicKey });
  await visitor.send("My order is late");
  const dashboard = dashboardOn(await signedIn(chat.owner, inboxOf(website)));
  const { page, rows, field, pane, messages, write } = dashboard;
  await rows("My order is late").click();
  await expect(messages.getByText("My order is late")).toBeVisible();
  await page.keyboard.press("n");
  await write("He shouted at me on the phone");
  await expect(field).toHaveAccessibleName("Write a note");
  await write("And again today");
  await expect(pane.getByText("Note, only for agents")).toBeVisible();
  await page.reload();
  await expect(field).toHaveAccessibleName("Write a note");
  await page.goto(chat.url + inboxOf(website));
  await rows("My order is late").click();
  await expect(field).toHaveAccessibleName("Write a note");
  await pane.getByText("Reply", { exact: true }).click();
  await write("It is on its way.");
  await expect(messages.getByText("It is on its way.")).toBeVisible();
  await expect(field).toHaveAccessibleName("Write a reply");

  const desk = deskOf(chat.owner, website);
  await expect.poll(desk.texts).toEqual(["My order is late", "It is on its way."]);
  const stored = await desk.listMessages((await desk.conversation()).id);
  expect(stored.map(({ kind }) => kind)).toEqual(["text", "note", "note", "text"]);
});

test("keys of an input method neither send nor leave anything", async ({ chat, website, signedIn }) => {
  const visitor = await createVisitor(chat.url, { websiteKey: website.publicKey });
  await visitor.send("注文が届きません");
  const { page, rows, field, pane, messages, write } = dashboardOn(await signedIn(chat.owner, inboxOf(website)));
  await rows("注文").click();
  await write("すみません");
  await expect(messages.getByText("すみません")).toBeVisible();
  await field.fill("確認します");
  for (const key of ["Enter", "Escape"]) {
    for (const how of composed) await field.dispatchEvent("keydown", { key, code: key, ...how });
  }
  await expect(field).toHaveValue("確認します");
  await expect(field).toBeFocused();

  await field.fill("");
  await field.press("ArrowUp");
  const editor = pane.getByRole("textbox", { name: "Edit the message" });
  await editor.fill("申し訳ありません");
  for (const key of ["Enter", "Escape"]) {
    for (const how of composed) await editor.dispatchEvent("keydown", { key, code: key, ...how });
  }
  await expect(editor).toHaveValue("申し訳ありません");
  await editor.press("Escape");

  await page.getByRole("heading", { level: 1 }).click();
  await page.keyboard.press("t");
  const search = page.getByRole("textbox", { name: "Search tags" });
  await search.fill("配送");
  for (const key of ["Enter", "Escape"]) {
    for (const how of composed) await search.dispatchEvent("keydown", { key, code: key, ...how });
  }
  await expect(search).toHaveValue("配送");
  await expect(search).toBeVisible();
  const { tags } = await chat.owner.api<{ tags: unknown[] }>("GET", `/websites/${website.id}/tags`);
  expect(tags).toEqual([]);
  expect(await deskOf(chat.owner, website).texts()).toEqual(["注文が届きません", "すみません"]);
});

test("a key that is held and a double click resolve once, and never open it again", async ({
  chat,
  website,
  signedIn,
}) => {
  const visitor = await createVisitor(chat.url, { websiteKey: website.publicKey });
  await visitor.send("Thank you!");
  const { page, rows, pane } = dashboardOn(await signedIn(chat.owner, inboxOf(website)));
  const desk = deskOf(chat.owner, website);
  const { id } = await desk.conversation();
  const events = async () => (await desk.listMessages(id)).flatMap(({ details }) => details?.type ?? []);
  const resolved = pane.getByRole("button", { name: "Reopen" });
  const open = pane.getByRole("button", { name: "Resolve" });
  await rows("Thank you!").click();
  await expect(open).toBeVisible();

  const steps: [act: () => Promise<void>, shown: typeof open][] = [
    [() => hold("e"), resolved],
    [() => hold("e"), open],
    [() => open.dblclick(), resolved],
    [() => resolved.dblclick(), open],
    [() => open.focus().then(() => hold("Enter")), resolved],
    [() => resolved.focus().then(() => hold("Enter")), open],
  ];
  for (const [index, [act, shown]] of steps.entries()) {
    await act();
    await expect(shown).toBeVisible();
    await expect.poll(async () => (await events()).length).toBe(index + 1);
  }
  expect(await events()).toEqual(steps.map((_, index) => (index % 2 ? "reopened" : "resolved")));

  /** As a keyboard does that repeats a key: without "up" in between, Playwright marks the event as repeated. */
  async function hold(key: string) {
    for (let times = 0; times < 5; times++) await page.keyboard.down(key);
    await page.keyboard.up(key);
  }
});

test("an agent who is away reads nothing; what came meanwhile is read when they are back", async ({
  chat,
  website,
  signedIn,
}) => {
  const visitor = await createVisitor(chat.url, { websiteKey: website.publicKey });
  await visitor.send("One");
  const { page, rows, messages } = dashboardOn(await signedIn(chat.owner, inboxOf(website)));
  const desk = deskOf(chat.owner, website);
  await rows("One").click();
  await expect.poll(async () => (await desk.conversation()).unread).toBe(0);
  const account = page.getByRole("button", { name: "Account of Olga Owner" });
  const choose = async (name: string) => {
    await account.click();
    await page.getByRole("menuitemradio", { name: name }).click();
    await page.keyboard.press("Escape");
    await expect(account).toHaveAccessibleName(new RegExp(name, "i"));
  };
  await choose("Away");
  await visitor.send("Two");
  await expect(messages.getByText("Two")).toBeVisible();
  await expect(rows("Two").getByRole("img", { name: "1 unread" })).toBeVisible();
  expect((await desk.conversation()).unread).toBe(1);
  await choose("Online");
  await expect.poll(async () => (await desk.conversation()).unread).toBe(0);
});

test("of two agents who take a conversation at the same moment, the second reads who was faster", async ({
  chat,
  website,
  visit,
}) => {
  const ben = await chat.createAgent(website, "Ben Second");
  const visitor = await createVisitor(chat.url, { websiteKey: website.publicKey });
  const { conversation } = await visitor.send("Who takes this?");
  const page = await visit(`${chat.url}/sign-in`, { as: chat.owner });
  const proxy = await proxySocket(page);
  await page.goto(chat.url + inboxOf(website));
  const { rows, pane } = dashboardOn(page);
  await rows("Who takes this?").click();
  await expect(pane.getByRole("button", { name: "Assign", exact: true })).toBeVisible();

  proxy.hold();
  const path = `/websites/${website.id}/conversations/${conversation.id}/assign`;
  await ben.api("POST", path, { assigneeId: ben.me.user.id, from: null });
  await page.keyboard.press("a");
  await expect(pane.getByRole("button", { name: "Assigned to Olga Owner" })).toBeVisible();
  proxy.release();
  await expect(page.getByText("Ben Second has this conversation now.")).toBeVisible();
  await expect(pane.getByRole("button", { name: "Assigned to Ben Second" })).toBeVisible();
  expect((await deskOf(chat.owner, website).conversation()).assignee?.name).toBe("Ben Second");

  await page.keyboard.press("a");
  await expect(pane.getByRole("button", { name: "Assigned to Olga Owner" })).toBeVisible();
  await expect.poll(async () => (await deskOf(chat.owner, website).conversation()).assignee?.name).toBe("Olga Owner");
});
