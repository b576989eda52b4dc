import type pg from "pg";

/** What a statement touched. Counts are the same on every machine; only `timeMs` is not. */
export type Touched = {
  /** tables read from one end to the other */
  sequential: string[];
  /** each once, those of partitions under their own names */
  indexes: string[];
  /** rows that its scans looked at, given or filtered out */
  rowsRead: number;
  /** pages of 8 kB that it read, from the cache or not; planning left out */
  buffers: number;
  sorts: number;
  timeMs: number;
};

type Plan = {
  "Node Type": string;
  "Relation Name"?: string;
  "Index Name"?: string;
  "Actual Rows"?: number;
  "Actual Loops"?: number;
  "Rows Removed by Filter"?: number;
  "Shared Hit Blocks"?: number;
  "Shared Read Blocks"?: number;
  Plans?: Plan[];
};

/**
 * Runs a statement with `explain analyze` and says what it touched; with `execute: false` it is only planned, and what
 * it would touch is told, without counts.
 */
export async function explain(
  client: pg.ClientBase,
  { text, values }: { text: string; values: readonly unknown[] },
  { execute = true } = {},
): Promise<Touched> {
  const options = execute ? "analyze, buffers, timing off, format json" : "format json";
  const { rows } = await client.query(`explain (${options}) ${text}`, [...values]);
  const { Plan: plan, "Execution Time": timeMs = 0 } = rows[0]["QUERY PLAN"][0];
  const buffers = (plan["Shared Hit Blocks"] ?? 0) + (plan["Shared Read Blocks"] ?? 0);
  const touched: Touched = { sequential: [], indexes: [], rowsRead: 0, buffers, sorts: 0, timeMs };
  visit(plan, touched);
  return { ...touched, indexes: [...new Set(touched.indexes)], sequential: [...new Set(touched.sequential)] };
}

function visit(plan: Plan, touched: Touched): void {
  const { "Node Type": type, "Actual Loops": loops = 1 } = plan;
  if (loops > 0) {
    if (type === "Seq Scan") touched.sequential.push(plan["Relation Name"]!);
    if (plan["Index Name"]) touched.indexes.push(plan["Index Name"]);
    if (type === "Sort" || type === "Incremental Sort") touched.sorts++;
    // The rows of a bitmap are counted where they are fetched.
    if (type.includes("Scan") && type !== "Bitmap Index Scan" && type !== "Subquery Scan") {
      touched.rowsRead += ((plan["Actual Rows"] ?? 0) + (plan["Rows Removed by Filter"] ?? 0)) * loops;
    }
  }
  for (const child of plan.Plans ?? []) visit(child, touched);
}
