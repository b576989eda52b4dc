import { expect, test } from "vitest";
import type { Pending } from "#client/store.ts";
import { createOutbox } from "./outbox.ts";

function memory(): Storage {
  const entries = new Map<string, string>();
  return {
    get length() {
      return entries.size;
    },
    key: index => [...entries.keys()][index] ?? null,
    getItem: key => entries.get(key) ?? null,
    setItem: (key, value) => void entries.set(key, value),
    removeItem: key => void entries.delete(key),
    clear: () => entries.clear(),
  };
}

const pending = (id: string): Pending => ({
  id,
  conversationId: "c",
  websiteId: 1,
  kind: "text",
  body: "hello",
  createdAt: "2026-01-01T00:00:00.000Z",
  error: null,
});

test("what one tab has sent is gone, what another has not sent stays", () => {
  const storage = memory();
  const [one, other] = [createOutbox("u", storage), createOutbox("u", storage)];
  one.load();
  other.load();
  one.save([pending("a")]);
  other.save([pending("b")]);
  one.save([]);
  expect(createOutbox("u", storage).load()).toEqual([pending("b")]);
});

test("unsent messages come back oldest first, and only to who wrote them", () => {
  const storage = memory();
  createOutbox("u", storage).save([pending("b"), pending("a")]);
  expect(
    createOutbox("u", storage)
      .load()
      .map(row => row.id),
  ).toEqual(["a", "b"]);
  expect(createOutbox("somebody else", storage).load()).toEqual([]);
});
