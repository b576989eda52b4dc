import { expect, test } from "vitest";
import { Colour } from "#protocol/basics.ts";
import { colours, nextColour } from "./colours.ts";

test("each new tag gets a colour of its own, then the least used one", () => {
  const tags: { colour: string }[] = [];
  for (const _ of colours) tags.push({ colour: nextColour(tags) });
  expect(new Set(tags.map(tag => tag.colour)).size).toBe(colours.length);
  expect(nextColour(tags.slice(1))).toBe(tags[0]!.colour);
  expect(nextColour([...tags, { colour: tags[0]!.colour.toUpperCase() }])).toBe(tags[1]!.colour);
});

test("every colour is one that the server takes", () => {
  for (const { colour } of colours) expect(Colour.safeParse(colour).success).toBe(true);
});
