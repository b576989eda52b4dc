import { claimsTable } from "#bench/report/claims.ts";
import { sayRun } from "#bench/report/run.ts";
import { inMs, inUnits, table } from "#bench/report/table.ts";
import { judge } from "./connections-claims.ts";
import { bytesOf, type Held, type Load, type Report } from "./connections-report.ts";

/** Claims, then what was measured, in the order in which it happened. */
export function toMarkdown(report: Report): string {
  const { settings, talking } = report;
  return [
    `${sayRun(report, report.postgres)}. ${inUnits(settings.visitors)} visitors who only look, on ` +
      `${settings.processes} server processes; then ${inUnits(settings.talkers)} more who write, and ` +
      `${settings.agents} agents of as many websites; the generator's ${settings.workers} processes run on the same cores.`,
    claimsTable(judge(report)),
    memoryTable(report),
    `Connecting: ${inUnits(report.arrival.perSecond)} clients a second with hello (bare ws, without one: ` +
      `${inUnits(report.floor.arrival.perSecond)}).`,
    loadTable(report),
    `${inUnits(talking.asked)} messages/s for ${settings.seconds} s, ${inUnits(talking.sent)} in all: acknowledged after ` +
      `${latency(talking.acknowledged)} ms, delivered after ${latency(talking.delivered)} ms (p50 / p99 / p99.9); ` +
      `${talking.unfinished} not done 20 s later${talking.failures.map(why => `; refused: ${why}`).join("")}.`,
    restartsTable(report),
  ].join("\n\n");
}

function memoryTable({ held, floor }: Report): string {
  const kilobytes = (of: Held, what: "rssBytes" | "pssBytes") => (bytesOf(of, what) / 1024).toFixed(1);
  const row = (name: string, of: Held) => [
    name,
    inUnits(of.connections),
    kilobytes(of, "rssBytes"),
    kilobytes(of, "pssBytes"),
    inUnits(of.before.rssBytes / 2 ** 20),
    inUnits(of.after.rssBytes / 2 ** 20),
  ];
  const times = (["rssBytes", "pssBytes"] as const).map(what =>
    (bytesOf(held, what) / bytesOf(floor, what)).toFixed(2),
  );
  return table(
    ["memory of the server's processes", "connections", "KB each, by RSS", "by PSS", "MB before", "MB after"],
    [row("ours", held), row("bare ws", floor), ["times", "", ...times, "", ""]],
  );
}

function loadTable({ idle, talking }: Report): string {
  const row = (name: string, load: Load) => [
    name,
    ...[load.server, load.postgres, load.redis, load.generator].map(cores => `${(cores * 100).toFixed(0)}%`),
  ];
  return table(
    ["share of a core", "server", "PostgreSQL", "Redis", "generator"],
    [row("everybody rests", idle), row(`${inUnits(talking.asked)} messages/s`, talking.load)],
  );
}

function restartsTable({ restarts, people }: Report): string {
  return table(
    ["all processes ended by", "server there after s", "everybody back after s", "and complete after s", "back"],
    restarts.map(({ how, serverSeconds, backSeconds, completeSeconds, back }) => [
      how,
      serverSeconds.toFixed(1),
      backSeconds.toFixed(1),
      completeSeconds?.toFixed(1) ?? "–",
      `${inUnits(back)} of ${inUnits(people)}`,
    ]),
  );
}

const latency = (of: Report["talking"]["acknowledged"]) => [of.p50Ms, of.p99Ms, of.p999Ms].map(inMs).join(" / ");
