import type { Locator, Page } from "@playwright/test";

/** The agents' screens, located as screen readers do. */
export type Dashboard = {
  page: Page;
  list: Locator;
  /** rows of the list; with a text, those that show it */
  rows(text?: string | RegExp): Locator;
  messages: Locator;
  field: Locator;
  /** the whole of an open conversation */
  pane: Locator;
  write(text: string): Promise<void>;
};

export function dashboardOn(page: Page): Dashboard {
  const pane = page.getByRole("main");
  const list = page.getByRole("list", { name: "Conversations" });
  const field = pane.getByRole("textbox", { name: /^Write a (reply|note)$/ });
  return {
    page,
    list,
    rows: hasText => list.getByRole("link").filter(hasText === undefined ? {} : { hasText }),
    messages: pane.getByRole("log", { name: "Messages" }),
    field,
    pane,
    async write(text) {
      await field.fill(text);
      await field.press("Enter");
    },
  };
}

export const inboxOf = ({ id }: { id: number }): string => `/w/${id}/inbox/all`;
