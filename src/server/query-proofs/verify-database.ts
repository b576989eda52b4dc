import type pg from "pg";
import { countMonthsAhead, findMisplacedMonths, minMonthsAhead } from "#database/partitions/months.ts";
import { type CheckedProof, checkProof } from "#database/query-plans/check-proof.ts";
import { checkIndexes, type IndexReport } from "#database/query-plans/indexes.ts";
import { findSample, type Sample } from "#database/query-plans/sample.ts";
import { proofs } from "./queries.ts";

export type Verification = {
  /** the website and conversation that the queries were run on */
  sample: Sample;
  paths: CheckedProof[];
  indexes: IndexReport;
  monthsAhead: number;
  /** problems, each with the next step; empty if there are none */
  failures: string[];
  /** indexes that cost something and break nothing */
  hints: string[];
};

/** A query that takes longer has failed. */
const timeoutMs = 10_000;

/** Runs every query on a live, migrated database and checks its indexes and partitions. Changes nothing. */
export async function verifyDatabase(client: pg.Client): Promise<Verification> {
  await client.query(`begin transaction read only; set local statement_timeout = ${timeoutMs}`);
  try {
    const sample = await findSample(client);
    const paths = [];
    for (const proof of proofs) {
      paths.push(await tryProof(client, () => checkProof(client, proof, sample, { isWarmed: true }), proof.name));
    }
    const indexes = await checkIndexes(client);
    const monthsAhead = await countMonthsAhead(client);
    const misplaced = await findMisplacedMonths(client);
    return {
      sample,
      paths,
      indexes,
      monthsAhead,
      failures: [...failuresOf(paths), ...missingOf(indexes), ...partitionFailures(monthsAhead), ...misplaced],
      hints: hintsOf(indexes),
    };
  } finally {
    await client.query("rollback");
  }
}

async function tryProof(client: pg.Client, check: () => Promise<CheckedProof>, name: string): Promise<CheckedProof> {
  await client.query("savepoint before");
  try {
    return await check();
  } catch (error) {
    await client.query("rollback to before");
    const problems = [(error as Error).message];
    return { name, executed: false, sequential: [], indexes: [], months: 0, buffers: 0, timeMs: 0, problems };
  }
}

const failuresOf = (paths: CheckedProof[]) =>
  paths.flatMap(({ name, problems }) =>
    problems.map(problem => `${name}: ${problem}. Run ANALYZE, then verify again.`),
  );

const missingOf = ({ missing, invalid }: IndexReport) => [
  ...missing.map(definition => `An index is missing: ${definition.replace("INDEX ON", "INDEX CONCURRENTLY ON")}`),
  ...invalid.map(({ name, table }) => `The index ${name} of ${table} is not valid. Drop it: DROP INDEX ${name}`),
];

const partitionFailures = (ahead: number) =>
  ahead >= minMonthsAhead
    ? []
    : [
        `Partitions exist for ${Math.max(ahead, 0)} months ahead, ${minMonthsAhead} are needed. Run prochat partitions.`,
      ];

function hintsOf({ duplicate, unused, waiting, countedSince }: IndexReport): string[] {
  const since = countedSince ? ` since ${countedSince.toISOString().slice(0, 10)}` : "";
  const names = waiting.map(({ name }) => name).join(", ");
  return [
    ...duplicate.map(({ name, table }) => `The index ${name} of ${table} repeats another one.`),
    ...unused.map(({ name, table }) => `The index ${name} of ${table} has never been used${since}.`),
    ...(names ? [`These indexes are not used yet${since}, but the product needs them: ${names}.`] : []),
  ];
}
