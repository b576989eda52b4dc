import { expect, onTestFinished, test } from "vitest";
import { createEnvironment } from "#lab/environment/environment.ts";
import { faultNames } from "#lab/faults/faults.ts";
import { runFaults, smallQueues } from "#lab/faults/run-faults.ts";

const faultCount = 28;
/** Codes for senders that exceed a rate limit, meet a full queue, use another's id, or write or edit where they may not. */
const expectedCodes = ["conflict", "not_found", "overloaded", "rate_limited"];

test("visitors and agents chat while everything fails: nothing is lost, doubled, undone, out of order or leaked", async () => {
  const environment = await createEnvironment({ processes: 2, preload: [smallQueues] });
  onTestFinished(() => environment.stop());
  const seed = Date.now() % 1_000_000;
  const { violations, unexpectedEnds, errors, faults, acknowledged, edits, deletions, refusals } = await runFaults(
    environment,
    {
      seed,
      visitors: 10,
      maxGapMs: 1_300,
      hasNext: ({ faults }) => faults < faultCount,
      expectedCodes,
    },
  );
  expect({ seed, violations, unexpectedEnds, errors }).toEqual({
    seed,
    violations: [],
    unexpectedEnds: [],
    errors: [],
  });
  expect(Object.keys(faults).sort()).toEqual(faultNames.toSorted());
  expect(Object.keys(refusals)).toEqual(expect.arrayContaining(expectedCodes));
  expect(acknowledged).toBeGreaterThan(100);
  expect(Math.min(edits, deletions)).toBeGreaterThan(0);
});
