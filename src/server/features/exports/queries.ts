import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { sql } from "#database/sql.ts";
import type { ExportFormat, ExportScope } from "#protocol/exports.ts";

export type ExportRow = {
  websiteId: number;
  id: string;
  scope: ExportScope;
  format: ExportFormat;
  state: "waiting" | "running" | "done" | "failed";
  rows: number;
  sizeBytes: number | null;
  sha256: string | null;
  problem: string | null;
  requestedBy: string;
  requestedByName: string | null;
  createdAt: Date;
  expiresAt: Date;
};

type Key = { websiteId: number; id: string };

const noId = "00000000-0000-7000-8000-000000000000";
const indexes = ["exports_pkey"];
const ofSample = ({ websiteId }: { websiteId: number }): [Key] => [{ websiteId, id: noId }];

/** A run that said nothing for so long was killed. */
const silentMinutes = 2;

const columns = sql`
  e.website_id as "websiteId", e.id, e.scope, e.format, e.state, e.rows::float as rows, e.size_bytes::float as "sizeBytes",
  e.sha256, e.problem, e.requested_by as "requestedBy", m.name as "requestedByName", e.created_at as "createdAt",
  e.expires_at as "expiresAt"`;

/** Newest first: those of the last days, the older ones are deleted. */
export const listExports = defineQuery(
  {
    name: "exports of a website",
    indexes: [...indexes, "memberships_pkey"],
    buffers: 20,
    includesDeleted: { memberships: "former agents are named too" },
    sample: ({ websiteId }) => [{ websiteId, limit: 100 }],
  },
  (db: Db, { websiteId, limit }: { websiteId: number; limit: number }): Promise<ExportRow[]> =>
    sql<ExportRow>`
      select ${columns}
      from exports e
      left join memberships m on m.website_id = ${websiteId} and m.user_id = e.requested_by
      where e.website_id = ${websiteId}
        and e.expires_at > now()
      order by e.id desc
      limit ${limit}`.rows(db),
);

export const findExport = defineQuery(
  {
    name: "an export",
    indexes: [...indexes, "memberships_pkey"],
    buffers: 10,
    includesDeleted: { memberships: "former agents are named too" },
    sample: ofSample,
  },
  async (db: Db, { websiteId, id }: Key): Promise<ExportRow | null> => {
    const rows = await sql<ExportRow>`
      select ${columns}
      from exports e
      left join memberships m on m.website_id = ${websiteId} and m.user_id = e.requested_by
      where e.website_id = ${websiteId}
        and e.id = ${id}`.rows(db);
    return rows[0] ?? null;
  },
);

type NewExport = Key & { scope: ExportScope; format: ExportFormat; requestedBy: string; expiresAt: Date };

export const insertExport = defineQuery(
  {
    name: "a new export",
    indexes: [],
    buffers: 20,
    sample: ({ websiteId, agentId }) => [
      {
        ...{ websiteId, id: noId, requestedBy: agentId, expiresAt: new Date() },
        ...{ scope: { kind: "month" as const, month: "2026-10" }, format: "csv" as const },
      },
    ],
  },
  (db: Db, p: NewExport) =>
    sql`
      insert into exports (website_id, id, scope, format, requested_by, expires_at)
      values (${p.websiteId}, ${p.id}, ${JSON.stringify(p.scope)}, ${p.format}, ${p.requestedBy}, ${p.expiresAt})`.rows(
      db,
    ),
);

/** Takes an export that waits, or whose run was killed. @returns false if another run has it */
export const claimExport = defineQuery(
  { name: "an export that begins", indexes, buffers: 20, sample: ofSample },
  async (db: Db, { websiteId, id }: Key): Promise<boolean> => {
    const rows = await sql`
      update exports
      set state = 'running', rows = 0, updated_at = now()
      where website_id = ${websiteId}
        and id = ${id}
        and (state = 'waiting' or (state = 'running' and updated_at < now() - make_interval(mins => ${silentMinutes})))
      returning id`.rows(db);
    return rows.length > 0;
  },
);

