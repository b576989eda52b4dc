import { Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from "kysely";
import type { Db } from "#database/connect.ts";
import type { DB } from "#database/tables.ts";

/** A place in a live database to run the product's queries at: a large website, a long conversation. */
export type Sample = {
  websiteId: number;
  conversationId: string;
  visitorId: string;
  externalId: string;
  agentId: string;
  /** its last message's number, and when that was written */
  lastSeq: number;
  lastMessageAt: Date;
};

/**
 * A query of the product and the way that it is to take through the database, however large that grows. Each query has
 * one: access-paths.test.ts fails for any without.
 */
export type AccessPath = {
  name: string;
  /** the function that the product calls; also what says that it has a path */
  query: (...args: never[]) => unknown;
  /** calls it; the statements are caught, not run */
  run(db: Db, sample: Sample): unknown;
  /** the indexes it may use of tables that grow; "messages_pkey" stands for that of one month's partition */
  indexes: string[];
  /** pages of 8 kB it may read; absent for jobs, whose work is as large as what there is to do */
  buffers?: number;
};

export type CaughtStatement = { text: string; values: readonly unknown[] };

/** The statements that a query sends, in order. Nothing runs: each is answered with no rows. */
export async function catchStatements(run: (db: Db) => unknown): Promise<CaughtStatement[]> {
  const caught: CaughtStatement[] = [];
  const connection = {
    async executeQuery({ sql, parameters }: { sql: string; parameters: readonly unknown[] }) {
      caught.push({ text: sql, values: parameters });
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
    if (caught.length === 0) throw error; // else it missed the rows that it did not get
  }
  return caught;
}

const nothing = async () => {};
