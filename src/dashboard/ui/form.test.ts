import { expect, test } from "vitest";
import { Account } from "#protocol/accounts.ts";
import { WebsiteCreate } from "#protocol/websites.ts";
import { bySchema } from "./form.ts";

test("each field shows its first error, and the errors are in the form's order", () => {
  const validate = bySchema(Account, { name: "The name", email: "The email address", password: "The password" });
  const errors = validate({ name: " ", email: "ada", password: "short" });
  expect(Object.entries(errors)).toEqual([
    ["name", "The name is empty."],
    ["email", "Invalid email address."],
    ["password", "The password has fewer than 10 characters."],
  ]);
  expect(validate({ name: "Ada", email: "ada@shop.example", password: "long enough" })).toEqual({});
});

test("an error of a list's entry names the entry", () => {
  const validate = bySchema(WebsiteCreate, { name: "The name", allowedOrigins: "This" });
  expect(validate({ name: "Shop", allowedOrigins: ["https://a.example", "b.example"] })).toEqual({
    allowedOrigins: "“b.example” is not an origin such as https://shop.example.",
  });
  expect(validate({ name: "Shop", allowedOrigins: [] })).toEqual({ allowedOrigins: "This names no origin." });
});
