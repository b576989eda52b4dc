import { expect, test } from "vitest";
import { createPace } from "./pace.ts";

async function* chunks(count: number, bytes: number) {
  for (let i = 0; i < count; i++) yield Buffer.alloc(bytes, i);
}

/** A clock that passes only while somebody waits. */
function makeClock() {
  const clock = {
    time: 0,
    now: () => clock.time,
    async wait(ms: number) {
      clock.time += ms;
    },
  };
  return clock;
}

async function read(body: AsyncIterable<Buffer>): Promise<number[]> {
  const passed: number[] = [];
  for await (const chunk of body) passed.push(chunk[0]!, chunk.length);
  return passed;
}

test("the bytes are the same, and without a rate the stream is the same object", async () => {
  const body = chunks(3, 10);
  expect(createPace(null)(body)).toBe(body);
  expect(await read(createPace(1_000, makeClock())(chunks(3, 10)))).toEqual([0, 10, 1, 10, 2, 10]);
});

test("the streams of a pace take the time of their bytes together", async () => {
  const clock = makeClock();
  const pace = createPace(1_000_000, clock);
  await read(pace(chunks(100, 10_000)));
  expect(clock.time).toBeCloseTo(1_000);
  await read(pace(chunks(50, 10_000)));
  expect(clock.time).toBeCloseTo(1_500);
  // Less than a timer can wait is waited for with what follows.
  await read(pace(chunks(1_000, 1_000)));
  expect(clock.time).toBeCloseTo(2_500, -1);
});

test("after a pause only a tenth of a second is caught up", async () => {
  const clock = makeClock();
  const pace = createPace(1_000_000, clock);
  clock.time = 60_000;
  await read(pace(chunks(100, 10_000)));
  expect(clock.time).toBeCloseTo(60_900);
});
