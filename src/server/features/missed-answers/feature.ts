import type pg from "pg";
import type { Db } from "#database/connect.ts";
import { isMissingTable } from "#database/failures.ts";
import { findJobsSchema } from "#database/home-schema.ts";
import { queriesOf } from "#database/query-plans/define-query.ts";
import { addJob, type Task } from "#platform/jobs/cron.ts";
import type { Log } from "#platform/log.ts";
import type { MailSettings } from "#platform/mail/addresses.ts";
import { sendMail } from "#platform/mail/mail.ts";
import type { Feature } from "#server/declaration/feature.ts";
import { findWebsite } from "#server/features/websites/feature.ts";
import { mailText, subjectOf } from "./mail-text.ts";
import * as queries from "./queries.ts";
import { findMissed, type Missed, updateMailedSeq } from "./queries.ts";

type Key = { websiteId: number; conversationId: string };

const mailJob = "mail-missed-answers";

/** Counted from the last answer: a visitor who is in the chat has read it by then. */
export const missedAfterMs = 5 * 60_000;

/**
 * To be called after an agent's answer. Of several answers, one mail is sent after the last one. If the job cannot be added the
 * answer stands in the chat, without a mail.
 */
export function scheduleMail(pool: pg.Pool, { websiteId, conversationId }: Key, log: Log): void {
  const when = { runAt: new Date(Date.now() + missedAfterMs), jobKey: `${mailJob}:${websiteId}:${conversationId}` };
  findJobsSchema(pool)
    .then(schema => addJob(pool, schema, mailJob, { websiteId, conversationId }, when))
    .catch(error => log.error(`An answer will not be sent by mail: ${(error as Error).message}`));
}

type Context = { db: Db; mail: MailSettings | null };

/** Sends a visitor the answers that they have not read. The queue tries again if the mail server is away. */
export const mailTask = ({ db, mail }: Context): Task => ({
  name: mailJob,
  run: async payload => {
    if (mail) await mailMissed(db, mail, payload as Key);
  },
});

async function mailMissed(db: Db, mail: MailSettings, key: Key): Promise<void> {
  const website = await findWebsite(db, key.websiteId);
  if (!website?.settings.mailsMissedAnswers) return;
  const missed = await find(db, key);
  if (!missed) return;
  const { seq } = missed.answers.at(-1)!;
  // The same id in each try: a mail that was sent before a server died is not shown twice.
  const id = `${key.conversationId}.${seq}`;
  const toVisitor = { id, to: missed.email, subject: subjectOf(website), text: mailText(website, missed) };
  await sendMail(mail, toVisitor).catch(giveUpOrRetry);
  await updateMailedSeq(db, key, seq);
}

type SmtpError = Error & { code?: string; command?: string; responseCode?: number };

/** An address that the mail server refuses for good is not tried again. The queue and the log keep errors: without the address. */
function giveUpOrRetry({ code, command, responseCode = 0 }: SmtpError): void {
  if (command === "RCPT TO" && responseCode >= 500) return;
  throw new Error(
    `A mail with missed answers was not sent (${responseCode || code || "no answer"}). It is tried again.`,
  );
}

/** null also if the month was deleted meanwhile. */
async function find(db: Db, key: Key): Promise<Missed | null> {
  try {
    return await findMissed(db, key);
  } catch (error) {
    if (isMissingTable(error)) return null;
    throw error;
  }
}

export const missedAnswers: Feature = { commands: [], queries: queriesOf(queries) };
