import type pg from "pg";
import { countMonthsAhead, leastMonthsAhead } from "#database/partitions/months.ts";
import type { Sample } from "#database/query-plans/access-path.ts";
import { type CheckedPath, checkAccessPath } from "#database/query-plans/check-access-path.ts";
import { checkIndexes, type IndexReport } from "#database/query-plans/indexes.ts";
import { findSample } from "#database/query-plans/sample.ts";
import { accessPaths } from "./access-paths.ts";

export type Verification = {
  /** where the queries were tried */
  sample: Sample;
  paths: CheckedPath[];
  indexes: IndexReport;
  monthsAhead: number;
  /** what the product needs and this database lacks, each with what to do; empty when all is well */
  failures: string[];
  /** what costs something and breaks nothing */
  hints: string[];
};

/** A query that takes longer is a failure by itself; nothing waits for it. */
const timeoutMs = 10_000;

/** Tries every access path on a live, migrated database, and looks at its indexes and partitions. Changes nothing. */
export async function verifyDatabase(client: pg.Client): Promise<Verification> {
  await client.query(`begin transaction read only; set local statement_timeout = ${timeoutMs}`);
  try {
    const sample = await findSample(client);
    const paths = [];
    for (const path of accessPaths)
      paths.push(await tryPath(client, () => checkAccessPath(client, path, sample), path.name));
    const indexes = await checkIndexes(client);
    const monthsAhead = await countMonthsAhead(client);
    return {
      sample,
      paths,
      indexes,
      monthsAhead,
      failures: [...failuresOf(paths), ...missingOf(indexes), ...partitionFailures(monthsAhead)],
      hints: hintsOf(indexes),
    };
  } finally {
    await client.query("rollback");
  }
}

/** Once to warm up, once to measure. */
async function tryPath(client: pg.Client, check: () => Promise<CheckedPath>, name: string): Promise<CheckedPath> {
  await client.query("savepoint before");
  try {
    await check();
    return await check();
  } catch (error) {
    await client.query("rollback to before");
    const problems = [(error as Error).message];
    return { name, executed: false, sequential: [], indexes: [], partitions: 0, buffers: 0, timeMs: 0, problems };
  }
}

const failuresOf = (paths: CheckedPath[]) =>
  paths.flatMap(({ name, problems }) => problems.map(problem => `${name}: ${problem}. Run ANALYZE, then look again.`));

const missingOf = ({ missing, invalid }: IndexReport) => [
  ...missing.map(definition => `An index is missing: ${definition.replace("INDEX ON", "INDEX CONCURRENTLY ON")}`),
  ...invalid.map(({ name, table }) => `The index ${name} of ${table} is not valid. Drop it: DROP INDEX ${name}`),
];

const partitionFailures = (ahead: number) =>
  ahead >= leastMonthsAhead
    ? []
    : [
        `Partitions are made for ${Math.max(ahead, 0)} months ahead, ${leastMonthsAhead} are needed. Run prochat partitions.`,
      ];

function hintsOf({ duplicate, unused, waiting, countedSince }: IndexReport): string[] {
  const since = countedSince ? ` since ${countedSince.toISOString().slice(0, 10)}` : "";
  const names = waiting.map(({ name }) => name).join(", ");
  return [
    ...duplicate.map(({ name, table }) => `The index ${name} of ${table} repeats another one.`),
    ...unused.map(({ name, table }) => `The index ${name} of ${table} has never been used${since}.`),
    ...(names ? [`Not used yet${since}, and needed all the same: ${names}.`] : []),
  ];
}
