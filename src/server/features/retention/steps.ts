import type { Session } from "#database/migrations/session/session.ts";
import { exportMonth, removeOtherExports, verifyExport } from "#database/retention/month-export.ts";
import {
  archiveMonth,
  countMessages,
  detachMonth,
  dropMonth,
  keepMonth,
  recordExport,
  unarchiveMonth,
  watchChanges,
} from "#database/retention/month-steps.ts";
import type { Month } from "#database/retention/months.ts";
import type { MonthPlan, Rule } from "#database/retention/plan.ts";
import { AppError } from "#protocol/errors.ts";
import type { MonthState } from "#protocol/retention.ts";
import { expireConversations } from "./expire.ts";
import type { RetentionOptions } from "./options.ts";

type Given = { month: Month; plan: MonthPlan; rules: Rule[] };

/** Takes the next step of a month, if it is due. @returns its new state; null: nothing is to be done today */
export async function takeStep(o: RetentionOptions, session: Session, given: Given): Promise<MonthState | null> {
  const { month, plan } = given;
  if (month.state === "dropped") return forget(o, given);
  if (plan.backTo) {
    await (plan.backTo === "live" ? unarchiveMonth(session, month) : keepMonth(session, month));
    return plan.backTo;
  }
  if (!plan.isDue) return null;
  switch (month.state) {
    case "live":
      await archiveMonth(session, month, o.now);
      return "archived";
    case "archived":
      await writeExport(o, session, given);
      return "exported";
    case "exported":
      if (month.isChanged) await writeExport(o, session, given);
      await detachMonth(session, month, o.now);
      return "detached";
    case "detached":
      return dropVerified(o, session, given);
  }
}

/** @throws AppError "conflict" if messages were changed meanwhile, or belong to no conversation */
async function writeExport(o: RetentionOptions, session: Session, { month, rules }: Given): Promise<void> {
  o.log.info(`Retention: exporting ${month.month} to ${o.storage.description}`);
  await watchChanges(session, month);
  const { key, manifest } = await exportMonth(
    o.db,
    o.storage,
    month,
    rules.map(({ websiteId }) => websiteId),
  );
  const sum = (of: "conversations" | "messages") => manifest.files.reduce((total, file) => total + file[of], 0);
  const exported = { key, conversations: sum("conversations"), messages: sum("messages") };
  const stored = await countMessages(session, month);
  if (stored !== exported.messages) {
    throw new AppError(
      "conflict",
      `The month has ${stored} messages, and ${exported.messages} of them were exported: the others belong to no website. ` +
        "It stays.",
    );
  }
  if (!(await recordExport(session, month, exported, o.now))) {
    throw new AppError("conflict", "Messages were changed while they were exported. The next run exports them again.");
  }
  await removeOtherExports(o.storage, month, key);
}

/** @throws AppError "storage_unavailable" if the export is not what was written; then it is written again */
async function dropVerified(o: RetentionOptions, session: Session, given: Given): Promise<MonthState | null> {
  const { month } = given;
  if (month.isChanged) {
    await writeExport(o, session, given);
    return null; // the next run reads it back once more, and drops the month
  }
  try {
    await verifyExport(o.storage, month);
  } catch (error) {
    await writeExport(o, session, given);
    throw error;
  }
  return (await dropMonth(session, month, o.now)) ? "dropped" : null;
}

/** Deletes what is left of a dropped month: the rows of its conversations. */
async function forget(o: RetentionOptions, { month, rules }: Given): Promise<null> {
  for (const { websiteId, deleteAfterDays } of rules) {
    await expireConversations(o.db, {
      websiteId,
      before: o.now,
      fromId: month.fromId,
      untilId: month.untilId,
      afterDays: deleteAfterDays,
      by: o.by,
      hasMessages: () => false,
      log: o.log,
      signal: o.signal,
    });
  }
  return null;
}
