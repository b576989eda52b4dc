import { expect, onTestFinished, test } from "vitest";
import { cloneDatabase } from "#lab/clusters/databases.ts";
import { eventually } from "#lab/eventually.ts";
import { silent } from "#lab/programs/log.ts";
import { openPool } from "#lab/sql/pool.ts";
import { addJob, startCron } from "./cron.ts";

test("jobs go on after one could not be marked as done, and the process lives", async () => {
  const database = await cloneDatabase();
  const pool = openPool({ connectionString: database.url, max: 4 });
  const ran: string[] = [];
  const warnings: string[] = [];
  const jobs = "jobs_of_test._private_jobs";
  const cron = await startCron(
    pool,
    "jobs_of_test",
    [
      // Its row is not found any more when the job has ended.
      { name: "first", run: async () => void (await pool.query(`alter table ${jobs} rename to moved_away`)) },
      { name: "second", run: () => void ran.push("second") },
    ],
    { ...silent, warn: message => warnings.push(message) },
  );
  onTestFinished(async () => {
    await cron.stop();
    await pool.end();
    await database.drop();
  });
  await addJob(pool, "jobs_of_test", "first", {});
  await eventually(() => expect(warnings.join()).toContain("The jobs have ended, and start again"));
  await pool.query("alter table jobs_of_test.moved_away rename to _private_jobs");
  await addJob(pool, "jobs_of_test", "second", {});
  await eventually(() => expect(ran).toEqual(["second"]));
});

test("jobs of a lane run one after another, and hold up no other job", async () => {
  const database = await cloneDatabase();
  const pool = openPool({ connectionString: database.url, max: 4 });
  const ends: (() => void)[] = [];
  const ran: string[] = [];
  const cron = await startCron(
    pool,
    "jobs_of_test",
    [
      { name: "long", lane: "exports", run: () => new Promise<void>(resolve => void ends.push(resolve)) },
      { name: "short", run: payload => void ran.push((payload as { nth: string }).nth) },
    ],
    silent,
  );
  onTestFinished(async () => {
    for (const end of ends) end();
    await cron.stop();
    await pool.end();
    await database.drop();
  });
  for (let i = 0; i < 4; i++) await addJob(pool, "jobs_of_test", "long", {});
  await eventually(() => expect(ends).toHaveLength(1));
  for (const nth of ["1", "2", "3"]) await addJob(pool, "jobs_of_test", "short", { nth });
  await eventually(() => expect(ran.toSorted()).toEqual(["1", "2", "3"]));
  expect(ends).toHaveLength(1);
  ends[0]!();
  await eventually(() => expect(ends).toHaveLength(2));
  for (let i = 1; i < 4; i++) {
    await eventually(() => expect(ends).toHaveLength(i + 1));
    ends[i]!();
  }
});

test("jobs run after the worker could not connect at first, which it would remember for ever", async () => {
  const database = await cloneDatabase();
  const pool = openPool({ connectionString: database.url, max: 4 });
  const ran: string[] = [];
  const task = { name: "first", run: () => void ran.push("first") };
  const warm = await startCron(pool, "jobs_of_test", [task], silent); // makes the schema
  await warm.stop();
  let refused = 0;
  pool.on("acquire", client => {
    const query = client.query.bind(client) as (...args: unknown[]) => unknown;
    const refuseOnce = (...args: unknown[]) => {
      const { text } = args[0] as { text?: string };
      if (refused > 0 || !text?.includes("_private_tasks as tasks (identifier)")) return query(...args);
      refused++;
      return Promise.reject(new Error("timeout exceeded when trying to connect"));
    };
    Object.assign(client, { query: refuseOnce });
  });
  const cron = await startCron(pool, "jobs_of_test", [task], silent);
  onTestFinished(async () => {
    await cron.stop();
    await pool.end();
    await database.drop();
  });
  await addJob(pool, "jobs_of_test", "first", {});
  await eventually(() => expect(ran).toEqual(["first"]));
  expect(refused).toBe(1);
});
