import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createEnvironment } from "#lab/environment/environment.ts";
import { eventually } from "#lab/eventually.ts";
import { startActors } from "#lab/faults/actors.ts";
import { readStored } from "#lab/faults/stored.ts";
import { check } from "#lab/history/check.ts";
import { Recorder } from "#lab/history/recorder.ts";

/** A checker proves something only if it can fail. The same actors chat with a server that acknowledges before it commits. */

const maxRestarts = 40;
const acknowledgedBetween = 5;

test("a server that acknowledges before it commits is detected", async () => {
  const preload = [join(import.meta.dirname, "acknowledge-early.ts")];
  const environment = await createEnvironment({ processes: 2, preload });
  onTestFinished(() => environment.stop());
  const recorder = new Recorder();
  const { history } = recorder;
  const actors = await startActors(environment, recorder, { visitors: 8, seed: 1 });
  onTestFinished(() => actors.close());

  const hasAcknowledged = (count: number) =>
    eventually(() => expect(history.acknowledged.length).toBeGreaterThanOrEqual(count));
  const findLost = async (acknowledged: typeof history.acknowledged) =>
    check({ ...history, acknowledged }, await readStored(environment), []).filter(({ rule }) => rule === "lost");

  await hasAcknowledged(acknowledgedBetween);
  const early = history.acknowledged.slice();
  // Without a fault the error does not show.
  await eventually(async () => expect(await findLost(early)).toEqual([]));

  let lost = 0;
  for (let restart = 0; lost === 0 && restart < maxRestarts; restart++) {
    await hasAcknowledged(history.acknowledged.length + acknowledgedBetween);
    // A restart loses all that was not committed before.
    const before = history.acknowledged.slice();
    await environment.cluster.restart();
    lost = (await findLost(before)).length;
  }
  expect(lost).toBeGreaterThan(0);
});
