import type { CheckedProof } from "#database/query-plans/check-proof.ts";
import type { Verification } from "#server/query-proofs/verify-database.ts";

/** Formats the verification for the terminal. */
export function printVerification({ sample, paths, indexes, monthsAhead, failures, hints }: Verification): string {
  const where =
    sample.websiteId === 0
      ? "no website has a conversation yet"
      : `on website ${sample.websiteId} and a conversation of ${sample.lastSeq} messages`;
  return [
    `Queries (${where})`,
    ...table([["", "time", "pages", "query", "indexes"], ...paths.map(row)]),
    "",
    indexes.missing.length + indexes.invalid.length === 0
      ? "ok      indexes: none is missing or invalid"
      : "failed  indexes",
    `${monthsAhead < 0 ? "failed" : "ok    "}  partitions: exist for ${monthsAhead} months ahead`,
    ...failures.map(failure => `failed  ${failure}`),
    ...hints.map(hint => `hint    ${hint}`),
  ].join("\n");
}

function row({ name, executed, problems, buffers, timeMs, indexes, sequential }: CheckedProof): string[] {
  const way = [...indexes, ...sequential.map(name => `all of ${name}`)].join(", ");
  return [
    problems.length > 0 ? "failed" : "ok",
    executed ? `${timeMs.toFixed(2)} ms` : "planned",
    executed ? String(buffers) : "",
    name,
    way || "-",
  ];
}

const alignedRight = [false, true, true, false, false];

function table(rows: string[][]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map(row => row[column]!.length)));
  return rows.map(row =>
    row
      .map((cell, column) => (alignedRight[column] ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
      .join("  ")
      .trimEnd(),
  );
}
