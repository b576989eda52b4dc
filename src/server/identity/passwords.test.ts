import { subtle } from "node:crypto";
import { expect, onTestFinished, test } from "vitest";
import { createPasswords } from "./passwords.ts";

function open() {
  const passwords = createPasswords();
  onTestFinished(() => passwords.close());
  return passwords;
}

const overloaded = { code: "overloaded", details: { retryAfterMs: expect.any(Number) } };
const guesses = (count: number) => Array.from({ length: count }, (_, i) => `guess number ${i}`);

test("a password is verified, another one is not, and equal ones have different hashes", async () => {
  const [passwords, later] = [open(), open()];
  const hashes = await Promise.all([passwords.hash("correct horse"), passwords.hash("correct horse")]);
  expect(hashes[0]).not.toBe(hashes[1]);
  // Composed and decomposed letters are the same password.
  const umlaut = await passwords.hash("fünf Fässer");
  expect(
    await Promise.all([
      later.verify(hashes[0]!, "correct horse"),
      later.verify(hashes[0]!, "correct house"),
      later.verify(umlaut, "fu\u0308nf Fa\u0308sser"),
    ]),
  ).toEqual([true, false, true]);
  await expect(later.verify("nonsense", "correct horse")).rejects.toThrow("A stored password is not a hash");
});

test("of a burst a few wait, the others are refused at once, and what a token needs does not wait for them", async () => {
  const passwords = open();
  const stored = await passwords.hash("correct horse");
  const ended: string[] = [];
  const burst = guesses(90).map(guess =>
    passwords.verify(stored, guess).then(
      () => ended.push("verified"),
      error => {
        expect(error).toMatchObject(overloaded);
        ended.push("refused");
      },
    ),
  );
  await subtle.digest("SHA-256", new Uint8Array(8));
  expect(ended.filter(end => end === "verified").length).toBeLessThan(2);
  await Promise.all(burst);
  expect(ended.filter(end => end === "verified")).toHaveLength(11);
  expect(ended.indexOf("verified")).toBe(79);
});

test("what is preferred has a queue of its own, and goes first", async () => {
  const passwords = open();
  const stored = await passwords.hash("correct horse");
  const ended: string[] = [];
  const burst = guesses(11).map(guess => passwords.verify(stored, guess).then(() => ended.push("others")));
  await expect(passwords.verify(stored, "one more")).rejects.toMatchObject(overloaded);
  const first = passwords.prefer(() => passwords.verify(stored, "wrong password")).then(() => ended.push("preferred"));
  await Promise.all([...burst, first]);
  expect(ended.indexOf("preferred")).toBe(1);
});

test("a password that was just set signs in while too many wait, and no other one does", async () => {
  const passwords = open();
  const stored = await passwords.hash("correct horse");
  const burst = guesses(11).map(guess => passwords.verify(stored, guess));
  expect(await passwords.verify(stored, "correct horse")).toBe(true);
  await expect(passwords.verify(stored, "correct house")).rejects.toMatchObject(overloaded);
  await Promise.all(burst);
});
