import type { Locator, Page } from "@playwright/test";
import { expect } from "./chat.ts";

/** The visitor's chat on a page, found as people and screen readers find it. */
export type Widget = {
  page: Page;
  bubble: Locator;
  panel: Locator;
  messages: Locator;
  field: Locator;
  /** what it says about the connection */
  status: Locator;
  open(): Promise<void>;
  write(text: string): Promise<void>;
};

export function widgetOn(page: Page): Widget {
  const bubble = page
    .locator("prochat-widget")
    .getByRole("button", { name: /^(Open|Close) chat/ })
    .first();
  const panel = page.locator("prochat-widget").getByRole("dialog");
  const field = panel.getByRole("textbox", { name: "Message" });
  return {
    page,
    bubble,
    panel,
    messages: panel.getByRole("log", { name: "Messages" }),
    field,
    status: panel.getByRole("status").filter({ hasText: "Connection lost" }),
    async open() {
      await bubble.click();
      await expect(field).toBeFocused();
    },
    async write(text) {
      await field.fill(text);
      await field.press("Enter");
    },
  };
}
