import { examineDatabase } from "#database/connection/examine.ts";
import { askDirectly } from "#database/direct-connection.ts";
import { maskUrl } from "#platform/mask-url.ts";
import { AppError } from "#protocol/errors.ts";

/**
 * Connects past a pooler, for work that needs a session of its own.
 * @param directUrl  DIRECT_DATABASE_URL
 * @param url        DATABASE_URL, examined
 * @returns directUrl with what was found, as of examineDatabase()
 * @throws AppError "config_invalid" if the two are different databases, and as examineDatabase()
 */
export async function reachDirectly(directUrl: string, url: string): Promise<string> {
  const direct = await examineDatabase(directUrl, { isWritten: true });
  const [one, other] = await Promise.all([direct, url].map(askIdentity));
  if (one === other) return direct;
  throw new AppError(
    "config_invalid",
    `DIRECT_DATABASE_URL (${maskUrl(directUrl)}) and DATABASE_URL (${maskUrl(url)}) lead to different databases. The first one ` +
      "must be the address of the PostgreSQL behind the pooler, with the same database name.",
  );
}

/** Of the cluster, which keeps it for life, and of the database in it. */
const askIdentity = (url: string): Promise<string> =>
  askDirectly(url, async client => {
    const { rows } = await client.query<{ identity: string }>(`
      select (select system_identifier from pg_control_system()) || ' ' || oid as identity
      from pg_database
      where datname = current_database()`);
    return rows[0]!.identity;
  });
