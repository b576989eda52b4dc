import { sql } from "kysely";
import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
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

const selectEntries = (db: Db) =>
  db
    .selectFrom("audit_log")
    .select(["website_id as websiteId", "id", "at", "action", "details", "ip", "user_agent as userAgent"])
    .select(["actor_kind as actorKind", "actor_id as actorId", "actor_name as actorName"])
    .select(["target_kind as targetKind", "target_id as targetId", "target_name as targetName"])
    .$castTo<AuditRow>();

type Page = Pick<AuditQuery, "actorId" | "action" | "limit"> & { websiteId: number; before: string | null };

const latest = { before: null, limit: 50 };

/** Newest first; `before` is the id of the last entry of the page before. */
export const listEntries = defineQuery(
  {
    name: "audit log of a website",
    indexes: [],
    // an entry is a row of its own page at worst
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
    selectEntries(db)
      .where("website_id", "=", websiteId)
      .$if(before !== null, query => query.where("id", "<", before!))
      .$if(actorId !== undefined, query => query.where("actor_id", "=", actorId!))
      .$if(action !== undefined, query => query.where("action", "=", action!))
      .orderBy("id", "desc")
      .limit(limit)
      .execute(),
);

type Since = { websiteId: number | null; action: string | null; since: Date; after: string | null; limit: number };

/** Oldest first, of one website or of all and the installation's own; for the command line. */
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
    selectEntries(db)
      .where("id", ">=", sql<string>`uuid_floor(${since})`)
      .$if(after !== null, query => query.where("id", ">", after!))
      .$if(websiteId !== null, query => query.where("website_id", "=", websiteId!))
      .$if(action !== null, query => query.where("action", "=", action!))
      .orderBy("id")
      .limit(limit)
      .execute(),
);
