import type { Page } from "@playwright/test";

/** Errors and warnings that a page has said in the browser's console, thrown, or shown in a dialog. */
export function complaintsOf(page: Page): string[] {
  const heard: string[] = [];
  page.on("pageerror", ({ message }) => heard.push(message));
  page.on("console", line => {
    if (line.type() === "error" || line.type() === "warning") heard.push(line.text());
  });
  page.on("dialog", dialog => {
    heard.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  return heard;
}
