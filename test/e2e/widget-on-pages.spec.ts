import { randomUUID } from "node:crypto";
import type { Page, Route } from "@playwright/test";
import { expect, test } from "./shop.ts";
import { widgetOn } from "./widget.ts";

/** What pages do to themselves while they navigate. */
const replacements = {
  "body.innerHTML": 'document.body.innerHTML = "<h1>Another page</h1>"',
  "body.replaceChildren": 'document.body.replaceChildren("Another page")',
  "another body": 'document.documentElement.replaceChild(document.createElement("body"), document.body)',
  "another html": `{
    const html = document.createElement("html");
    html.append(document.createElement("head"), document.createElement("body"));
    document.replaceChild(html, document.documentElement);
  }`,
  "a morph that removes unknown elements": `for (let times = 0; times < 3; times++) {
    setTimeout(() => document.querySelectorAll("body > :not(h1)").forEach(element => element.remove()), times * 30);
  }`,
};

for (const [name, replace] of Object.entries(replacements)) {
  test(`the chat survives ${name}, with what was being typed`, async ({ page, shop }) => {
    await page.goto(shop.page("/replaced", `<h1>Shop</h1>${shop.snippet()}`));
    const { bubble, field, panel, open, write, texts } = widgetOn(page);
    await open();
    await field.fill("half a sent");
    for (let times = 0; times < 2; times++) {
      await page.evaluate(replace);
      await expect(bubble).toBeInViewport({ ratio: 1 });
      await expect(panel).toBeInViewport({ ratio: 1 });
      await expect(field).toHaveValue("half a sent");
    }
    const body = `whole ${randomUUID()}`;
    await write(body);
    await expect.poll(texts).toEqual([body]);
    await expect.poll(async () => (await shop.stored(body)).length).toBe(1);
    await expect(page.locator("prochat-widget")).toHaveCount(1);
  });
}

test("open() and a second copy of the snippet put the chat back at once", async ({ page, shop }) => {
  await page.goto(shop.page("/back", shop.snippet()));
  const { bubble, field, open } = widgetOn(page);
  await open();
  await page.keyboard.press("Escape");
  const isBack = (how: "open" | "attach") =>
    page.evaluate(`(async () => {
      document.querySelector("prochat-widget").remove();
      ProChat.${how}();
      for (let turns = 0; turns < 3; turns++) await null;
      return document.querySelector("prochat-widget") !== null;
    })()`);
  expect(await isBack("attach")).toBe(true);
  expect(await isBack("open")).toBe(true);
  await expect(field).toBeFocused();

  const src = `${shop.url}/widget.js`;
  await page.addScriptTag({ content: 'document.querySelector("prochat-widget").remove()' });
  await page.addScriptTag({ url: src });
  await expect(bubble).toBeInViewport({ ratio: 1 });
  await expect(page.locator("prochat-widget")).toHaveCount(1);
});

test("transforms, filters and containment of the page move nothing, and its backdrop covers nothing", async ({
  page,
  shop,
}) => {
  const style = `<style>
    html { transform: scale(1.2) rotate(2deg); } ::backdrop { background: red; }
    body { transform: translateY(-50px); filter: blur(2px); contain: layout paint; perspective: 10px; will-change: transform;
      opacity: 0.3; overflow: hidden; height: 5000px; container-type: inline-size; z-index: -1; position: relative }
    div { position: fixed; inset: 0; z-index: 2147483647; background: white } </style><div>Over everything</div>`;
  await page.goto(shop.page("/moved", style + shop.snippet()));
  const { bubble, panel, open } = widgetOn(page);
  await expect(bubble).toBeVisible();
  const { width, height } = page.viewportSize()!;
  // What is painted there: the bubble in its full colour, and no backdrop on the page.
  expect(await colourAt(page, width - 76 + 28, height - 76 + 4)).toBe(shop.website.settings.colour);
  expect(await colourAt(page, 20, height - 20)).toBe("#ffffff");
  await open();
  expect(await bubble.boundingBox()).toEqual({ x: width - 76, y: height - 76, width: 56, height: 56 });
  const box = (await panel.boundingBox())!;
  expect([box.x + box.width, box.y + box.height]).toEqual([width - 20, height - 88]);
  await page.mouse.wheel(0, 2_000);
  await expect(bubble).toBeInViewport({ ratio: 1 });
});

test("a double click on the bubble opens the chat, and a second one closes it", async ({ page, shop }) => {
  await page.goto(shop.page("/double", shop.snippet()));
  const { bubble, field } = widgetOn(page);
  await bubble.dblclick();
  await expect(field).toBeFocused();
  await expect(bubble).toHaveAttribute("aria-expanded", "true");
  await bubble.dblclick();
  await expect(field).toBeHidden();
});

