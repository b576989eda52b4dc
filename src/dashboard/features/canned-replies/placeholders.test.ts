import { expect, test } from "vitest";
import { fillIn } from "./placeholders.ts";

const names = { visitor: "Zoë", agent: "Anna Berg", website: "Harbour Bikes" };

test.each([
  ["Hello {visitor.name}!", "Hello Zoë!", "Hello!"],
  ["Hello {visitor.name|there}!", "Hello Zoë!", "Hello there!"],
  ["{visitor.name}, welcome", "Zoë, welcome", "welcome"],
  ["I am {agent.name} of {website.name}.", "I am Anna Berg of Harbour Bikes.", "I am Anna Berg of Harbour Bikes."],
  [
    "{visitor.email} {x} {} {visitor.name",
    "{visitor.email} {x} {} {visitor.name",
    "{visitor.email} {x} {} {visitor.name",
  ],
])("%s", (body, known, unknown) => {
  expect(fillIn(body, names)).toBe(known);
  expect(fillIn(body, { ...names, visitor: null })).toBe(unknown);
});

test("a name that looks like a placeholder or a pattern stays as it is", () => {
  expect(fillIn("Hi {visitor.name}", { ...names, visitor: "$& {agent.name} $1" })).toBe("Hi $& {agent.name} $1");
});
