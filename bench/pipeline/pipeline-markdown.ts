import { claimsTable } from "#bench/report/claims.ts";
import { sayRun } from "#bench/report/run.ts";
import { inMs, inUnits, table } from "#bench/report/table.ts";
import { sayVerdict } from "#lab/load/check.ts";
import type { Latency } from "#lab/load/latency.ts";
import { judge } from "./pipeline-claims.ts";
import { type Cost, middleFloor, middleRound, type Report, type SystemReport } from "./pipeline-report.ts";

/** Claims, then what each took and how long it took; read as well in a terminal as on a page. */
export function toMarkdown(report: Report): string {
  const { settings, systems, floor } = report;
  return [
    `${sayRun(report, report.postgres)}. ${inUnits(settings.visitors)} visitors of ${inUnits(settings.websites)} ` +
      `websites with an agent each, who write by turns; ${settings.atOnce} messages on their way at full load; ` +
      `${settings.rounds} rounds of ${settings.seconds} s, of which the one with the median throughput is shown; the ` +
      `generator's ${settings.workers} processes run on the same cores.`,
    claimsTable(judge(report)),
    loadTable(report, "full"),
    loadTable(report, "half"),
    ...(floor.length > 0 ? [floorLine(report)] : []),
    ...systems.flatMap(saidAloud),
  ].join("\n\n");
}

function loadTable({ systems }: Report, load: "full" | "half"): string {
  return table(
    [
      load === "full" ? "full load" : "half of it",
      "messages/s",
      "acknowledged: p50 / p99 / p99.9 ms",
      "delivered: p50 / p99 / p99.9 ms",
      "µs of processor a message: server, PostgreSQL, Redis, generator",
    ],
    systems.map(system => {
      const { messagesPerSecond, acknowledged, delivered, cost } = middleRound(system)[load];
      const rounds = system.rounds.map(round => inUnits(round[load].messagesPerSecond));
      return [
        system.title,
        `${inUnits(messagesPerSecond)} (${rounds.join(", ")})`,
        latencyCell(acknowledged),
        latencyCell(delivered),
        costCell(cost),
      ];
    }),
  );
}

const latencyCell = ({ p50Ms, p99Ms, p999Ms }: Latency) => [p50Ms, p99Ms, p999Ms].map(inMs).join(" / ");
const costCell = ({ server, postgres, redis, generator }: Cost) => [server, postgres, redis, generator].join(", ");

function floorLine({ floor }: Report): string {
  const { by, messagesPerSecond, p99Ms } = middleFloor(floor);
  return (
    `The floor, one send a transaction with 16 clients of ${by}, which writes and delivers nothing: ` +
    `${inUnits(messagesPerSecond)} messages/s (${floor.map(each => inUnits(each.messagesPerSecond)).join(", ")}), p99 ${inMs(p99Ms)} ms.`
  );
}

/** What was checked, and whatever did not go as it should. */
function saidAloud({ title, rounds }: SystemReport): string[] {
  const loads = rounds.flatMap(({ full, half }) => [full, half]);
  const failures = [...new Set(loads.flatMap(load => load.failures))];
  const unfinished = loads.reduce((sum, load) => sum + load.unfinished, 0);
  const throttled = Math.max(...loads.map(load => load.throttled));
  return [
    `${title}: ${rounds.map(({ verdict }) => sayVerdict(verdict)).join(". ")}.`,
    ...(failures.length > 0 ? [`${title} refused messages: ${failures.join("; ")}.`] : []),
    ...(unfinished > 0 ? [`${title}: ${unfinished} messages were not acknowledged and delivered 20 s later.`] : []),
    ...(throttled > 0.01
      ? [`${title}: ${Math.round(throttled * 100)}% of the messages had to wait for somebody who may write again.`]
      : []),
  ];
}