test("the key also comes from ProChat.website or the address of the script, with spaces around it", async ({
  page,
  shop,
}) => {
  const { publicKey } = shop.website;
  const src = `${shop.url}/widget.js`;
  const snippets = {
    page: `<script>window.ProChat = { website: " ${publicKey}\\n" }</script><script async src="${src}"></script>`,
    query: `<script async src="${src}?key=${publicKey}%20"></script>`,
    attribute: `<script async src="${src}" data-website=" ${publicKey} "></script>`,
    // As tag managers insert it.
    inserted: `<script>document.head.append(Object.assign(document.createElement("script"), { src: "${src}?key=${publicKey}" }))</script>`,
    // As optimisers run it: not as the current script.
    late: `<script src="${src}?key=${publicKey}" type="delayed"></script>
      <script>fetch("${src}").then(answer => answer.text()).then(text => setTimeout(() => (0, eval)(text)))</script>`,
  };
  for (const [name, snippet] of Object.entries(snippets)) {
    await page.goto(shop.page(`/key-${name}`, snippet));
    await expect(widgetOn(page).bubble, name).toBeVisible();
  }
  const warning = page.waitForEvent("console", line => line.text().startsWith("Pro LiveChat:"));
  await page.goto(shop.page("/key-none", `<script async src="${src}"></script>`));
  expect((await warning).text()).toContain("Copy the snippet from its settings.");
});

test("logout() forgets at once, also while the server does not answer, and an answer that comes later is not kept", async ({
  page,
  shop,
}) => {
  const url = shop.page("/forget", shop.snippet());
  await page.goto(url);
  const { widget, field, open, write, texts, kept } = widgetOn(page);
  await open();
  await write(`secret ${randomUUID()}`);
  await expect(widget.getByRole("img", { name: "Sent" })).toBeVisible();
  await field.fill("half a sent");
  expect(await kept()).toBeGreaterThan(1);
  // The session is asked for when the chat is opened again; its answer comes after the log-out.
  const held: Route[] = [];
  await page.route("**/widget/session", route => void held.push(route));
  await page.reload();
  await open();
  await expect.poll(() => held.length).toBeGreaterThan(0);
  const forget = "ProChat.logout(), localStorage.length + sessionStorage.length";
  expect(await page.evaluate(forget)).toBe(0);
  await expect(field).toBeHidden();
  const answers = held.map(route => page.waitForResponse(response => response.request() === route.request()));
  await Promise.all(held.map(route => route.continue()));
  await Promise.all(answers);
  await page.unroute("**/widget/session");
  await open();
  await expect(field).toHaveValue("");
  expect(await texts()).toEqual([]);
  expect(await kept()).toBe(0);

  // Nothing answers at all: neither bubble nor app are there yet.
  await write(`secret ${randomUUID()}`);
  await expect(widget.getByRole("img", { name: "Sent" })).toBeVisible();
  await page.route("**/api/v1/widget/**", () => {});
  await page.goto(url);
  await page.waitForFunction("window.ProChat");
  expect(await kept()).toBeGreaterThan(0);
  expect(await page.evaluate(forget)).toBe(0);
});

test("an identity that was named before a log-out does not come back after it", async ({ page, shop }) => {
  const held: Route[] = [];
  await page.route("**/widget/websites/*", route => void held.push(route));
  const sessions: (string | undefined)[] = [];
  page.on("request", request => {
    if (request.url().endsWith("/widget/session")) sessions.push(request.postDataJSON().identity);
  });
  await page.goto(shop.page("/order", shop.snippet()));
  await expect.poll(() => held.length).toBe(1);
  await page.evaluate('ProChat.identify("a.b.c"), ProChat.logout()');
  await held[0]!.continue();
  const { open } = widgetOn(page);
  await open();
  await expect.poll(() => sessions).toEqual([undefined]);
});

/** The colour of a pixel on the screen, such as #3457d5. */
async function colourAt(page: Page, x: number, y: number): Promise<string> {
  const picture = await page.screenshot({ clip: { x, y, width: 1, height: 1 } });
  return page.evaluate(`(async () => {
    const bitmap = await createImageBitmap(await (await fetch("data:image/png;base64,${picture.toString("base64")}")).blob());
    const context = new OffscreenCanvas(1, 1).getContext("2d");
    context.drawImage(bitmap, 0, 0);
    const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
    return "#" + [red, green, blue].map(value => value.toString(16).padStart(2, "0")).join("");
  })()`);
}
