import type { Page } from "@playwright/test";

/** The errors and warnings of a page: in the console, thrown, or shown in a dialog. */
export function collectErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on("pageerror", ({ message }) => errors.push(message));
  page.on("console", line => {
    if (line.type() === "error" || line.type() === "warning") errors.push(line.text());
  });
  page.on("dialog", dialog => {
    errors.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  return errors;
}
