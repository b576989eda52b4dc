import type { Page } from "@playwright/test";
import { expect, test } from "./chat.ts";
import { dashboardOn } from "./dashboard.ts";
import { widgetOn } from "./widget.ts";

test("from the printed address to the first answer", async ({ freshServer, page, visit }) => {
  await page.goto(freshServer.setupAddress!);
  await fillAndSetUp(page);

  await expect(page.getByRole("heading", { name: "Your chat is ready" })).toBeVisible();
  await expect(page.getByText(`<script async src="${freshServer.url}/widget.js" data-website="`)).toBeVisible();
  const demo = await page.getByRole("link", { name: "Open the demo page" }).getAttribute("href");
  expect(new URL(demo!).origin).not.toBe(freshServer.url);

  const widget = widgetOn(await visit(demo!));
  await widget.open();
  await widget.write("Have you a trailer for Saturday?");

  await page.getByRole("link", { name: "Open the inbox" }).click();
  const dashboard = dashboardOn(page);
  await dashboard.rows("Have you a trailer for Saturday?").click();
  await dashboard.write("Yes, two of them.");
  await expect(widget.messages).toContainText("Yes, two of them.");
  await expect(widget.messages.getByText("Ada Owner")).toBeVisible();
});

test("a wrong code is refused with an explanation, and the right one still works", async ({ freshServer, page }) => {
  await page.goto(`${freshServer.url}/setup?code=a-guess`);
  await fillAndSetUp(page);
  await expect(page.getByRole("alert")).toContainText("Wrong set-up code.");
  await expect(page.getByLabel("Setup code")).toHaveValue("a-guess");
  await page.goto(freshServer.url);
  await expect(page).toHaveURL(/\/setup$/);
  await page.getByLabel("Setup code").fill(new URL(freshServer.setupAddress!).searchParams.get("code")!);
  await fillAndSetUp(page);
  await expect(page.getByRole("heading", { name: "Your chat is ready" })).toBeVisible();
});

test("the printed address works once; afterwards it leads to the sign-in page", async ({ chat, page }) => {
  await page.goto(chat.setupAddress!);
  await expect(page.getByRole("status")).toHaveText("This chat is set up already. Sign in to it.");
  await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
  const code = new URL(chat.setupAddress!).searchParams.get("code");
  const owner = { name: "Mallory", email: "mallory@elsewhere.example", password: "correct horse battery" };
  const website = { name: "Elsewhere", allowedOrigins: ["https://elsewhere.example"] };
  const answer = await chat.owner.call("POST", "/setup", { code, owner, website });
  expect(answer).toMatchObject({ status: 409, body: { error: { code: "already_set_up" } } });
});

async function fillAndSetUp(page: Page) {
  await page.getByLabel("Your name").fill("Ada Owner");
  await page.getByLabel("Email").fill("ada@bikes.example");
  await page.getByLabel("Password", { exact: true }).fill("correct horse battery");
  await page.getByLabel("Website’s name").fill("Harbour Bikes");
  await page.getByLabel("Allowed origins").fill("https://bikes.example");
  await page.getByRole("button", { name: "Set up" }).click();
}
