import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { createAvailability } from "./availability.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const minuteMs = 60_000;

/** A browser: when a tab stores something, the others get an event. */
function openBrowser() {
  const entries = new Map<string, string>();
  const pages = new Set<EventTarget>();
  function openTab(userId = "olga") {
    const page = new EventTarget();
    pages.add(page);
    const storage = {
      getItem: (key: string) => entries.get(key) ?? null,
      setItem(key: string, value: string) {
        entries.set(key, value);
        for (const other of pages)
          if (other !== page) other.dispatchEvent(Object.assign(new Event("storage"), { key }));
      },
    };
    const availability = createAvailability(userId, { storage, page });
    const changes: string[] = [];
    availability.subscribe(() => changes.push(availability.get().now));
    onTestFinished(() => availability.close());
    return { ...availability, changes, press: () => void page.dispatchEvent(new Event("keydown")) };
  }
  return { openTab };
}

test("without input for ten minutes an agent is away, and back at the first input", () => {
  const tab = openBrowser().openTab();
  vi.advanceTimersByTime(9 * minuteMs);
  tab.press();
  vi.advanceTimersByTime(9 * minuteMs);
  expect(tab.changes).toEqual([]);
  vi.advanceTimersByTime(minuteMs);
  expect(tab.changes).toEqual(["away"]);
  vi.advanceTimersByTime(60 * minuteMs);
  tab.press();
  expect(tab.changes).toEqual(["away", "online"]);
});

test("input in one tab counts for all", () => {
  const { openTab } = openBrowser();
  const [used, idle] = [openTab(), openTab()];
  for (let minute = 0; minute < 30; minute++) {
    vi.advanceTimersByTime(minuteMs);
    used.press();
  }
  expect([used.changes, idle.changes]).toEqual([[], []]);
  vi.advanceTimersByTime(10 * minuteMs);
  expect([used.changes, idle.changes]).toEqual([["away"], ["away"]]);
});

test("an agent who chooses away stays away, in every tab and after a reload, until the next choice", () => {
  const { openTab } = openBrowser();
  const [one, other] = [openTab(), openTab()];
  one.choose("away");
  vi.advanceTimersByTime(minuteMs);
  one.press();
  expect([one.get(), other.get(), openTab().get()]).toEqual(Array(3).fill({ chosen: "away", now: "away" }));
  expect(openTab("ben").get().now).toBe("online");
  other.choose("online");
  expect([one.changes, other.changes]).toEqual(Array(2).fill(["away", "online"]));
});

test("after close() nothing changes any more", () => {
  const tab = openBrowser().openTab();
  tab.close();
  vi.advanceTimersByTime(20 * minuteMs);
  tab.press();
  expect(tab.changes).toEqual([]);
});
