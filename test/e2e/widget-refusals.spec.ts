import { randomUUID } from "node:crypto";
import { SignJWT } from "jose";
import { expect, type Shop, test } from "./shop.ts";
import { widgetOn } from "./widget.ts";

async function signerOf({ owner, website }: Shop) {
  const path = `/websites/${website.id}/identity-secret`;
  const { identitySecret } = await owner.api<{ identitySecret: string }>("GET", path);
  const key = new TextEncoder().encode(identitySecret);
  return (sub: string, claims = {}) =>
    new SignJWT(claims).setProtectedHeader({ alg: "HS256" }).setSubject(sub).sign(key);
}

const unique = (text: string) => `${text} ${randomUUID()}`;

test("identify() keeps what is being typed; the next visitor at the computer does not get it", async ({
  page,
  shop,
}) => {
  const identityOf = await signerOf(shop);
  const [zoe, ben] = [randomUUID(), randomUUID()];
  await page.goto(shop.page("/identify", shop.snippet()));
  const { field, widget, open, write, texts } = widgetOn(page);
  const identify = async (identity: string) => {
    const answered = page.waitForResponse(/widget\/session$/);
    await page.evaluate(`ProChat.identify("${identity}")`);
    await answered;
  };
  await open();
  const before = unique("before the log-in");
  await write(before);
  await expect(widget.getByRole("img", { name: "Sent" })).toBeVisible();
  await field.pressSequentially("I have just lo");
  await identify(await identityOf(zoe, { name: "Zoë Ames" }));
  await expect(field).toHaveValue("I have just lo");
  await expect(field).toBeFocused();
  // The caret stays too.
  await field.pressSequentially("gged in");
  await expect(field).toHaveValue("I have just logged in");
  // What was written before stays with the anonymous visitor: see docs/embed.md.
  expect(await texts()).toEqual([]);
  await identify(await identityOf(zoe, { name: "Zoë Ames-Berg" }));
  await expect(field).toHaveValue("I have just logged in");

  await identify(await identityOf(ben));
  await expect(field).toHaveValue("");
  await identify(await identityOf(zoe));
  await expect(field).toHaveValue("I have just logged in");
});

test("where the owner chose it, the thread goes along at the log-in; without a log-in the browser shows none of it", async ({
  page,
  shop,
}) => {
  const choose = (carriesThreadOver: boolean) =>
    shop.owner.api("PATCH", `/websites/${shop.website.id}`, { settings: { carriesThreadOver } });
  const identityOf = await signerOf(shop);
  const address = shop.page("/carry-over", shop.snippet());
  await choose(true);
  await page.goto(address);
  const { widget, open, write, texts } = widgetOn(page);
  const [before, after] = [unique("before the log-in"), unique("after the log-in")];
  await open();
  await write(before);
  await expect(widget.getByRole("img", { name: "Sent" })).toBeVisible();
  await page.evaluate(`ProChat.identify("${await identityOf(randomUUID(), { name: "Zoë Ames" })}")`);
  await expect.poll(texts).toEqual([before]);
  await write(after);
  await expect.poll(async () => (await shop.stored(after)).map(({ body }) => body)).toEqual([before, after]);

  await page.goto(address);
  await open();
  expect(await texts()).toEqual([]);
  await choose(false);
});

test("a refusal that waiting cannot mend ends, is written to the console, and no lost connection is shown", async ({
  page,
  shop,
}) => {
  const warnings: string[] = [];
  page.on("console", line => line.text().startsWith("Pro LiveChat:") && warnings.push(line.text()));
  const { widget, field, status } = widgetOn(page);
  let tries = 0;
  page.on("request", request => {
    if (request.url().endsWith("/widget/session")) tries++;
  });
  /** After minutes in which a client that waits would have tried again. */
  const expectNoMore = async () => {
    const before = tries;
    await page.clock.runFor(180_000);
    expect(tries).toBe(before);
  };
  await page.clock.install();

  // Over HTTP: a JWT that is too long.
  await page.goto(shop.page("/too-long", shop.snippet(`data-identity="${"x".repeat(4_001)}"`)));
  await widget.getByRole("button", { name: "Open chat" }).click();
  await expect(widget.getByText("The chat could not be opened. Reload the page and try again.")).toBeVisible();
  await expect(field).toBeDisabled();
  await expectNoMore();
  expect(warnings).toEqual([expect.stringContaining("identity")]);

  // Over the socket: the server refuses hello.
  await page.routeWebSocket(/\/api\/v1\/socket$/, route =>
    route.onMessage(frame => {
      tries++;
      const error = { code: "forbidden", message: "This website's chat is closed to you." };
      route.send(JSON.stringify({ ref: JSON.parse(String(frame)).ref, error }));
    }),
  );
  await page.goto(shop.page("/forbidden", shop.snippet()));
  await widget.getByRole("button", { name: "Open chat" }).click();
  await expect(widget.getByText("The chat could not be opened.")).toBeVisible();
  await expectNoMore();
  await expect(status).toHaveCount(0);
  expect(warnings.slice(1)).toEqual(["Pro LiveChat: This website's chat is closed to you."]);
});

test("keys of an input method neither send nor close anything", async ({ page, shop }) => {
  await page.goto(shop.page("/composed", shop.snippet()));
  const { field, open, texts } = widgetOn(page);
  await open();
  await field.fill("こんにちは");
  for (const key of ["Enter", "Escape"]) {
    for (const isComposing of [true, false]) {
      await field.dispatchEvent("keydown", { key, code: key, isComposing, keyCode: 229 });
    }
  }
  await expect(field).toBeVisible();
  await expect(field).toHaveValue("こんにちは");
  expect(await texts()).toEqual([]);
});
