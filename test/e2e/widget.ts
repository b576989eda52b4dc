import type { Locator, Page } from "@playwright/test";
import { expect } from "./chat.ts";

/** The visitor's chat on a page, located as screen readers do. */
export type Widget = {
  page: Page;
  /** the whole panel */
  widget: Locator;
  bubble: Locator;
  panel: Locator;
  messages: Locator;
  field: Locator;
  /** the text about the connection */
  status: Locator;
  open(): Promise<void>;
  /** Sends messages, one after another. */
  write(...texts: string[]): Promise<void>;
  /** The messages on the screen, the visitor's and the agents', without the greeting. */
  texts(): Promise<string[]>;
  /** The number of entries that the browser stores for this page. */
  kept(): Promise<number>;
};

export function widgetOn(page: Page): Widget {
  const widget = page.locator("prochat-widget");
  const bubble = widget.getByRole("button", { name: /^(Open|Close) chat/ }).first();
  const panel = widget.getByRole("dialog");
  const field = panel.getByRole("textbox", { name: "Message" });
  return {
    page,
    widget,
    bubble,
    panel,
    messages: panel.getByRole("log", { name: "Messages" }),
    field,
    status: panel.getByRole("status").filter({ hasText: "Connection lost." }),
    async open() {
      await bubble.click();
      await expect(field).toBeFocused();
    },
    async write(...texts) {
      for (const text of texts) {
        await field.fill(text);
        await field.press("Enter");
      }
    },
    texts: async () => (await panel.locator(".group p").allTextContents()).slice(1),
    kept: () => page.evaluate(() => Object.keys(localStorage).length + Object.keys(sessionStorage).length),
  };
}
