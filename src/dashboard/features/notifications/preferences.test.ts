import { expect, test } from "vitest";
import { isQuiet, openPreferences } from "./preferences.ts";

function makeStorage(text?: string) {
  const entries = new Map(text === undefined ? [] : [["prochat:notifications:olga", text]]);
  return {
    getItem: (key: string) => entries.get(key) ?? null,
    setItem: (key: string, value: string) => void entries.set(key, value),
  };
}

const usual = { scope: "mine-and-unassigned", sound: "once", hasPopups: false, quietHours: null };

test("a choice is kept, and the others keep their defaults", () => {
  const storage = makeStorage();
  const open = () => openPreferences("olga", { storage, page: new EventTarget() });
  expect(open().get()).toEqual(usual);
  open().change({ sound: "repeat" });
  expect(open().get()).toEqual({ ...usual, sound: "repeat" });
});

test("another tab's choice counts here too", () => {
  const [storage, page] = [makeStorage(), new EventTarget()];
  const here = openPreferences("olga", { storage, page });
  let changes = 0;
  here.subscribe(() => changes++);
  openPreferences("olga", { storage, page: new EventTarget() }).change({ hasPopups: true });
  page.dispatchEvent(Object.assign(new Event("storage"), { key: "prochat:notifications:olga" }));
  expect([changes, here.get().hasPopups]).toEqual([1, true]);
});

test.each(["", "null", "no JSON", '{"scope":"nonsense","sound":7,"hasPopups":"yes","quietHours":{"from":"25:00"}}'])(
  "what is stored as %j counts as the defaults",
  text => {
    expect(openPreferences("olga", { storage: makeStorage(text), page: new EventTarget() }).get()).toEqual(usual);
  },
);

test.each([
  ["20:00", "08:00", ["19:59 no", "20:00 yes", "00:00 yes", "07:59 yes", "08:00 no"]],
  ["12:00", "13:30", ["11:59 no", "12:00 yes", "13:29 yes", "13:30 no", "00:00 no"]],
  ["09:00", "09:00", ["08:59 yes", "09:00 yes", "21:00 yes"]],
])("quiet from %s until %s", (from, until, expected) => {
  const found = expected.map(each => {
    const [time] = each.split(" ");
    const isIt = isQuiet({ ...usual, quietHours: { from, until } } as never, new Date(`2026-12-01T${time}:00`));
    return `${time} ${isIt ? "yes" : "no"}`;
  });
  expect(found).toEqual(expected);
});
