import { SignJWT } from "jose";
import { test as base, type Chat, expect } from "./chat.ts";
import { dashboardOn, inboxOf } from "./dashboard.ts";
import { deskOf } from "./desk.ts";
import { type Host, startHost } from "./host.ts";
import { collectErrors } from "./page-errors.ts";
import { widgetOn } from "./widget.ts";

const test = base.extend<{ host: Host }>({
  host: async ({ chat, website }, provide) => {
    const host = await startHost("localhost");
    await chat.owner.api("PATCH", `/websites/${website.id}`, { allowedOrigins: [host.origin] });
    await provide(host);
    host.close();
  },
});

const pageWith = (body: string) =>
  `<!doctype html><html lang="en"><title>Host</title><link rel="stylesheet" href="/style.css"><h1>Host</h1>
   <a href="#top">A link of the host</a>${body}`;
/** The policy of a careful host, with the minimum that the product needs. */
const strictPolicyFor = ({ url }: Chat) =>
  `default-src 'none'; style-src 'self'; script-src ${url}; connect-src ${url} ${url.replace("http", "ws")};
   require-trusted-types-for 'script'; trusted-types 'none'`.replace(/\s+/g, " ");

/** Not on the body itself: opacity and transforms there would apply to everything in it. */
const aggressiveCss = `
  * { color: red !important; font-size: 40px !important; display: block }
  body *, prochat-widget, button, textarea { color: red !important; background: yellow !important; font-size: 40px !important;
    display: block !important; position: static !important; opacity: .1 !important; pointer-events: none !important;
    margin: 50px !important; transform: rotate(20deg) !important; visibility: hidden !important }`;

test("the chat works under a strict policy, trusted types and hostile styles", async ({
  chat,
  website,
  host,
  visit,
}) => {
  const headers = { "content-security-policy": strictPolicyFor(chat) };
  host.page("/style.css", { body: aggressiveCss, type: "css" });
  const address = host.page("/", { body: pageWith(chat.snippetOf(website)), headers });
  const page = await visit("about:blank");
  await page.addInitScript(
    `addEventListener("securitypolicyviolation", event => console.error("violation", event.violatedDirective, event.blockedURI))`,
  );
  const errors = collectErrors(page);
  await page.goto(address);
  const widget = widgetOn(page);
  await expect(widget.bubble).toBeInViewport({ ratio: 1 });
  await expect(page.locator("prochat-widget")).toHaveCSS("opacity", "1");
  await widget.open();
  await expect(widget.panel).toBeInViewport({ ratio: 1 });
  await widget.write("A question from a hostile page");
  await expect(widget.messages.getByRole("img", { name: "Sent" })).toBeVisible();
  await deskOf(chat.owner, website).answer("An answer");
  const answer = widget.messages.getByText("An answer");
  await expect(answer).toBeInViewport({ ratio: 1 });
  await expect(answer).not.toHaveCSS("color", "rgb(255, 0, 0)");
  await expect(answer).not.toHaveCSS("font-size", "40px");
  await expect(page.getByRole("heading", { name: "Host" })).toHaveCount(0);
  expect(errors).toEqual([]);
});

test("the widget adds one name to the page, and opening it creates nothing on the server", async ({
  chat,
  website,
  host,
  visit,
}) => {
  const page = await visit("about:blank");
  const namesOfWindow = () => page.evaluate(() => Object.getOwnPropertyNames(globalThis));
  await page.goto(host.page("/without", { body: pageWith("") }));
  const before = await namesOfWindow();
  await page.goto(host.page("/with", { body: pageWith(chat.snippetOf(website)) }));
  const widget = widgetOn(page);
  await widget.open();
  await widget.field.fill("Only thinking aloud");
  await expect(widget.panel.getByText("Nobody is online right now.")).toBeVisible();
  expect((await namesOfWindow()).filter(name => !before.includes(name))).toEqual(["ProChat"]);
  const desk = deskOf(chat.owner, website);
  expect(await desk.conversations()).toEqual([]);
  await widget.field.press("Enter");
  await expect(widget.messages.getByRole("img", { name: "Sent" })).toBeVisible();
  expect(await desk.conversations()).toHaveLength(1);
});

test("the keyboard alone reaches the bubble, writes, and gets back", async ({ chat, website, host, visit }) => {
  const page = await visit(host.page("/", { body: pageWith(chat.snippetOf(website)) }));
  const widget = widgetOn(page);
  await expect(widget.bubble).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "A link of the host" })).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(widget.bubble).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(widget.field).toBeFocused();
  await expect(widget.panel).toHaveAccessibleName("Harbour Bikes");
  await expect(widget.bubble).toHaveAttribute("aria-expanded", "true");
  await page.keyboard.type("First line");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("second line");
  await page.keyboard.press("Enter");
  await expect(widget.messages.getByRole("img", { name: "Sent" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(widget.panel).toBeHidden();
  await expect(widget.bubble).toBeFocused();
  await expect(widget.bubble).toHaveAttribute("aria-expanded", "false");
  expect(await deskOf(chat.owner, website).texts()).toEqual(["First line\nsecond line"]);
});

test("a visitor whom the page has signed in has one name and one thread in every browser", async ({
  chat,
  website,
  host,
  visit,
  signedIn,
}) => {
  const path = `/websites/${website.id}/identity-secret`;
  const { identitySecret } = await chat.owner.api<{ identitySecret: string }>("GET", path);
  const identity = await new SignJWT({ name: "Zoë Ames", email: "zoe@customers.example" })
    .setProtectedHeader({ alg: "HS256" })
    .setSubject("customer-7")
    .setExpirationTime("5m")
    .sign(new TextEncoder().encode(identitySecret));
  const address = host.page("/", { body: pageWith(chat.snippetOf(website, `data-identity="${identity}"`)) });

  const laptop = widgetOn(await visit(address));
  await laptop.open();
  await laptop.write("Where is my order?");
  const dashboard = dashboardOn(await signedIn(chat.owner, inboxOf(website)));
  await dashboard.rows("Where is my order?").filter({ hasText: "Zoë Ames" }).click();
  await expect(dashboard.pane.getByRole("heading", { name: "Zoë Ames" })).toBeVisible();
  const facts = dashboard.page.getByRole("region", { name: "Visitor" });
  await expect(facts.getByRole("link", { name: "zoe@customers.example" })).toBeVisible();
  await expect(facts.getByText("customer-7")).toBeVisible();

  const phone = widgetOn(await visit(address));
  await phone.open();
  await expect(phone.messages.getByText("Where is my order?")).toBeVisible();
  await phone.write("From my phone now");
  await expect(laptop.messages.getByText("From my phone now")).toBeVisible();
  await expect(dashboard.rows()).toHaveCount(1);
});

test("on a page that is not allowed there is no bubble, and one warning says why", async ({
  chat,
  website,
  host,
  visit,
}) => {
  await chat.owner.api("PATCH", `/websites/${website.id}`, { allowedOrigins: ["https://shop.example"] });
  const page = await visit("about:blank");
  const errors = collectErrors(page);
  await page.goto(host.page("/", { body: pageWith(chat.snippetOf(website)) }));
  await expect
    .poll(() => errors.filter(line => line.startsWith("Pro LiveChat:")))
    .toEqual([
      `Pro LiveChat: The chat of Harbour Bikes is not allowed on ${host.origin}. Add it to the allowed origins in the website's settings.`,
    ]);
  await expect(page.locator("prochat-widget")).toHaveCount(0);
});
