import type pg from "pg";
import { uuidv7 } from "uuidv7";
import { named, withoutName } from "#database/statements/query-names.ts";
import type { HealthPlan, PlanStep } from "#protocol/health.ts";
import { catchStatements } from "./catch-statements.ts";
import type { DefinedQuery } from "./define-query.ts";
import { literal } from "./explain.ts";
import { type PlanNode, stepsOf } from "./plan-tree.ts";
import type { Sample } from "./sample.ts";

const maxMs = 3_000;
/** From this version on PostgreSQL plans a statement without any values. */
const genericPlanVersion = 160_000;

type Statement = { text: string; values: readonly unknown[] };

/**
 * How PostgreSQL runs a query for any values. Nothing runs, and no value of a person is read or shown.
 * @returns its statements, each once
 */
export const readPlan = (pool: pg.Pool, query: DefinedQuery): Promise<HealthPlan> =>
  named("the plan of a query", async () => {
    const statements = await listStatements(query);
    const client = await pool.connect();
    try {
      await client.query("begin read only");
      await client.query(`set local statement_timeout = ${maxMs}`);
      const { rows } = await client.query<{ version: number }>(
        "select current_setting('server_version_num')::integer as version",
      );
      const explain = rows[0]!.version >= genericPlanVersion ? explainGeneric : explainPrepared;
      const planned = [];
      for (const statement of statements) {
        planned.push({ text: tidy(statement.text), plan: await tryPlan(client, () => explain(client, statement)) });
      }
      return { statements: planned };
    } finally {
      const isBroken = await client.query("rollback").then(
        () => false,
        () => true,
      );
      client.release(isBroken);
    }
  });

async function listStatements({ definition }: DefinedQuery): Promise<Statement[]> {
  const caught = [];
  for (const proof of definition.proofs) caught.push(...(await catchStatements(db => proof.run(db, sampleOfNobody()))));
  return [...new Map(caught.map(statement => [statement.text, statement])).values()];
}

/** Ids of nothing that exists, in this month. */
const sampleOfNobody = (): Sample => ({
  websiteId: 1,
  conversationId: uuidv7(),
  visitorId: uuidv7(),
  externalId: "none",
  agentId: uuidv7(),
  tagId: uuidv7(),
  lastSeq: 1,
  lastMessageAt: new Date(),
});

/** null: not every statement has a plan, and an unprivileged role may not plan all of them. */
async function tryPlan(client: pg.ClientBase, explain: () => Promise<PlanNode>): Promise<PlanStep[] | null> {
  await client.query("savepoint before");
  try {
    return stepsOf(await explain());
  } catch {
    return null;
  } finally {
    await client.query("rollback to before");
  }
}

async function explainGeneric(client: pg.ClientBase, { text }: Statement): Promise<PlanNode> {
  const { rows } = await client.query(`explain (generic_plan, format json) ${text}`);
  return rows[0]["QUERY PLAN"][0].Plan;
}

async function explainPrepared(client: pg.ClientBase, { text, values }: Statement): Promise<PlanNode> {
  await client.query("set local plan_cache_mode = force_generic_plan");
  await client.query(`prepare explained as ${text}`);
  try {
    const list = values.length > 0 ? `(${values.map(literal).join(", ")})` : "";
    const { rows } = await client.query(`explain (format json) execute explained ${list}`);
    return rows[0]["QUERY PLAN"][0].Plan;
  } finally {
    await client.query("deallocate explained");
  }
}

/** Without the comment, and without the indent that it has in the code. */
function tidy(text: string): string {
  const lines = withoutName(text).trimEnd().split("\n");
  const indents = lines
    .slice(1)
    .filter(line => line.trim())
    .map(line => /^ */.exec(line)![0].length);
  const indent = Math.min(...indents);
  return lines.map((line, i) => (i === 0 ? line.trim() : line.slice(indent))).join("\n");
}
