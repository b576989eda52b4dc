import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

const wcag = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
/** Of WCAG too, and off unless they are named. */
const named = ["label-content-name-mismatch", "target-size"];

/**
 * Fails with what axe finds on the page as it is shown now: WCAG 2.2, levels A and AA.
 * @param rules  "colours" for another colour scheme of a page that was checked whole: nothing else differs
 */
export async function expectAccessible(page: Page, state: string, rules: "all" | "colours" = "all"): Promise<void> {
  const axe = new AxeBuilder({ page });
  if (rules === "colours") axe.withRules("color-contrast");
  else axe.options({ runOnly: wcag, rules: Object.fromEntries(named.map(name => [name, { enabled: true }])) });
  const { violations } = await axe.analyze();
  const found = violations.flatMap(({ id, nodes }) => nodes.map(node => `${id}: ${node.failureSummary} ${node.html}`));
  // Soft: one run names everything.
  expect.soft(found, state).toEqual([]);
}
