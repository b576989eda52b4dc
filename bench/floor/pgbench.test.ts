import { afterAll, beforeAll, expect, test } from "vitest";
import { migrate } from "#database/migrations/migrate.ts";
import { type ScratchCluster, startScratchCluster } from "#lab/clusters/scratch-cluster.ts";
import { silent } from "#lab/programs/log.ts";
import { measure, measureFloor } from "./pgbench.ts";
import { sendPlainly } from "./plain-sends.ts";

// Always on PostgreSQL 18: the script uses its uuidv7().
let cluster: ScratchCluster;
beforeAll(async () => {
  cluster = await startScratchCluster("18");
  await migrate(cluster.url, { log: silent });
});
afterAll(() => cluster.stop());

test.each([
  ["pgbench, where it is there", (url: string) => measureFloor(url, { seconds: 2 })],
  ["plain pg", (url: string) => measure(url, "pg", sendPlainly, 2)],
])("%s sends for two seconds, and all of it is stored and numbered", async (_name, measureIt) => {
  const floor = await measureIt(cluster.url);
  expect(floor).toEqual({
    by: expect.stringMatching(/^(pgbench|pg)$/),
    messagesPerSecond: expect.any(Number),
    p99Ms: expect.any(Number),
  });
  expect(Math.min(floor.messagesPerSecond, floor.p99Ms)).toBeGreaterThan(0);
});

test("a way of sending that loses a message is detected", async () => {
  const losing = measure(
    cluster.url,
    "pg",
    async (...params) => {
      const sent = await sendPlainly(...params);
      return { ...sent, messages: sent.messages + 1 };
    },
    1,
  );
  await expect(losing).rejects.toThrow("are stored");
});
