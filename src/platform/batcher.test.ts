import { expect, test } from "vitest";
import { createBatcher } from "./batcher.ts";

/** Runs of batches that the test ends one by one. */
function createRuns() {
  const running: { items: number[]; done(): void; fail(error: unknown): void }[] = [];
  const sizes: number[] = [];
  return {
    sizes,
    running,
    run: (items: number[]) =>
      new Promise<string[]>((resolve, reject) => {
        sizes.push(items.length);
        running.push({ items, done: () => resolve(items.map(item => `done ${item}`)), fail: reject });
      }),
  };
}

const turn = () => new Promise(resolve => setImmediate(resolve));
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);

test("items that come together are shared among the free runs; items that come later share the next batch", async () => {
  const runs = createRuns();
  const send = createBatcher(runs.run, { maxRunning: 2 });
  const first = upTo(10).map(send);
  await turn();
  expect(runs.running.map(({ items }) => items)).toEqual([upTo(5), [5, 6, 7, 8, 9]]);
  const later = [10, 11, 12].map(send);
  await turn();
  expect(runs.running).toHaveLength(2);
  runs.running[0]!.done();
  await turn();
  await turn();
  expect(runs.running[2]!.items).toEqual([10, 11, 12]);
  for (const { done } of runs.running) done();
  expect(await Promise.all([...first, ...later])).toEqual(upTo(13).map(item => `done ${item}`));
});

test("a queue that fills while all runs are busy keeps them busy until it is empty", async () => {
  let max = 0;
  let now = 0;
  const send = createBatcher(
    async (items: number[]) => {
      max = Math.max(max, ++now);
      await turn();
      now--;
      return items;
    },
    { maxRunning: 3, maxItems: 4 },
  );
  expect(await Promise.all(upTo(100).map(send))).toEqual(upTo(100));
  expect(max).toBe(3);
});

test("one bad row fails alone, and is found by halving the batch", async () => {
  const sizes: number[] = [];
  const send = createBatcher(
    async (items: number[]) => {
      sizes.push(items.length);
      if (items.includes(77)) throw Object.assign(new Error("a NUL byte"), { code: "22021" });
      return items;
    },
    { maxRunning: 1 },
  );
  const settled = await Promise.allSettled(upTo(128).map(send));
  expect(settled.flatMap(({ status }, i) => (status === "rejected" ? i : []))).toEqual([77]);
  expect(sizes).toHaveLength(1 + 2 * 7);
});

test("a transient failure is retried, another one rejects the whole batch", async () => {
  const failures = [Object.assign(new Error("deadlock"), { code: "40P01" }), new Error("Connection terminated"), null];
  const send = createBatcher(async (items: number[]) => {
    const failure = failures.shift();
    if (failure) throw failure;
    return items;
  });
  expect(await Promise.all([1].map(send))).toEqual([1]);
  failures.push(new Error("disk full"));
  const settled = await Promise.allSettled([1].map(send));
  expect(settled).toMatchObject([{ status: "rejected", reason: { message: "disk full" } }]);
});

test("a full queue refuses at once with a retry delay; items that it holds are still written", async () => {
  const runs = createRuns();
  const send = createBatcher(runs.run, { maxRunning: 1, maxItems: 2, maxWaiting: 3 });
  const taken = [0, 1, 2].map(send);
  await turn(); // two are in a batch now
  taken.push(send(3), send(4));
  await expect(send(5)).rejects.toMatchObject({ code: "overloaded", details: { retryAfterMs: expect.any(Number) } });
  for (let i = 0; i < 3; i++) {
    runs.running[i]!.done();
    await turn();
    await turn();
  }
  expect(await Promise.all(taken)).toEqual(upTo(5).map(item => `done ${item}`));
  expect(runs.sizes).toEqual([2, 2, 1]);
});

test("items of different groups never share a batch, and no group waits for all of another", async () => {
  const batches: number[][] = [];
  const send = createBatcher(
    async (items: number[]) => {
      batches.push(items);
      return items;
    },
    { maxRunning: 1, maxItems: 2, groupOf: item => item % 3 },
  );
  await Promise.all([0, 3, 6, 9, 1, 4, 2].map(send));
  expect(batches).toEqual([[0, 3], [1, 4], [2], [6, 9]]);
});
