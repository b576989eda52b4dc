import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { sql } from "#database/sql.ts";
import { AppError } from "#protocol/errors.ts";
import { WebsiteSettings } from "#protocol/websites.ts";

export type WebsiteRow = {
  id: number;
  name: string;
  publicKey: string;
  identitySecret: string;
  allowedOrigins: string[];
  settings: WebsiteSettings;
  createdAt: Date;
};

const columns = [
  "id",
  "name",
  "public_key as publicKey",
  "identity_secret as identitySecret",
  "allowed_origins as allowedOrigins",
  "settings",
  "created_at as createdAt",
] as const;

const asWebsite = <Row extends { settings: unknown }>(row: Row) => ({
  ...row,
  settings: WebsiteSettings.parse(row.settings),
});

export const findWebsite = defineQuery(
  {
    name: "a website",
    indexes: ["websites_pkey"],
    buffers: 6,
    sample: ({ websiteId }) => [websiteId],
  },
  async (db: Db, id: number): Promise<WebsiteRow | null> => {
    const row = await db
      .selectFrom("websites")
      .select(columns)
      .where("id", "=", id)
      .where("deleted_at", "is", null)
      .executeTakeFirst();
    return row ? asWebsite(row) : null;
  },
);

/** Every website, with its settings. */
export const listSettings = defineQuery(
  {
    name: "the settings of every website",
    indexes: ["websites_pkey"],
    includesDeleted: { websites: "a deleted website's rows are in the months too, and may come back" },
    sample: () => [],
  },
  async (directory: Db): Promise<Pick<WebsiteRow, "id" | "settings">[]> =>
    (await directory.selectFrom("websites").select(["id", "settings"]).orderBy("id").execute()).map(asWebsite),
);

/** Locks the row: of two changes at the same moment, the second one sees the first. */
export const lockWebsite = defineQuery(
  {
    name: "a website, locked",
    indexes: ["websites_pkey"],
    buffers: 8,
    sample: ({ websiteId }) => [websiteId],
  },
  async (tx: Db, id: number): Promise<WebsiteRow> =>
    asWebsite(
      await tx
        .selectFrom("websites")
        .select(columns)
        .where("id", "=", id)
        .where("deleted_at", "is", null)
        .forUpdate()
        .executeTakeFirstOrThrow(() => new AppError("not_found", "This website was just deleted.")),
    ),
);

export const findWebsiteByKey = defineQuery(
  {
    name: "website by its public key",
    indexes: ["websites_public_key_key"],
    buffers: 6,
    sample: () => ["none"],
  },
  async (db: Db, publicKey: string): Promise<WebsiteRow | null> => {
    const row = await db
      .selectFrom("websites")
      .select(columns)
      .where("public_key", "=", publicKey)
      .where("deleted_at", "is", null)
      .executeTakeFirst();
    return row ? asWebsite(row) : null;
  },
);

/** The public key of the oldest website. */
export const findFirstPublicKey = defineQuery(
  {
    name: "the oldest website",
    indexes: ["websites_pkey"],
    buffers: 6,
    sample: () => [],
  },
  async (db: Db): Promise<string | null> => {
    const row = await db
      .selectFrom("websites")
      .select("public_key")
      .where("deleted_at", "is", null)
      .orderBy("id")
      .limit(1)
      .executeTakeFirst();
    return row?.public_key ?? null;
  },
);

const selectMine = (directory: Db, userId: string) =>
  directory
    .selectFrom("memberships as m")
    .innerJoin("websites as w", "w.id", "m.website_id")
    .select(["w.id", "w.name", "w.settings", "m.role"])
    .select(["w.public_key as publicKey", "w.allowed_origins as allowedOrigins", "w.created_at as createdAt"])
    .where("m.user_id", "=", userId)
    .where("m.removed_at", "is", null)
    .where("w.deleted_at", "is", null);

/** The websites of a user, oldest first, with their role. */
export const listWebsites = defineQuery(
  {
    name: "websites of a user, as they see them",
    indexes: ["memberships_of_user", "memberships_pkey", "websites_pkey"],
    buffers: 400,
    sample: ({ agentId }) => [agentId],
  },
  async (directory: Db, userId: string) => {
    const rows = await selectMine(directory, userId).orderBy("w.id").execute();
    return rows.map(asWebsite);
  },
);

