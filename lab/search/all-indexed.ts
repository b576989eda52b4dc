import type pg from "pg";
import { expect } from "vitest";
import { eventually } from "#lab/eventually.ts";

/** Waits until everything that was written before is in the search index of a server that runs. */
export const allIndexed = (sql: pg.Pool) =>
  eventually(async () => {
    const { rows } = await sql.query("select count(*)::integer as count from search_queue");
    expect(rows[0].count).toBe(0);
  });
