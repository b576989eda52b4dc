import { Command } from "commander";
import { connect } from "#database/connect.ts";
import { readClock } from "#database/retention/runs.ts";
import { openStorage } from "#platform/storage/open-storage.ts";
import type { MonthReport, RetentionReport, UnconfirmedReport } from "#server/features/retention/run.ts";
import { count } from "./arguments.ts";
import { monthLine } from "./month-line.ts";
import { userName } from "./record.ts";
import { requireConfirmed } from "./require-confirmed.ts";
import { requireMigrated } from "./require-migrated.ts";
import { stopSignal } from "./stop-signal.ts";
import { withDatabase } from "./with-database.ts";

/** prochat retention */
export function retentionCommand(): Command {
  return new Command("retention")
    .description("archive, export and delete what the websites' retention says, as the server does every night")
    .option("--dry-run", "print what a run would do now, and change nothing")
    .option(
      "--confirm <count>",
      "how many conversations, messages of whole months and visitors go, as --dry-run has it",
      count,
    )
    .option("--json", "report as JSON")
    .addHelpText(
      "after",
      "\nA month is deleted when two runs on different days agree, a week after it was exported and read back. Exit status 1:\n" +
        "something was due and failed; it stays as it was, and the next run tries again.",
    )
    .action(
      withDatabase<{ dryRun?: true; confirm?: number; json?: true }>(async (url, log, options, _args, config) => {
        const { dryRun, confirm, json } = options;
        await requireMigrated(url);
        const { describeUnconfirmed, planRetention, runRetention } = await import("#server/features/retention/run.ts"); // see main.ts
        const { requireSameClock } = await import("#server/features/retention/rules.ts");
        const connection = connect({ url, poolSize: 2, onError: ({ message }) => log.warn(message) });
        try {
          const { db } = connection;
          const now = await readClock(db);
          requireSameClock(now);
          const given = { url, db, storage: openStorage(config), log, signal: stopSignal(), by: userName(), now };
          const due = countDue(await planRetention(given));
          if (!dryRun && due > 0) requireConfirmed(due, confirm, "rows");
          const report = await (dryRun ? planRetention(given) : runRetention(given));
          console.log(json ? JSON.stringify(report) : print(report, dryRun === true, describeUnconfirmed));
          return report.problems.length === 0;
        } finally {
          await connection.close();
        }
      }),
    );
}

/** What a run would delete for good. */
const countDue = ({ months, websites, visitors }: RetentionReport): number =>
  visitors +
  websites.reduce((sum, { due }) => sum + due, 0) +
  months.reduce(
    (sum, { isDue, nextStep, messages }) => sum + (isDue && nextStep === "dropped" ? (messages ?? 0) : 0),
    0,
  );

type Describe = (waiting: UnconfirmedReport) => string;

function print(report: RetentionReport, isDryRun: boolean, describe: Describe): string {
  const { months, websites, unconfirmed, visitors, problems } = report;
  const due = isDryRun ? countDue(report) : 0;
  return [
    ...months.map(month => `${monthLine(month)}  ${next(month, isDryRun)}`),
    "",
    ...websites.map(({ websiteId, deleteAfterDays, due, deleted }) =>
      isDryRun
        ? `Website ${websiteId} deletes after ${deleteAfterDays} days: ${due} conversations are due`
        : `Website ${websiteId} deletes after ${deleteAfterDays} days: ${deleted.conversations} conversations deleted`,
    ),
    ...unconfirmed.map(describe),
    ...(visitors > 0 ? [`${visitors} visitors without a conversation ${isDryRun ? "are due" : "deleted"}`] : []),
    ...(due > 0 ? [`${due} rows would be deleted: prochat retention --confirm ${due}`] : []),
    ...problems.map(problem => `failed  ${problem}`),
  ]
    .join("\n")
    .trimEnd();
}

function next({ reached, nextStep, nextAt, isDue, waitsFor }: MonthReport, isDryRun: boolean): string {
  if (reached.length > 0) return `now ${reached.join(", ")}`;
  if (!nextStep) return "";
  if (isDue) return isDryRun ? `would be ${nextStep} now` : `${nextStep} is due`;
  const holds = waitsFor.filter(({ reason }) => reason === "hold");
  if (holds.length > 0) {
    const names = holds.map(({ websiteId, holdId }) => `${holdId} of website ${websiteId}`).join(", ");
    return `waits for the legal hold on ${names}`;
  }
  if (waitsFor.some(({ reason }) => reason === "confirmation"))
    return "waits until its deletion is confirmed, see below";
  return nextAt ? `${nextStep} from ${nextAt.toISOString().slice(0, 10)} on` : "";
}
