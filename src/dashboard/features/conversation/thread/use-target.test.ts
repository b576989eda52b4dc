import { expect, test } from "vitest";
import { loadBackTo } from "./use-target.ts";

type Given = Parameters<typeof loadBackTo>[0];

/** A thread of which the messages from `first` on are held. Each answer is what a load leads to. */
function threadOf(first: number, answers: number[]) {
  let held = first;
  const asked: number[] = [];
  const sync = {
    open: async () => {},
    async loadOlder() {
      asked.push(held);
      held = answers.shift() ?? held;
    },
    getState: () => ({ threads: { thread: { messages: [{ seq: held }], complete: held === 1 } } }),
  };
  return { sync: sync as unknown as Given, asked };
}

test("pages are loaded up to the one with something before the message", async () => {
  const { sync, asked } = threadOf(500, [400, 300, 200]);
  await loadBackTo(sync, "thread", 300);
  expect(asked).toEqual([500, 400, 300]);
});

test("a load that only waited for the page that was on its way is followed by a load", async () => {
  const { sync, asked } = threadOf(81, [81, 1]);
  await loadBackTo(sync, "thread", 1);
  expect(asked).toEqual([81, 81]);
});

test("it ends if nothing more comes", async () => {
  const { sync, asked } = threadOf(81, []);
  await loadBackTo(sync, "thread", 1);
  expect(asked).toEqual([81, 81]);
});
