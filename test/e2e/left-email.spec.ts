import { expectAccessible } from "./accessibility.ts";
import { expect, test } from "./chat.ts";
import { dashboardOn, inboxOf } from "./dashboard.ts";
import { widgetOn } from "./widget.ts";

const phone = { width: 390, height: 844 };
const desktop = { width: 1280, height: 800 };

for (const [size, viewport] of Object.entries({ phone, desktop })) {
  test(`a visitor whom no agent can answer leaves an e-mail address, and agents see that it is not proven, on a ${size}`, async ({
    chat,
    website,
    signedIn,
    visit,
  }) => {
    const page = await visit(chat.demoPageOf(website), { viewport });
    const { open, write, panel, messages, field } = widgetOn(page);
    await open();
    const form = panel.getByRole("form", { name: "E-mail address" });
    await expect(form).toBeHidden();
    await write("Is the blue one in stock?");
    await expect(form).toBeVisible();
    await expectAccessible(page, "the question for an e-mail address");
    await form.getByRole("textbox").fill("ada@shop");
    await form.getByRole("button", { name: "Save" }).click();
    await expect(panel.getByText("email")).toBeVisible();
    await expect(form).toBeVisible();
    await form.getByRole("textbox").fill("ada@shop.example");
    await form.getByRole("textbox").press("Enter");
    await expect(messages.getByText("Thank you. We can reach you at ada@shop.example.")).toBeVisible();
    await expect(form).toBeHidden();

    // Not asked again, also after a reload.
    await page.reload();
    await open();
    await write("And the red one?");
    await expect(messages).toContainText("And the red one?");
    await expect(form).toBeHidden();
    await expect(field).toBeFocused();

    const dashboard = dashboardOn(await signedIn(chat.owner, inboxOf(website), { viewport }));
    await dashboard.rows("ada@shop.example").click();
    const details = dashboard.page.getByRole("button", { name: "Details" });
    if ((await details.getAttribute("aria-expanded")) !== "true") await details.click();
    const visitor = dashboard.page.getByRole("region", { name: "Visitor" });
    await expect(visitor.getByRole("link", { name: "ada@shop.example" })).toHaveAttribute(
      "href",
      "mailto:ada@shop.example",
    );
    await expect(visitor).toContainText("not proven");
    await expectAccessible(dashboard.page, "the details with the address");
  });
}

test("a visitor who declines is not asked again; nobody is asked where the website does not want it", async ({
  chat,
  website,
  visit,
}) => {
  const page = await visit(chat.demoPageOf(website));
  const { open, write, panel, messages } = widgetOn(page);
  await open();
  await write("Hello?");
  const form = panel.getByRole("form", { name: "E-mail address" });
  await form.getByRole("button", { name: "No, thanks" }).click();
  await expect(form).toBeHidden();
  await page.reload();
  await open();
  await expect(messages).toContainText("Hello?");
  await expect(panel.getByText("Nobody is online right now.")).toBeVisible();
  await expect(form).toBeHidden();

  await chat.owner.api("PATCH", `/websites/${website.id}`, { settings: { asksForEmail: false } });
  const other = widgetOn(await visit(chat.demoPageOf(website)));
  await other.open();
  await other.write("Hello too?");
  await expect(other.messages).toContainText("Hello too?");
  await expect(other.panel.getByText("Nobody is online right now.")).toBeVisible();
  await expect(other.panel.getByRole("form", { name: "E-mail address" })).toBeHidden();
});

test("where an agent is online, a visitor is asked after two minutes without an answer, and not after one", async ({
  chat,
  website,
  signedIn,
  visit,
}) => {
  await signedIn(chat.owner, inboxOf(website));
  const page = await visit(chat.demoPageOf(website));
  await page.clock.install();
  await page.reload();
  const { open, write, panel, messages } = widgetOn(page);
  await open();
  await expect(panel.getByText("We usually answer within a few minutes.")).toBeVisible();
  await write("Hello?");
  await expect(messages).toContainText("Hello?");
  const form = panel.getByRole("form", { name: "E-mail address" });
  await expect(form).toBeHidden();
  await page.clock.setSystemTime(Date.now() + 3 * 60_000);
  // The next heartbeat, or key, draws.
  await write("Are you there?");
  await expect(form).toBeVisible();
});
