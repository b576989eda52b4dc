import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

/** True while something moves that will come to rest: a loader turns for ever. */
const isMoving = `document.getAnimations().some(
  ({ playState, effect }) => playState === "running" && effect.getComputedTiming().endTime !== Infinity,
)`;

const wcag = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
/** Of WCAG too, and off unless they are named. */
const named = ["label-content-name-mismatch", "target-size"];

/** Waits for what fades in or out. */
export const waitUntilStill = (page: Page) => expect.poll(() => page.evaluate(isMoving)).toBe(false);

/**
 * Fails with what axe finds on the page as it is shown now: WCAG 2.2, levels A and AA.
 * @param rules  "colours" for another colour scheme of a page that was checked whole: nothing else differs
 */
export async function expectAccessible(page: Page, state: string, rules: "all" | "colours" = "all"): Promise<void> {
  // While it fades in, a text has too little contrast.
  await waitUntilStill(page);
  const axe = new AxeBuilder({ page });
  if (rules === "colours") axe.withRules("color-contrast");
  else axe.options({ runOnly: wcag, rules: Object.fromEntries(named.map(name => [name, { enabled: true }])) });
  const { violations } = await axe.analyze();
  const found = violations.flatMap(({ id, nodes }) => nodes.map(node => `${id}: ${node.failureSummary} ${node.html}`));
  // Soft: one run names everything.
  expect.soft(found, state).toEqual([]);
}
