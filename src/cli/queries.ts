import { Command, Option } from "commander";
import { connect } from "#database/connect.ts";
import { findQueries } from "#database/health/store.ts";
import { findDefinedQuery } from "#database/query-plans/define-query.ts";
import { readPlan } from "#database/query-plans/read-plan.ts";
import { AppError } from "#protocol/errors.ts";
import type { HealthPlan, HealthQueries, PlanStep } from "#protocol/health.ts";
import { withDatabase } from "./with-database.ts";

const sorts = ["total", "calls", "mean", "p95", "p99"] as const;
type Sort = (typeof sorts)[number];
type Options = { json?: true; sort: Sort; plan?: string };

export function queriesCommand(): Command {
  return new Command("queries")
    .description("print how long each query of the server took, and the last slow ones; counted within the last minute")
    .addOption(new Option("--sort <by>", "the largest first").choices(sorts).default("total"))
    .option("--plan <name>", "how PostgreSQL runs the query of this name, for any values")
    .option("--json", "as JSON")
    .action(
      withDatabase<Options>(async (url, log, { json, sort, plan }) => {
        const connection = connect({ url, poolSize: 1, onError: ({ message }) => log.warn(message) });
        try {
          if (plan !== undefined) {
            const found = await findPlan(connection.pool, plan);
            return console.log(json ? JSON.stringify(found) : printPlan(found));
          }
          const report = await findQueries(connection.db);
          if (!report)
            throw new AppError("not_found", "Nothing has been counted yet: start the server, and wait a minute.");
          const sorted = { ...report, queries: sortQueries(report.queries, sort) };
          console.log(json ? JSON.stringify(sorted) : printQueries(sorted));
        } finally {
          await connection.close();
        }
      }),
    );
}

async function findPlan(pool: Parameters<typeof readPlan>[0], name: string): Promise<HealthPlan> {
  await import("#server/query-proofs/queries.ts"); // see main.ts
  const query = findDefinedQuery(name);
  if (!query) throw new AppError("not_found", `No query is named "${name}". prochat queries lists the names.`);
  return readPlan(pool, query);
}

type Row = HealthQueries["queries"][number];

const figures: Record<Sort, (row: Row) => number> = {
  total: row => row.totalMs,
  calls: row => row.calls,
  mean: row => row.meanMs,
  p95: row => row.p95Ms,
  p99: row => row.p99Ms,
};

const sortQueries = (rows: Row[], sort: Sort) => rows.toSorted((a, b) => figures[sort](b) - figures[sort](a));

function printQueries({ queries, slow, since, at }: HealthQueries): string {
  const head = ["calls", "mean ms", "p95 ms", "p99 ms", "total s", "share", "query"];
  const rows = queries.map(row => [
    String(row.calls),
    ...[row.meanMs, row.p95Ms, row.p99Ms].map(ms => ms.toFixed(1)),
    (row.totalMs / 1000).toFixed(1),
    `${(row.share * 100).toFixed(1)}%`,
    row.name,
  ]);
  const ofSlow = slow.map(({ at, query, ms, waitedMs, rows, requests }) =>
    [`${at}  ${query}: ${ms} ms`, waitedMs > 0 && `after ${waitedMs} ms of waiting for a connection`, countRows(rows)]
      .concat(requests.length > 0 ? `request ${requests.join(", ")}` : [])
      .filter(Boolean)
      .join(", "),
  );
  return [
    ...alignColumns([head, ...rows]),
    "",
    `Counted from ${since} to ${at}.`,
    ...(ofSlow.length > 0 ? ["", "The last slow statements:", ...ofSlow] : ["No statement was slow."]),
  ].join("\n");
}

const countRows = (rows: number | null) => (rows === null ? "failed" : `${rows} ${rows === 1 ? "row" : "rows"}`);

/** Numbers to the right; the last column to the left. */
function alignColumns(table: string[][]): string[] {
  const widths = table[0]!.map((_, column) => Math.max(...table.map(row => row[column]!.length)));
  return table.map(row =>
    row.map((cell, column) => (column === row.length - 1 ? cell : cell.padStart(widths[column]!))).join("  "),
  );
}

const printPlan = ({ statements }: HealthPlan): string =>
  statements
    .map(({ text, plan }) => [text, "", ...(plan?.flatMap(printStep) ?? ["It has no plan."])].join("\n"))
    .join("\n\n");

function printStep({ depth, what, conditions, rows, cost }: PlanStep): string[] {
  const indent = "  ".repeat(depth);
  return [
    `${indent}${what}  (about ${rows} ${rows === 1 ? "row" : "rows"}, cost ${Math.round(cost)})`,
    ...conditions.map(condition => `${indent}    ${condition}`),
  ];
}
