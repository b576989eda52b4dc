import type { Page } from "@playwright/test";

/** The errors and warnings of a page: in the console, thrown, or shown in a dialog. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on("pageerror", ({ message }) => complaints.push(message));
  page.on("console", line => {
    if (line.type() === "error" || line.type() === "warning") complaints.push(line.text());
  });
  page.on("dialog", dialog => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  return complaints;
}
