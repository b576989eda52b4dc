import fc from "fast-check";
import { expect, test } from "vitest";
import { contrast, isColour, textOn } from "./colour.ts";

test("contrast is that of WCAG, whichever colour comes first", () => {
  expect(contrast("#ffffff", "#000000")).toBeCloseTo(21);
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21);
  expect(contrast("#777777", "#ffffff")).toBeCloseTo(4.48, 2);
});

test("white stands on dark colours, black on light ones", () => {
  const grounds = ["#3457d5", "#767676", "#777777", "#ffff00", "#ffffff"];
  expect(grounds.map(textOn)).toEqual(["#ffffff", "#ffffff", "#000000", "#000000", "#000000"]);
});

test("text can be read on any colour that a website may choose", () => {
  const channel = fc.integer({ min: 0, max: 255 });
  fc.assert(
    fc.property(channel, channel, channel, (...channels) => {
      const ground = `#${channels.map(value => value.toString(16).padStart(2, "0")).join("")}`;
      expect(isColour(ground)).toBe(true);
      return contrast(ground, textOn(ground)) >= 4.5;
    }),
  );
});
