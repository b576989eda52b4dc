import { runBackfill } from "./backfill/backfill.ts";
import { buildIndex, dropIndex } from "./index/build-index.ts";
import { parseIndex } from "./index/parse-index.ts";
import { buildPartitionedIndex } from "./index/partitioned-index.ts";
import { findTable, nameOf, quoteName } from "./session/catalog.ts";
import { withLockRetry } from "./session/lock-retry.ts";
import { runStatement, type Session } from "./session/session.ts";
import { atLine, type Statement } from "./sql/statements.ts";

/**
 * Runs the statements of a migration without a transaction. Each can be run again after an interruption.
 * @param run  names this run in the log and in the cursors of backfills: "0004_tags up"
 */
export async function runSteps(session: Session, run: string, statements: Statement[]): Promise<void> {
  for (const statement of statements) await atLine(statement, () => runStep(session, run, statement));
}

async function runStep(session: Session, run: string, statement: Statement): Promise<void> {
  const { tree, text } = statement;
  if ("IndexStmt" in tree) {
    const index = await parseIndex(statement, tree.IndexStmt);
    const table = await findTable(session.client, index.table);
    if (!table) throw new Error(`there is no table ${quoteName(index.table)}`);
    await (table.isPartitioned ? buildPartitionedIndex : buildIndex)(session, index, table);
  } else if ("DropStmt" in tree) {
    await dropIndex(session, nameOf(tree.DropStmt.objects?.[0]));
  } else if ("UpdateStmt" in tree) {
    await runBackfill(session, run, statement, tree.UpdateStmt);
  } else {
    await withLockRetry(session, `${run} (${firstWords(text)})`, () => runStatement(session, text));
  }
}

const firstWords = (text: string) => text.replace(/\s+/g, " ").slice(0, 60);
