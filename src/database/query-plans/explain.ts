import pg from "pg";

/** What a statement's plan reads. Counts are the same on every machine; only `timeMs` differs. */
export type PlanSummary = {
  /** tables that were read whole, by a sequential scan */
  sequential: string[];
  /** each once; the indexes of partitions by their own names */
  indexes: string[];
  /** pages of 8 kB that it read, from the cache or not, without planning */
  buffers: number;
  timeMs: number;
};

type Plan = {
  "Node Type": string;
  "Relation Name"?: string;
  "Index Name"?: string;
  "Actual Loops"?: number;
  "Shared Hit Blocks"?: number;
  "Shared Read Blocks"?: number;
  Plans?: Plan[];
};

/** PostgreSQL plans a prepared statement for its values first, and later perhaps once for all values. */
export type Plans = "custom" | "generic";

/**
 * Runs a statement with `explain analyze` and summarises its plan. With `execute: false` it is only planned: the summary has
 * no counts and no time.
 */
export async function explain(
  client: pg.ClientBase,
  statement: { text: string; values: readonly unknown[] },
  { execute = true, plans = "custom" }: { execute?: boolean; plans?: Plans } = {},
): Promise<PlanSummary> {
  const options = execute ? "analyze, buffers, timing off, format json" : "format json";
  const { Plan: plan, "Execution Time": timeMs = 0 } =
    plans === "custom"
      ? await explainNow(client, options, statement)
      : await explainPrepared(client, options, statement);
  const buffers = (plan["Shared Hit Blocks"] ?? 0) + (plan["Shared Read Blocks"] ?? 0);
  const summary: PlanSummary = { sequential: [], indexes: [], buffers, timeMs };
  visit(plan, summary);
  return { ...summary, indexes: [...new Set(summary.indexes)], sequential: [...new Set(summary.sequential)] };
}

type Explained = { Plan: Plan; "Execution Time"?: number };
type Statement = { text: string; values: readonly unknown[] };

async function explainNow(client: pg.ClientBase, options: string, { text, values }: Statement): Promise<Explained> {
  const { rows } = await client.query(`explain (${options}) ${text}`, [...values]);
  return rows[0]["QUERY PLAN"][0];
}

async function explainPrepared(client: pg.ClientBase, options: string, { text, values }: Statement) {
  await client.query("set plan_cache_mode = force_generic_plan");
  await client.query(`prepare explained as ${text}`);
  try {
    const execute = `execute explained ${values.length > 0 ? `(${values.map(literal).join(", ")})` : ""}`;
    const { rows } = await client.query(`explain (${options}) ${execute}`);
    return rows[0]["QUERY PLAN"][0] as Explained;
  } finally {
    await client.query("deallocate explained; reset plan_cache_mode");
  }
}

/** A value as SQL writes it. */
export function literal(value: unknown): string {
  if (value === null) return "null";
  if (value instanceof Date) return literal(value.toISOString());
  if (Array.isArray(value)) return literal(`{${value.map(item => JSON.stringify(item)).join(",")}}`);
  return pg.escapeLiteral(String(value));
}

function visit(plan: Plan, summary: PlanSummary): void {
  if (plan["Actual Loops"] === 0) return; // a partition that was pruned during execution
  if (plan["Node Type"] === "Seq Scan") summary.sequential.push(plan["Relation Name"]!);
  if (plan["Index Name"]) summary.indexes.push(plan["Index Name"]);
  for (const child of plan.Plans ?? []) visit(child, summary);
}
