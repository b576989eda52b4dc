import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { none, sql } from "#database/sql.ts";
import type { AuditActor, AuditQuery, AuditTarget } from "#protocol/audit.ts";

export type AuditRow = {
  websiteId: number;
  id: string;
  at: Date;
  actorKind: AuditActor["kind"];
  actorId: string | null;
  actorName: string;
  action: string;
  targetKind: AuditTarget["kind"] | null;
  targetId: string | null;
  targetName: string | null;
  details: Record<string, unknown>;
  ip: string | null;
  userAgent: string | null;
};

const columns = sql`
  website_id as "websiteId", id, at, actor_kind as "actorKind", actor_id as "actorId", actor_name as "actorName",
  action, target_kind as "targetKind", target_id as "targetId", target_name as "targetName", details, ip,
  user_agent as "userAgent"`;

type Page = Pick<AuditQuery, "actorId" | "action" | "limit"> & { websiteId: number; before: string | null };

const latest = { before: null, limit: 50 };

/** Newest first; `before` is the id of the last entry of the previous page. */
export const listEntries = defineQuery(
  {
    name: "audit log of a website",
    indexes: [],
    // in the worst case each entry is on a page of its own
    buffers: 51 + 8,
    cases: [
      { name: "all", indexes: ["audit_log_pkey"], sample: ({ websiteId }) => [{ websiteId, ...latest }] },
      {
        name: "of a person",
        indexes: ["audit_log_by_actor"],
        sample: ({ websiteId, agentId }) => [{ websiteId, actorId: agentId, ...latest }],
      },
      {
        name: "of an action",
        indexes: ["audit_log_by_action"],
        sample: ({ websiteId }) => [{ websiteId, action: "website.secret_shown" as const, ...latest }],
      },
    ],
  },
  (db: Db, { websiteId, before, actorId, action, limit }: Page): Promise<AuditRow[]> =>
    sql<AuditRow>`
      select ${columns}
      from audit_log
      where website_id = ${websiteId}
        ${before ? sql`and id < ${before}` : none}
        ${actorId ? sql`and actor_id = ${actorId}` : none}
        ${action ? sql`and action = ${action}` : none}
      order by id desc
      limit ${limit}`.rows(db),
);

/** Deletes older entries, but none of the last 30 days. @returns their number */
export const expireEntries = defineQuery(
  { name: "end of old entries of the audit log", indexes: [], sample: () => [new Date(0)] },
  async (db: Db, olderThan: Date): Promise<number> => {
    // Not "select expire_audit_entries(…)": the check of query proofs executes statements that begin with select.
    const [row] = await sql<{ expired: number }>`
      with expired as (select expire_audit_entries(${olderThan}) as count)
      select count as expired
      from expired`.rows(db);
    return row!.expired;
  },
);

type Since = { websiteId: number | null; action: string | null; since: Date; after: string | null; limit: number };

/** Oldest first, of one website, or of all and of the installation itself; for the command line. */
export const listEntriesSince = defineQuery(
  {
    name: "audit log since a moment",
    indexes: [],
    buffers: 1000 + 20,
    cases: [
      {
        name: "of all websites",
        indexes: ["audit_log_by_id"],
        sample: () => [{ websiteId: null, action: null, since: new Date(0), after: null, limit: 1000 }],
      },
      {
        name: "of a website",
        indexes: ["audit_log_pkey"],
        sample: ({ websiteId }) => [{ websiteId, action: null, since: new Date(0), after: null, limit: 1000 }],
      },
    ],
  },
  (db: Db, { websiteId, action, since, after, limit }: Since): Promise<AuditRow[]> =>
    sql<AuditRow>`
      select ${columns}
      from audit_log
      where id >= uuid_floor(${since})
        ${after ? sql`and id > ${after}` : none}
        ${websiteId === null ? none : sql`and website_id = ${websiteId}`}
        ${action ? sql`and action = ${action}` : none}
      order by id
      limit ${limit}`.rows(db),
);
