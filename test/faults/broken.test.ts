import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { gather } from "#lab/actors/company.ts";
import { createWorld } from "#lab/environment/environment.ts";
import { check } from "#lab/history/check.ts";
import { createRecorder } from "#lab/history/recorder.ts";
import { eventually } from "#lab/proxies/wire.ts";
import { readStored } from "./storm.ts";

/** A checker is worth what it finds: the same people, and a server that acknowledges before it commits. */

const mostRestarts = 40;
const acknowledgedBetween = 5;

test("a server that acknowledges before it commits is found out", async () => {
  const world = await createWorld({ processes: 2, preload: [join(import.meta.dirname, "acknowledge-early.ts")] });
  onTestFinished(() => world.stop());
  const recorder = createRecorder();
  const { history } = recorder;
  const company = await gather(world, recorder, { visitors: 8, seed: 1 });
  onTestFinished(() => company.close());

  const hasAcknowledged = (count: number) =>
    eventually(() => expect(history.acknowledged.length).toBeGreaterThanOrEqual(count));
  const findLost = async (acknowledged: typeof history.acknowledged) =>
    check({ ...history, acknowledged }, await readStored(world), []).filter(({ rule }) => rule === "lost");

  await hasAcknowledged(acknowledgedBetween);
  const early = history.acknowledged.slice();
  // As long as nothing breaks, nobody notices.
  await eventually(async () => expect(await findLost(early)).toEqual([]));

  let lost = 0;
  for (let restart = 0; lost === 0 && restart < mostRestarts; restart++) {
    await hasAcknowledged(history.acknowledged.length + acknowledgedBetween);
    // By the end of a restart all that was not committed before is gone.
    const before = history.acknowledged.slice();
    await world.cluster.restart();
    lost = (await findLost(before)).length;
  }
  expect(lost).toBeGreaterThan(0);
}, 300_000);
