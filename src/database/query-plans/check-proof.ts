import type pg from "pg";
import { homeSchema } from "#database/home-schema.ts";
import { withoutName } from "#database/statements/query-names.ts";
import { catchStatements } from "./catch-statements.ts";
import type { Proof } from "./define-query.ts";
import { explain, type PlanSummary, type Plans } from "./explain.ts";
import type { Sample } from "./sample.ts";

export type CheckedProof = Pick<PlanSummary, "sequential" | "indexes" | "buffers" | "timeMs"> & {
  name: string;
  /** months of messages and of their words that it read */
  months: number;
  /** each with its figures; empty if there are none */
  problems: string[];
  /** false: it writes, so it was only planned */
  executed: boolean;
};

type Options = { execute?: "reads" | "all"; plans?: Plans; isWarmed?: boolean };

/** A sequential scan of a table up to this many pages of 8 kB is fast enough. */
export const smallPages = 64;

/**
 * Runs a query's statements for a sample, and finds which indexes they use and how many pages they read.
 * @param execute  "reads": statements that write are only planned; "all": writes are executed, the caller must roll back
 * @param isWarmed  what is executed runs twice: the first time fills the caches, the second one is measured
 */
export async function checkProof(
  client: pg.ClientBase,
  proof: Proof,
  sample: Sample,
  { execute = "reads", plans = "custom", isWarmed = false }: Options = {},
): Promise<CheckedProof> {
  const statements = await catchStatements(db => proof.run(db, sample));
  const explainable = statements.filter(({ text }) => !/^\s*lock table/i.test(withoutName(text)));
  const executed = execute === "all" || explainable.every(({ text }) => isRead(text));
  const summaries: PlanSummary[] = [];
  for (const statement of explainable) {
    if (isWarmed && executed) await explain(client, statement, { plans });
    summaries.push(await explain(client, statement, { execute: executed, plans }));
  }

  const indexes = await findParents(client, [...new Set(summaries.flatMap(each => each.indexes))]);
  const checked = {
    name: proof.name,
    executed,
    sequential: [...new Set(summaries.flatMap(each => each.sequential))],
    indexes: [...new Set(indexes.map(index => index.name))].sort(),
    months: new Set(indexes.flatMap(({ partition }) => partition?.match(/\d{4}_\d\d$/)?.[0] ?? [])).size,
    buffers: sum(summaries.map(each => each.buffers)),
    timeMs: sum(summaries.map(each => each.timeMs)),
  };
  return { ...checked, problems: await findProblems(client, proof, checked) };
}

async function findProblems(
  client: pg.ClientBase,
  { buffers }: Proof,
  found: Pick<CheckedProof, "sequential" | "buffers">,
): Promise<string[]> {
  const problems = [];
  for (const { table, pages } of await measure(client, found.sequential)) {
    if (pages > smallPages) problems.push(`reads all ${pages} pages of ${table}`);
  }
  if (buffers !== undefined && found.buffers > buffers) {
    problems.push(`reads ${found.buffers} pages, more than its max of ${buffers}`);
  }
  return problems;
}

async function measure(client: pg.ClientBase, tables: string[]): Promise<{ table: string; pages: number }[]> {
  if (tables.length === 0) return [];
  const { rows } = await client.query(
    `select relname as table, (pg_relation_size(oid) / current_setting('block_size')::integer)::integer as pages
     from pg_class
     where relname = any($1) and relnamespace = ${homeSchema}`,
    [tables],
  );
  return rows;
}

/** For the index of a partition, the name of the partitioned table's index. */
async function findParents(
  client: pg.ClientBase,
  names: string[],
): Promise<{ name: string; partition: string | null }[]> {
  if (names.length === 0) return [];
  const { rows } = await client.query(
    `select coalesce(parent.relname, index.relname) as name,
       case when parent.relname is not null then indrelid::regclass::text end as partition
     from pg_class as index
     join pg_index on indexrelid = index.oid
     left join pg_inherits on inhrelid = index.oid
     left join pg_class as parent on parent.oid = inhparent
     where index.relname = any($1) and index.relnamespace = ${homeSchema}`,
    [names],
  );
  return rows;
}

const isRead = (text: string) =>
  /^\s*select/i.test(withoutName(text)) && !/\bfor (no key |key )?(update|share)\b/i.test(text);

const sum = (numbers: number[]) => numbers.reduce((total, each) => total + each, 0);