export const noteProgress = defineQuery(
  {
    name: "the progress of an export",
    indexes,
    buffers: 20,
    sample: ({ websiteId }) => [{ websiteId, id: noId, rows: 1 }],
  },
  (db: Db, { websiteId, id, rows }: Key & { rows: number }) =>
    sql`
      update exports
      set rows = ${rows}, updated_at = now()
      where website_id = ${websiteId}
        and id = ${id}
        and state = 'running'`.rows(db),
);

type Outcome = Key & {
  state: "done" | "failed";
  rows: number;
  sizeBytes: number | null;
  sha256: string | null;
  problem: string | null;
};

export const finishExport = defineQuery(
  {
    name: "an export that ends",
    indexes,
    buffers: 20,
    sample: ({ websiteId }) => [
      { websiteId, id: noId, state: "done" as const, rows: 1, sizeBytes: 1, sha256: "", problem: null },
    ],
  },
  (db: Db, p: Outcome) =>
    sql`
      update exports
      set state = ${p.state}, rows = ${p.rows}, size_bytes = ${p.sizeBytes}, sha256 = ${p.sha256},
        problem = ${p.problem}, updated_at = now()
      where website_id = ${p.websiteId}
        and id = ${p.id}`.rows(db),
);

/** Those that wait, and those whose run was killed. */
export const listStalled = defineQuery(
  { name: "exports to go on with", indexes, buffers: 20, sample: ({ websiteId }) => [websiteId] },
  (db: Db, websiteId: number): Promise<Key[]> =>
    sql<Key>`
      select website_id as "websiteId", id
      from exports
      where website_id = ${websiteId}
        and state in ('waiting', 'running')
        and updated_at < now() - make_interval(mins => ${silentMinutes})`.rows(db),
);

export const listExpired = defineQuery(
  { name: "exports to delete", indexes, buffers: 20, sample: ({ websiteId }) => [{ websiteId, before: new Date() }] },
  (db: Db, { websiteId, before }: { websiteId: number; before: Date }): Promise<(Key & { format: ExportFormat })[]> =>
    sql<Key & { format: ExportFormat }>`
      select website_id as "websiteId", id, format
      from exports
      where website_id = ${websiteId}
        and expires_at <= ${before}`.rows(db),
);

/**
 * Ends the exports of a person, or of one of their conversations, in the transaction that deletes these: from then on nobody
 * can download them, and the next sweep deletes their files.
 */
export const endExportsOf = defineQuery(
  {
    name: "exports of somebody who is deleted",
    indexes: [...indexes, "conversations_by_visitor"],
    includesDeleted: { conversations: "those that were deleted before, too" },
    sample: ({ websiteId, visitorId }) => [{ websiteId, visitorId }],
  },
  (tx: Db, { websiteId, visitorId }: { websiteId: number; visitorId: string }) =>
    endExports(
      websiteId,
      sql`e.scope->>'visitorId' = ${visitorId}
        or e.scope->>'conversationId' in (
          select c.id::text from conversations c where c.website_id = ${websiteId} and c.visitor_id = ${visitorId})`,
    ).rows(tx),
);

export const endExportsOfConversation = defineQuery(
  {
    name: "exports of a conversation that is deleted",
    indexes,
    buffers: 20,
    sample: ({ websiteId, conversationId }) => [{ websiteId, conversationId }],
  },
  (tx: Db, { websiteId, conversationId }: { websiteId: number; conversationId: string }) =>
    endExports(websiteId, sql`e.scope->>'conversationId' = ${conversationId}`).rows(tx),
);

const endExports = (websiteId: number, ofThose: ReturnType<typeof sql>) => sql`
  update exports e
  set expires_at = now()
  where e.website_id = ${websiteId}
    and e.expires_at > now()
    and (${ofThose})`;

export const deleteExport = defineQuery(
  { name: "an export that is deleted", indexes, buffers: 20, sample: ofSample },
  (db: Db, { websiteId, id }: Key) => sql`delete from exports where website_id = ${websiteId} and id = ${id}`.rows(db),
);
