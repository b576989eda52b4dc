import { expect, onTestFinished, test } from "vitest";
import { cloneDatabase } from "#lab/clusters/databases.ts";
import { openPool } from "#lab/sql/pool.ts";
import { queries } from "#server/query-proofs/queries.ts";
import { type PlanNode, stepsOf } from "./plan-tree.ts";
import { readPlan } from "./read-plan.ts";

test("every query that people wait for has a plan for any values, and none has a value in it", async () => {
  const database = await cloneDatabase();
  const pool = openPool({ connectionString: database.url, max: 1 });
  onTestFinished(async () => {
    await pool.end();
    await database.drop();
  });
  const planOf = (name: string) => readPlan(pool, queries.find(({ definition }) => definition.name === name)!);
  const { statements } = await planOf("a batch of sends");
  expect(statements[0]!.text).toMatch(/^select set_config/);
  const writing = statements.flatMap(({ plan }) => plan!).map(({ what }) => what);
  expect(writing).toEqual(expect.arrayContaining([expect.stringMatching(/Insert on messages/)]));
  const inbox = await planOf("inbox of a website");
  const steps = inbox.statements.flatMap(({ plan }) => plan!);
  expect(steps.flatMap(({ conditions }) => conditions).join()).toContain("website_id = $1");
  expect(JSON.stringify(inbox)).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/); // no id, not even one of nobody
});

test("partitions that are read in the same way are one step", () => {
  const node = (type: string, more: Partial<PlanNode>): PlanNode => ({
    "Node Type": type,
    "Plan Rows": 2,
    "Total Cost": 3,
    ...more,
  });
  const months = ["2026_10", "2026_11", "2026_12"].map(month =>
    node("Index Scan", {
      "Index Name": `messages_${month}_pkey`,
      "Relation Name": `messages_${month}`,
      Alias: "m",
      "Index Cond": "(seq < $1)",
    }),
  );
  const steps = stepsOf(
    node("Append", { Plans: [...months, node("Seq Scan", { "Relation Name": "tags", Alias: "tags" })] }),
  );
  expect(steps).toEqual([
    { depth: 0, what: "Append", conditions: [], rows: 2, cost: 3 },
    {
      depth: 1,
      what: "Index Scan using messages_2026_10_pkey on messages_2026_10 m, and the same in 2 other partitions",
      conditions: ["(seq < $1)"],
      rows: 6,
      cost: 9,
    },
    { depth: 1, what: "Seq Scan on tags", conditions: [], rows: 2, cost: 3 },
  ]);
});
