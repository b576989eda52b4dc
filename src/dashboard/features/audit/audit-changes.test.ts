import { expect, test } from "vitest";
import { listChanges } from "./audit-changes.ts";

test("each changed field has its value before and after", () => {
  const details = {
    fields: ["greeting", "allowedOrigins"],
    from: { greeting: "", allowedOrigins: ["https://a.example"] },
    to: { greeting: "Hello", allowedOrigins: ["https://a.example", "https://b.example"] },
  };
  expect(listChanges(details)).toEqual([
    { name: "greeting", from: "nothing", to: "Hello" },
    { name: "allowed origins", from: "https://a.example", to: "https://a.example, https://b.example" },
  ]);
});

test("details of another shape list nothing", () => {
  expect(listChanges({})).toEqual([]);
  expect(listChanges({ from: "agent", to: "admin" })).toEqual([]);
  expect(listChanges({ fields: "name", from: {}, to: {} })).toEqual([]);
});
