import type { Db } from "#database/connect.ts";
import { queriesOf } from "#database/query-plans/define-query.ts";
import { AppError } from "#protocol/errors.ts";
import { LeftEmail } from "#protocol/visitors.ts";
import { defineCommand } from "#server/declaration/command.ts";
import type { Ctx } from "#server/declaration/context.ts";
import type { Feature } from "#server/declaration/feature.ts";
import { transact } from "#server/declaration/transact.ts";
import { findConversation, publishConversation, raiseVersionsOf } from "#server/features/conversations/feature.ts";
import { lockVisitor } from "#server/features/visitors/feature.ts";
import * as queries from "./queries.ts";
import { updateLeftEmail } from "./queries.ts";

const leave = defineCommand({
  name: "visitor.leave-email",
  summary: "Leave an e-mail address to be reached at. Agents see that it is not proven.",
  access: "visitor",
  limit: "visitorSend",
  http: { method: "POST", path: "/widget/email", crossOrigin: true },
  params: LeftEmail,
  example: { email: "ada@example.com" },
  async handle(ctx, { db, visitor, params: { email } }) {
    await leaveEmail(ctx, { db, websiteId: visitor.websiteId, visitorId: visitor.visitorId, email });
  },
});

type Target = { db: Db; websiteId: number; visitorId: string; email: string };

/** @throws AppError "not_found" before the first message, or "conflict" if the website knows another address */
const leaveEmail = (ctx: Ctx, { db, email, ...key }: Target) =>
  transact(ctx, db, async (tx, events) => {
    if (!(await lockVisitor(tx, key))) throw new AppError("not_found", "Write a message first.");
    if (!(await updateLeftEmail(tx, { ...key, email })))
      throw new AppError("conflict", "The website knows another e-mail address of yours already.");
    for (const conversationId of await raiseVersionsOf(tx, key)) {
      const row = await findConversation(tx, { websiteId: key.websiteId, conversationId });
      if (row) publishConversation(ctx, events, row);
    }
  });

export { updateLeftEmail };

export const leftEmails: Feature = { commands: [leave], queries: queriesOf(queries) };
