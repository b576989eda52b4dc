import { expect, test } from "vitest";
import type { Pending } from "#client/store.ts";
import { openStore } from "#widget/page/store.ts";
import { openOutbox } from "./outbox.ts";

/** A Storage as browsers have it: its entries are also its own properties. */
function fakeStorage(limit = Number.POSITIVE_INFINITY): Storage {
  const methods = {
    getItem: (name: string) => area[name] ?? null,
    setItem(name: string, value: string) {
      if (value.length > limit) throw new DOMException("full", "QuotaExceededError");
      area[name] = value;
    },
    removeItem: (name: string) => delete area[name],
  };
  const area: Record<string, string> = Object.create(methods);
  return area as unknown as Storage;
}

const pending = (id: string, body = "hello"): Pending => ({
  id,
  conversationId: null,
  websiteId: null,
  kind: "text",
  body,
  createdAt: "2026-01-02T03:04:05.000Z",
  error: null,
});

test("what was not sent is there after a reload, in the order of writing", () => {
  const area = fakeStorage();
  openOutbox(openStore(area, "site:")).save([pending("2"), pending("1")]);
  expect(openOutbox(openStore(area, "site:")).load()).toEqual([pending("1"), pending("2")]);
  expect(openOutbox(openStore(area, "other:")).load()).toEqual([]);
});

test("two tabs neither overwrite one another's messages nor bring settled ones back", () => {
  const area = fakeStorage();
  const [one, other] = [openOutbox(openStore(area, "site:")), openOutbox(openStore(area, "site:"))];
  const first = pending("1");
  one.save([first]);
  const [copy] = other.load();
  other.save([copy!, pending("2")]);
  one.save([]);
  other.save([copy!, pending("2"), pending("3")]);
  expect(
    openOutbox(openStore(area, "site:"))
      .load()
      .map(row => row.id),
  ).toEqual(["2", "3"]);
});

test("a full or missing storage, or a spoilt entry, stops nobody from writing", () => {
  const full = openOutbox(openStore(fakeStorage(10), "site:"));
  expect(() => full.save([pending("1")])).not.toThrow();

  const none = openStore(null, "site:");
  openOutbox(none).save([pending("1")]);
  expect(openOutbox(none).load()).toEqual([pending("1")]);

  const area = fakeStorage();
  area.setItem("site:unsent:1", "{");
  expect(openOutbox(openStore(area, "site:")).load()).toEqual([]);
});
