import type { Readable } from "node:stream";
import type { Db } from "#database/connect.ts";
import { archiveOfPerson } from "#database/privacy/archive-of-person.ts";
import { AppError } from "#protocol/errors.ts";
import type { VisitorCorrection } from "#protocol/privacy.ts";
import type { By } from "#server/declaration/audit-record.ts";
import type { HttpRequest } from "#server/declaration/command.ts";
import type { Ctx } from "#server/declaration/context.ts";
import { type Events, transact } from "#server/declaration/transact.ts";
import { findConversation, publishConversation, raiseVersionsOf } from "#server/features/conversations/feature.ts";
import { lockVisitor } from "#server/features/visitors/feature.ts";
import { findNotice, findWebsite } from "#server/features/websites/feature.ts";
import { correctVisitor, findKept, type Kept, setRestricted } from "./queries.ts";

type Key = { websiteId: number; visitorId: string };
type Target = Key & { db: Db };

/**
 * Everything that is kept of a visitor, as a zip. The audit log says so before the first byte.
 * @throws AppError "not_found"
 */
export async function downloadVisitor(ctx: Ctx, by: By, p: Target, request: HttpRequest): Promise<Readable> {
  const kept = await findKept(p.db, p);
  if (!kept) throw nothingKept();
  await transact(ctx, p.db, async (_tx, events) => events.audit(by, { ...recordOf(p), action: "visitor.downloaded" }));
  request.setHeader("content-type", "application/zip");
  request.setHeader("content-disposition", `attachment; filename="visitor-${p.visitorId}.zip"`);
  return archiveOfPerson(p.db, ctx.storage, p, await describe(ctx, p.websiteId, kept));
}

/** For the text in the zip: the website, and the notice that the visitor accepted. */
async function describe({ directory }: Ctx, websiteId: number, { noticeId, acceptedAt }: Kept): Promise<string[]> {
  const website = await findWebsite(directory, websiteId);
  const lines = website ? [`What ${website.name} keeps of you, from its chat.`, ""] : [];
  const notice = noticeId ? await findNotice(directory, { websiteId, id: noticeId }) : null;
  if (!notice || !acceptedAt) return lines;
  const words = [...notice.body.split("\n"), notice.link].filter(Boolean).map(line => `  ${line}`);
  return [...lines, `The privacy notice that was accepted on ${acceptedAt.toISOString()}:`, ...words, ""];
}

/**
 * Corrects what is known of a visitor. The audit log has the names of the fields and no values.
 * @throws AppError "not_found"
 */
export const correct = (ctx: Ctx, by: By, { db, websiteId, visitorId, ...change }: Target & VisitorCorrection) =>
  transact(ctx, db, async (tx, events) => {
    const key = { websiteId, visitorId };
    if (!(await lockVisitor(tx, key))) throw noVisitor();
    await correctVisitor(tx, { ...key, ...change, attributes: change.attributes ?? {} });
    const ids = await raiseVersionsOf(tx, key);
    const { attributes = {}, ...others } = change;
    const fields = [...Object.keys(others), ...Object.keys(attributes).map(() => "attributes")];
    events.audit(by, { ...recordOf(key), action: "visitor.corrected", details: { fields: [...new Set(fields)] } });
    await publishAll(ctx, tx, events, { ...key, ids });
  });

/**
 * Restricts what a visitor's data is used for, or ends that. A restricted visitor's data is kept; agents write to them no
 * more, and exports leave them out.
 * @throws AppError "not_found"
 */
export const restrict = (ctx: Ctx, by: By, { db, isRestricted, ...key }: Target & { isRestricted: boolean }) =>
  transact(ctx, db, async (tx, events) => {
    if (!(await lockVisitor(tx, key))) throw noVisitor();
    const ids = await setRestricted(tx, { ...key, isRestricted });
    events.audit(by, { ...recordOf(key), action: isRestricted ? "visitor.restricted" : "visitor.unrestricted" });
    await publishAll(ctx, tx, events, { ...key, ids });
  });

/** To every open screen. Those in the trash are on none. */
async function publishAll(ctx: Ctx, tx: Db, events: Events, { websiteId, ids }: Key & { ids: string[] }) {
  for (const conversationId of ids) {
    const row = await findConversation(tx, { websiteId, conversationId });
    if (row) publishConversation(ctx, events, row);
  }
}

const recordOf = ({ websiteId, visitorId }: Key) => ({
  websiteId,
  target: { kind: "visitor" as const, id: visitorId, name: "" },
});

const noVisitor = () => new AppError("not_found", "There is no such visitor here.");
const nothingKept = () => new AppError("not_found", "Nothing is kept of this visitor.");
