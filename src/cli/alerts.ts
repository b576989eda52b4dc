import { Command } from "commander";
import { uuidv7 } from "uuidv7";
import { connect, type Db } from "#database/connect.ts";
import type { Config } from "#platform/config.ts";
import type { Log } from "#platform/log.ts";
import type { Alert, AlertChannel, AlertSilence } from "#protocol/alerts.ts";
import { exactMoment } from "./arguments.ts";
import { record, userName } from "./record.ts";
import { requireMigrated } from "./require-migrated.ts";
import { withDatabase } from "./with-database.ts";

type Overview = { open: Alert[]; silences: AlertSilence[]; channels: AlertChannel[]; recent: Alert[] };

const recentAlerts = 20;

const explanation = `
Channels are added in the dashboard: Settings, Alerts. Levels: warn (it works, and will not for long), error (people notice it).
Exit status 1: an alert with the level error is open, or a test was not taken.`;

/** prochat alerts */
export function alertsCommand(): Command {
  return new Command("alerts")
    .description("print open alerts, the last ones, what is silenced, and how each channel does")
    .option("--json", "as JSON")
    .addHelpText("after", explanation)
    .action(
      withDatabase<{ json?: true }>((url, log, { json }) =>
        within(url, log, async db => {
          const overview = await readOverview(db);
          console.log(json ? JSON.stringify(overview) : print(overview));
          return overview.open.every(({ level }) => level !== "error");
        }),
      ),
    )
    .addCommand(testCommand())
    .addCommand(silenceCommand());
}

const testCommand = () =>
  new Command("test")
    .description("send a test to each channel, and print whether it was taken")
    .option("--json", "as JSON")
    .action(
      withDatabase<{ json?: true }>((url, log, { json }, _args, config) =>
        within(url, log, async db => {
          const results = await sendTests(db, config);
          console.log(json ? JSON.stringify(results) : printTests(results));
          return results.length > 0 && results.every(({ problem }) => problem === null);
        }),
      ),
    );

const silenceCommand = () =>
  new Command("silence")
    .description("send nothing about a check until a time; its alerts are still recorded")
    .argument("<check>", "its id, as prochat alerts prints it: disk-free")
    .requiredOption("--until <time>", "a time with its zone, such as 2026-12-01T09:00:00Z", exactMoment)
    .option("--reason <text>", "shown in the dashboard and in the audit log", "Silenced on the command line")
    .action(
      withDatabase<{ until: Date; reason: string }>((url, log, { until, reason }, [check = ""]) =>
        within(url, log, async db => {
          await silence(db, { check, until, reason });
          console.log(`Nothing is sent about ${check} until ${until.toISOString()}.`);
        }),
      ),
    );

async function within<T>(url: string, log: Log, work: (db: Db) => Promise<T>): Promise<T> {
  await requireMigrated(url);
  const connection = connect({ url, poolSize: 1, onError: ({ message }) => log.warn(message) });
  try {
    return await work(connection.db);
  } finally {
    await connection.close();
  }
}

async function readOverview(db: Db): Promise<Overview> {
  const { listAlerts, listOpenAlerts } = await import("#database/health/alerts/alerts.ts"); // see main.ts
  const { listChannelsWithLast } = await import("#database/health/alerts/channels.ts");
  const { listSilences } = await import("#database/health/alerts/silences.ts");
  const { asAlert, asChannel, asSilence } = await import("#server/features/alerts/view.ts");
  const recent = (await listAlerts(db, { before: null, limit: recentAlerts })).filter(({ clearedAt }) => clearedAt);
  return {
    open: (await listOpenAlerts(db)).map(asAlert),
    silences: (await listSilences(db)).map(asSilence),
    channels: (await listChannelsWithLast(db)).map(asChannel),
    recent: recent.map(asAlert),
  };
}

type Tested = { kind: string; target: string; problem: string | null };

async function sendTests(db: Db, config: Config): Promise<Tested[]> {
  const { listChannels } = await import("#database/health/alerts/channels.ts"); // see main.ts
  const { testNotice } = await import("#database/health/alerts/notice.ts");
  const { shownTarget } = await import("#server/features/alerts/view.ts");
  const { send } = await import("#server/health/alerts/send.ts");
  const { hostInUrl } = await import("#server/http/listener.ts");
  const notice = testNotice(new Date(), config.publicUrl ?? `http://${hostInUrl(config.host)}:${config.port}`);
  const results: Tested[] = [];
  for (const channel of await listChannels(db)) {
    const problem = await send(config, { id: uuidv7(), channel, notice });
    results.push({ kind: channel.kind, target: shownTarget(channel), problem });
    const details = { kind: channel.kind };
    await record(db, [{ websiteId: 0, action: "alert_channel.tested", target: null, details }]);
  }
  return results;
}

async function silence(db: Db, { check, until, reason }: { check: string; until: Date; reason: string }) {
  const { requireCheck, requireUntil } = await import("#server/features/alerts/rules.ts"); // see main.ts
  const { insertSilence } = await import("#database/health/alerts/silences.ts");
  requireCheck(check);
  requireUntil(until);
  await db.transaction().execute(async tx => {
    const by = { createdBy: null, createdByName: userName() };
    await insertSilence(tx, { id: uuidv7(), checkId: check, until, reason, ...by });
    const details = { check, until: until.toISOString(), reason };
    await record(tx, [{ websiteId: 0, action: "alert.silenced", target: null, details }]);
  });
}

const printTests = (results: Tested[]): string =>
  results.length === 0
    ? "There is no channel. Add one in the dashboard: Settings, Alerts."
    : results
        .map(
          ({ kind, target, problem }) =>
            `${problem === null ? "ok    " : "failed"}  ${kind} ${target}${problem ? `: ${problem}` : ""}`,
        )
        .join("\n");

function print({ open, silences, channels, recent }: Overview): string {
  const parts = [
    open.length === 0 ? ["No alert is open."] : open.map(describeOpen),
    silences.map(
      ({ check, until, createdBy, reason }) => `silenced  ${check}  until ${time(until)}  ${createdBy}: ${reason}`,
    ),
    channels.length === 0
      ? ["There is no channel, so no alert is sent. Add one in the dashboard: Settings, Alerts."]
      : channels.map(describeChannel),
    recent.map(
      ({ level, check, openedAt, clearedAt }) =>
        `cleared   ${time(openedAt)} to ${time(clearedAt!)}  ${level.padEnd(5)}  ${check}`,
    ),
  ];
  return parts
    .filter(lines => lines.length > 0)
    .map(lines => lines.map(withoutControls).join("\n"))
    .join("\n\n");
}

const describeOpen = ({ level, check, since, why, fix, acknowledged }: Alert): string =>
  `${level.padEnd(8)}  ${check}  since ${time(since)}${acknowledged ? `, seen by ${acknowledged.by}` : ""}: ${why}${fix ? ` ${fix}` : ""}`;

function describeChannel({ kind, target, minLevel, waiting, last }: AlertChannel): string {
  const state = !last
    ? "nothing was sent yet"
    : last.problem
      ? `not delivered: ${last.problem}`
      : last.deliveredAt
        ? `delivered ${time(last.deliveredAt)}`
        : "on its way";
  const more = waiting > 0 ? `, ${waiting} waiting` : "";
  return `channel   ${kind} ${target}${minLevel === "error" ? " (errors only)" : ""}: ${state}${more}`;
}

const time = (moment: string) => moment.slice(0, 16).replace("T", " ");

/** People choose names and reasons. They must not control the terminal. */
const withoutControls = (text: string) => text.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, "?");
