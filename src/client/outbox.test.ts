import { expect, test } from "vitest";
import { agentOutboxPrefix, openOutbox, visitorOutboxPrefix } from "./outbox.ts";
import { openStorage } from "./storage.ts";
import type { Pending } from "./store.ts";

/** A Storage as browsers have it: its entries are also its own properties, and it can be full. */
const fakeArea = (maxLength = Number.POSITIVE_INFINITY) =>
  new Proxy<Record<string, string>>(
    {},
    {
      set(entries, key: string, value: string) {
        if (value.length > maxLength) throw new DOMException("full", "QuotaExceededError");
        entries[key] = value;
        return true;
      },
    },
  ) as unknown as Storage;

const pending = (id: string): Pending => ({
  id,
  conversationId: null,
  websiteId: null,
  kind: "text",
  body: "hello",
  createdAt: "2026-01-02T03:04:05.000Z",
  error: null,
});
const open = (area: Storage | null, prefix = "site:") => openOutbox(openStorage(area, prefix));
const idsOf = (rows: Pending[]) => rows.map(({ id }) => id);

test("an unsent message is there after a reload, in the order of writing, and only for its writer", () => {
  const area = fakeArea();
  open(area).save([pending("2"), pending("1")]);
  expect(open(area).load()).toEqual([pending("1"), pending("2")]);
  expect(open(area, "other:").load()).toEqual([]);
});

test("two tabs neither overwrite each other's messages nor bring sent ones back", () => {
  const area = fakeArea();
  const [one, other] = [open(area), open(area)];
  one.save([pending("1")]);
  const [copy] = other.load();
  other.save([copy!, pending("2")]);
  one.save([]);
  other.save([copy!, pending("2"), pending("3")]);
  expect(idsOf(open(area).load())).toEqual(["2", "3"]);
});

test("a message that one tab has sent is removed, and one that another tab has not sent stays", () => {
  const area = fakeArea();
  const [one, other] = [open(area), open(area)];
  one.load();
  other.load();
  one.save([pending("a")]);
  other.save([pending("b")]);
  one.save([]);
  expect(open(area).load()).toEqual([pending("b")]);
});

test("a full or missing storage, or a broken entry, never keeps a person from writing", () => {
  const full = open(fakeArea(10));
  expect(() => full.save([pending("1")])).not.toThrow();

  const none = openStorage(null, "site:");
  openOutbox(none).save([pending("1")]);
  expect(openOutbox(none).load()).toEqual([pending("1")]);

  const area = fakeArea();
  area["site:1"] = "{";
  expect(open(area).load()).toEqual([]);
});

test("messages that earlier versions have left in a browser are found", () => {
  const area = fakeArea();
  area["prochat:key:unsent:1"] = JSON.stringify(pending("1"));
  area["prochat:key:draft"] = "hel";
  area["prochat:unsent:user:2"] = JSON.stringify(pending("2"));
  expect(open(area, visitorOutboxPrefix("prochat:key:")).load()).toEqual([pending("1")]);
  expect(open(area, agentOutboxPrefix("user")).load()).toEqual([pending("2")]);
});
