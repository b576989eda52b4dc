import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

const wcag = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
/** Of WCAG too, and off unless they are named. */
const named = ["label-content-name-mismatch", "target-size"];

/** Fails with what axe finds on the page as it is shown now: WCAG 2.2, levels A and AA. */
export async function expectAccessible(page: Page, state: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .options({ runOnly: wcag, rules: Object.fromEntries(named.map(name => [name, { enabled: true }])) })
    .analyze();
  const found = violations.flatMap(({ id, nodes }) => nodes.map(node => `${id}: ${node.failureSummary} ${node.html}`));
  // Soft: one run names everything.
  expect.soft(found, state).toEqual([]);
}
