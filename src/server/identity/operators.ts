import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { sql } from "#database/sql.ts";
import type { User } from "#protocol/agents.ts";

/**
 * An operator runs the server. The right belongs to an account and to no website: the account that set the server up has it, and
 * others get it from the terminal (prochat operators). See docs/decisions/0048-operators.md.
 */
export const isOperator = defineQuery(
  {
    name: "whether a user is an operator",
    indexes: ["operators_pkey"],
    buffers: 4,
    sample: ({ agentId }) => [agentId],
  },
  async (directory: Db, userId: string): Promise<boolean> => {
    const rows = await sql`select from operators where user_id = ${userId}`.rows(directory);
    return rows.length > 0;
  },
);

/** @returns false if the user is one already */
export const insertOperator = defineQuery(
  { name: "a new operator", indexes: ["operators_pkey"], buffers: 20, sample: ({ agentId }) => [agentId] },
  async (directory: Db, userId: string): Promise<boolean> => {
    const rows = await sql`
      insert into operators (user_id) values (${userId}) on conflict do nothing returning user_id`.rows(directory);
    return rows.length > 0;
  },
);

/** @returns false if the user is none */
export const deleteOperator = defineQuery(
  { name: "an operator no more", indexes: ["operators_pkey"], buffers: 20, sample: ({ agentId }) => [agentId] },
  async (directory: Db, userId: string): Promise<boolean> => {
    const rows = await sql`delete from operators where user_id = ${userId} returning user_id`.rows(directory);
    return rows.length > 0;
  },
);

/** The longest first. */
export const listOperators = defineQuery(
  { name: "the operators", indexes: ["operators_pkey", "users_pkey"], sample: () => [] },
  (directory: Db) =>
    sql<User>`
      select u.id, u.name, u.email
      from operators o
      join users u on u.id = o.user_id
      order by o.granted_at, u.email`.rows(directory),
);
