import { expectAccessible } from "./accessibility.ts";
import { expect, setUp, test } from "./chat.ts";
import { inboxOf } from "./dashboard.ts";

const phone = { width: 390, height: 844 };
const desktop = { width: 1280, height: 800 };

for (const [size, viewport] of Object.entries({ phone, desktop })) {
  test(`of more than ten websites an agent finds one by its name, on a ${size}`, async ({ freshServer, visit }) => {
    const chat = await setUp(freshServer);
    for (let i = 1; i <= 11; i++) await chat.createWebsite(`Branch ${i}`);
    const harbour = await chat.createWebsite("Harbour Bikes");
    const page = await visit(chat.url + inboxOf(harbour), { viewport, as: chat.owner });
    await page.getByRole("button", { name: "Website: Harbour Bikes" }).click();
    const dialog = page.getByRole("dialog", { name: "Websites" });
    const list = dialog.getByRole("list", { name: "Websites" });
    await expect(list.getByRole("listitem")).toHaveCount(13);
    await expectAccessible(page, "the list of websites");
    await expect(dialog.getByRole("searchbox")).toBeFocused();
    await page.keyboard.type("boat");
    await expect(dialog.getByText("No website has this name.")).toBeVisible();
    await dialog.getByRole("searchbox").fill("branch 1");
    await expect(list.getByRole("listitem")).toHaveText([/^Branch 1$/, /^Branch 10$/, /^Branch 11$/]);
    await page.keyboard.press("Enter");
    await expect(dialog).toBeHidden();
    await expect(page.getByRole("button", { name: "Website: Branch 1" })).toBeVisible();

    await page.getByRole("button", { name: "Website: Branch 1" }).click();
    await list.getByRole("link", { name: "Harbour Bikes" }).click();
    await expect(dialog).toBeHidden();
    await expect(page.getByRole("button", { name: "Website: Harbour Bikes" })).toBeVisible();
  });
}
