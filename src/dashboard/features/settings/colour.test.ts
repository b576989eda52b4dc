import { expect, test } from "vitest";
import { contrast, textOn } from "./colour.ts";

test("contrast is that of WCAG, whichever colour comes first", () => {
  expect(contrast("#ffffff", "#000000")).toBeCloseTo(21);
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21);
  expect(contrast("#777777", "#ffffff")).toBeCloseTo(4.48, 2);
});

test("text can be read on every ground", () => {
  for (const ground of ["#3457d5", "#ffe066", "#777777", "#767676", "#000000", "#ff0000"]) {
    expect(contrast(ground, textOn(ground))).toBeGreaterThanOrEqual(4.5);
  }
});
