import type pg from "pg";

type Plan = {
  "Node Type": string;
  "Relation Name"?: string;
  "Index Name"?: string;
  "Actual Rows": number;
  "Actual Loops": number;
  "Rows Removed by Filter"?: number;
  Plans?: Plan[];
};

/** What a statement touched: the tables and indexes, and how many rows it read in all. */
export type Touched = { sequential: string[]; indexes: string[]; rowsRead: number; sorts: number };

/** Runs a statement with `explain analyze`. Counts, not times: they are the same on every machine. */
export async function explain(client: pg.ClientBase, text: string, values: unknown[]): Promise<Touched> {
  const { rows } = await client.query(`explain (analyze, format json, timing off) ${text}`, values);
  const touched: Touched = { sequential: [], indexes: [], rowsRead: 0, sorts: 0 };
  visit(rows[0]["QUERY PLAN"][0].Plan, touched);
  return touched;
}

function visit(plan: Plan, touched: Touched) {
  const type = plan["Node Type"];
  if (type === "Seq Scan" && plan["Actual Loops"] > 0) touched.sequential.push(plan["Relation Name"]!);
  if (type.includes("Index") && plan["Actual Loops"] > 0) touched.indexes.push(plan["Index Name"]!);
  if (type === "Sort") touched.sorts++;
  // The rows of a bitmap are counted where they are fetched.
  if (type.includes("Scan") && type !== "Bitmap Index Scan" && type !== "Subquery Scan") {
    touched.rowsRead += (plan["Actual Rows"] + (plan["Rows Removed by Filter"] ?? 0)) * plan["Actual Loops"];
  }
  for (const child of plan.Plans ?? []) visit(child, touched);
}
