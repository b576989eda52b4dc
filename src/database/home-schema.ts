import type pg from "pg";
import { named } from "./statements/query-names.ts";

/** SQL: the schema of the product's tables, as this connection finds them. Its oid. */
export const homeSchema = "(select relnamespace from pg_class where oid = 'messages'::regclass)";

/** The schema of the job queue. Each installation has its own, which it shares with no other program. */
export const jobsSchemaOf = (home: string) => (home === "public" ? "prochat_jobs" : `prochat_jobs_${home}`);

/** The name of the job queue's schema, once the database is migrated. */
export async function findJobsSchema(client: Pick<pg.Pool, "query">): Promise<string> {
  const { rows } = await named("the schema of the job queue", () =>
    client.query<{ name: string }>(`select nspname as name from pg_namespace where oid = ${homeSchema}`),
  );
  return jobsSchemaOf(rows[0]!.name);
}
