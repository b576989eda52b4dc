import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { sql } from "#database/sql.ts";

export type SilenceRow = {
  id: string;
  checkId: string;
  until: Date;
  reason: string;
  createdAt: Date;
  createdByName: string;
};

const sampleId = "00000000-0000-7000-8000-000000000000";

/** Those of this moment, the first to end first. */
export const listSilences = defineQuery(
  { name: "silenced checks", indexes: ["alert_silences_pkey"], buffers: 20, sample: () => [] },
  (db: Db): Promise<SilenceRow[]> =>
    sql<SilenceRow>`
      select id, check_id as "checkId", until, reason, created_at as "createdAt", created_by_name as "createdByName"
      from alert_silences
      where until > now()
      order by until, id`.rows(db),
);

type NewSilence = Omit<SilenceRow, "createdAt"> & { createdBy: string | null };

export const insertSilence = defineQuery(
  {
    name: "a new silence",
    indexes: [],
    buffers: 10,
    sample: () => [
      { id: sampleId, checkId: "none", until: new Date(0), reason: "", createdBy: null, createdByName: "" },
    ],
  },
  async (db: Db, { id, checkId, until, reason, createdBy, createdByName }: NewSilence): Promise<SilenceRow> => {
    const [row] = await sql<SilenceRow>`
      insert into alert_silences (id, check_id, until, reason, created_by, created_by_name)
      values (${id}, ${checkId}, ${until}, ${reason}, ${createdBy}, ${createdByName})
      returning id, check_id as "checkId", until, reason, created_at as "createdAt",
        created_by_name as "createdByName"`.rows(db);
    return row!;
  },
);

/** @returns its check; null if there is none that lasts */
export const endSilence = defineQuery(
  { name: "a silence that ends now", indexes: ["alert_silences_pkey"], buffers: 10, sample: () => [sampleId] },
  async (db: Db, id: string): Promise<string | null> => {
    const [row] = await sql<{ checkId: string }>`
      update alert_silences
      set until = now()
      where id = ${id}
        and until > now()
      returning check_id as "checkId"`.rows(db);
    return row?.checkId ?? null;
  },
);
