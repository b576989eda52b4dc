import fc from "fast-check";
import { expect, test } from "vitest";
import { textOn } from "./colour.ts";

test("white stands on dark colours, black on light ones", () => {
  expect(["#3457d5", "#747474", "#ffff00", "#ffffff"].map(textOn)).toEqual(["#fff", "#fff", "#000", "#000"]);
});

test("text can be read on any colour that a website may choose", () => {
  const linear = (channel: number) =>
    channel <= 10 ? channel / 255 / 12.92 : ((channel / 255 + 0.055) / 1.055) ** 2.4;
  const channel = fc.integer({ min: 0, max: 255 });
  fc.assert(
    fc.property(channel, channel, channel, (red, green, blue) => {
      const hex = `#${[red, green, blue].map(value => value.toString(16).padStart(2, "0")).join("")}`;
      const ground = 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue) + 0.05;
      return (textOn(hex) === "#fff" ? 1.05 / ground : ground / 0.05) >= 4.5;
    }),
  );
});