/** A website as one of its agents sees it; null if the user is no agent of it. */
export const findWebsiteOf = defineQuery(
  {
    name: "a website of a user",
    indexes: ["memberships_pkey", "memberships_of_user", "websites_pkey"],
    buffers: 10,
    sample: ({ websiteId, agentId }) => [{ websiteId, userId: agentId }],
  },
  async (directory: Db, { websiteId, userId }: { websiteId: number; userId: string }) => {
    const row = await selectMine(directory, userId).where("m.website_id", "=", websiteId).executeTakeFirst();
    return row ? asWebsite(row) : null;
  },
);

type NewWebsite = { name: string; allowedOrigins: string[]; publicKey: string; identitySecret: string };

export const insertWebsite = defineQuery(
  {
    name: "a new website",
    indexes: [],
    buffers: 60,
    sample: () => [{ name: "Shop", allowedOrigins: [], publicKey: "none", identitySecret: "none" }],
  },
  async (db: Db, website: NewWebsite): Promise<number> => {
    const { id } = await db
      .insertInto("websites")
      .values({
        name: website.name,
        allowed_origins: website.allowedOrigins,
        public_key: website.publicKey,
        identity_secret: website.identitySecret,
        settings: JSON.stringify({ isDeletionConfirmed: true } satisfies Partial<WebsiteSettings>),
      })
      .returning("id")
      .executeTakeFirstOrThrow();
    return id;
  },
);

type Notice = { websiteId: number; id: string; body: string; link: string };

/** Does nothing for a notice that the website had before. */
export const insertNotice = defineQuery(
  {
    name: "a privacy notice of a website",
    indexes: ["privacy_notices_pkey"],
    buffers: 20,
    sample: ({ websiteId }) => [{ websiteId, id: "none", body: "We keep what you write.", link: "" }],
  },
  async (db: Db, { websiteId, id, body, link }: Notice): Promise<void> => {
    await db
      .insertInto("privacy_notices")
      .values({ website_id: websiteId, id, body, link })
      .onConflict(conflict => conflict.columns(["website_id", "id"]).doNothing())
      .execute();
  },
);

/** The words of a notice that visitors were asked to accept. */
export const findNotice = defineQuery(
  {
    name: "a privacy notice by its name",
    indexes: ["privacy_notices_pkey"],
    buffers: 6,
    sample: ({ websiteId }) => [{ websiteId, id: "none" }],
  },
  async (directory: Db, { websiteId, id }: Pick<Notice, "websiteId" | "id">) => {
    const row = await directory
      .selectFrom("privacy_notices")
      .select(["body", "link"])
      .where("website_id", "=", websiteId)
      .where("id", "=", id)
      .executeTakeFirst();
    return row ?? null;
  },
);

type WebsiteChange = {
  name?: string | undefined;
  allowedOrigins?: string[] | undefined;
  settings?: Partial<WebsiteSettings> | undefined;
  identitySecret?: string | undefined;
};

export const updateWebsite = defineQuery(
  {
    name: "a change of a website",
    indexes: ["websites_pkey"],
    buffers: 20,
    includesDeleted: { websites: "lockWebsite found the row live" },
    sample: ({ websiteId }) => [websiteId, { name: "Shop" }],
  },
  async (db: Db, id: number, change: WebsiteChange): Promise<void> => {
    await db
      .updateTable("websites")
      .set(eb => ({
        ...(change.allowedOrigins && { allowed_origins: change.allowedOrigins }),
        ...(change.identitySecret && { identity_secret: change.identitySecret }),
        ...(change.settings && { settings: eb("settings", "||", JSON.stringify(change.settings)) }),
        name: change.name ?? eb.ref("name"),
      }))
      .where("id", "=", id)
      .execute();
  },
);

/** True for a user who owns a website, a deleted one too; and for anybody if there is no website any more. */
export const mayAddWebsites = defineQuery(
  {
    name: "whether a user may add websites",
    indexes: ["memberships_of_user", "websites_pkey"],
    buffers: 400,
    includesDeleted: { websites: "who has deleted the last one may add another" },
    sample: ({ agentId }) => [agentId],
  },
  async (directory: Db, userId: string): Promise<boolean> => {
    const [row] = await sql<{ may: boolean }>`
      select exists (
        select from memberships m where m.user_id = ${userId} and m.removed_at is null and m.role = 'owner')
        or not exists (select from websites) as may`.rows(directory);
    return row!.may;
  },
);
