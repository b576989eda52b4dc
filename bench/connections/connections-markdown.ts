import { claimsTable } from "#bench/report/claims.ts";
import { describeRun } from "#bench/report/run.ts";
import { inPercentiles, inUnits, table } from "#bench/report/table.ts";
import type { CpuByPart } from "#lab/load/cpu-by-part.ts";
import { judge } from "./connections-claims.ts";
import { bytesPerConnection, type Held, type Report } from "./connections-report.ts";

/** Claims, then the measurements in chronological order. */
export function toMarkdown(report: Report): string {
  const { settings, messages } = report;
  return [
    `${describeRun(report, report.postgres)}. ${inUnits(settings.visitors)} idle visitors on ${settings.processes} server ` +
      `processes; then ${inUnits(settings.authors)} more who write, and ${settings.agents} agents of as many websites; ` +
      `the load generator's ${settings.workers} processes run on the same cores.`,
    claimsTable(judge(report)),
    memoryTable(report),
    `Connecting: ${inUnits(report.arrival.perSecond)} clients a second with hello (bare ws, without hello: ` +
      `${inUnits(report.floor.arrival.perSecond)}).`,
    cpuTable(report),
    `${inUnits(messages.requestedPerSecond)} messages/s for ${settings.seconds} s, ${inUnits(messages.sent)} in all: ` +
      `acknowledged after ${inPercentiles(messages.acknowledged)} ms, delivered after ` +
      `${inPercentiles(messages.delivered)} ms (p50 / p99 / p99.9); ${messages.unfinished} not done 20 s after the ` +
      `end${messages.failures.map(why => `; refused: ${why}`).join("")}.`,
    restartsTable(report),
  ].join("\n\n");
}

function memoryTable({ held, floor }: Report): string {
  const kilobytes = (of: Held, what: "rssBytes" | "pssBytes") => (bytesPerConnection(of, what) / 1024).toFixed(1);
  const row = (name: string, of: Held) => [
    name,
    inUnits(of.connections),
    kilobytes(of, "rssBytes"),
    kilobytes(of, "pssBytes"),
    inUnits(of.before.rssBytes / 2 ** 20),
    inUnits(of.after.rssBytes / 2 ** 20),
  ];
  const times = (["rssBytes", "pssBytes"] as const).map(what =>
    (bytesPerConnection(held, what) / bytesPerConnection(floor, what)).toFixed(2),
  );
  return table(
    ["memory of the server's processes", "connections", "KB each, by RSS", "by PSS", "MB before", "MB after"],
    [row("ours", held), row("bare ws", floor), ["times", "", ...times, "", ""]],
  );
}

function cpuTable({ idle, messages }: Report): string {
  const row = (name: string, cpu: CpuByPart) => [
    name,
    ...[cpu.server, cpu.postgres, cpu.redis, cpu.generator].map(cores => `${(cores * 100).toFixed(0)}%`),
  ];
  return table(
    ["share of a core", "server", "PostgreSQL", "Redis", "load generator"],
    [row("all clients idle", idle), row(`${inUnits(messages.requestedPerSecond)} messages/s`, messages.cpu)],
  );
}

function restartsTable({ restarts, clients }: Report): string {
  return table(
    ["signal to all processes", "server back after s", "all clients back after s", "and complete after s", "back"],
    restarts.map(({ signal, serverSeconds, backSeconds, completeSeconds, back }) => [
      signal,
      serverSeconds.toFixed(1),
      backSeconds.toFixed(1),
      completeSeconds?.toFixed(1) ?? "–",
      `${inUnits(back)} of ${inUnits(clients)}`,
    ]),
  );
}
