import { Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from "kysely";
import type { Db } from "#database/connect.ts";
import { nameStatement } from "#database/statements/query-names.ts";
import type { DB } from "#database/tables.ts";

export type CaughtStatement = { text: string; values: readonly unknown[] };

/** The statements that a query sends, in order. Nothing runs: each is answered with no rows. */
export async function catchStatements(run: (db: Db) => unknown): Promise<CaughtStatement[]> {
  const caught: CaughtStatement[] = [];
  const connection = {
    async executeQuery({ sql, parameters }: { sql: string; parameters: readonly unknown[] }) {
      caught.push({ text: nameStatement(sql), values: parameters });
      return { rows: [] };
    },
    streamQuery: () => {
      throw new Error("a stream cannot be caught");
    },
  };
  const db: Db = new Kysely<DB>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createQueryCompiler: () => new PostgresQueryCompiler(),
      createIntrospector: db => new PostgresIntrospector(db),
      createDriver: () => ({
        init: nothing,
        acquireConnection: async () => connection,
        beginTransaction: nothing,
        commitTransaction: nothing,
        rollbackTransaction: nothing,
        releaseConnection: nothing,
        destroy: nothing,
      }),
    },
  });
  try {
    await run(db);
  } catch (error) {
    if (caught.length === 0) throw error; // otherwise the query failed because it got no rows
  }
  return caught;
}

const nothing = async () => {};
