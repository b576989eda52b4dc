import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createWorld } from "#lab/environment/environment.ts";
import { faultNames } from "./faults.ts";
import { rage } from "./storm.ts";

const fewest = 28;
const most = 80;
/** Senders who are too quick or meet a full queue wait; who uses another's id or writes elsewhere is refused. */
const expected = ["conflict", "not_found", "overloaded", "rate_limited"];

test("people talk while everything breaks: nothing is lost, doubled, out of order or overheard", async () => {
  const world = await createWorld({ processes: 2, preload: [join(import.meta.dirname, "small-queues.ts")] });
  onTestFinished(() => world.stop());
  const seed = Date.now() % 1_000_000;
  const { violations, endedByItself, faults, acknowledged, refusals } = await rage(world, {
    seed,
    visitors: 10,
    mostGapMs: 1_300,
    goesOn: ({ faults, refusals }) => faults < fewest || (faults < most && !expected.every(code => refusals.has(code))),
  });
  expect({ seed, violations, endedByItself }).toEqual({ seed, violations: [], endedByItself: [] });
  expect(Object.keys(faults).sort()).toEqual(faultNames.toSorted());
  expect(Object.keys(refusals)).toEqual(expect.arrayContaining(expected));
  expect(acknowledged).toBeGreaterThan(100);
}, 300_000);
