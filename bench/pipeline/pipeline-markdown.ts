import { claimsTable } from "#bench/report/claims.ts";
import { describeRun } from "#bench/report/run.ts";
import { inMs, inPercentiles, inUnits, table } from "#bench/report/table.ts";
import { describeVerdict } from "#lab/load/check.ts";
import type { CpuByPart } from "#lab/load/cpu-by-part.ts";
import { judge } from "./pipeline-claims.ts";
import { medianFloor, medianRound, type Report, type SystemReport } from "./pipeline-report.ts";

/** Claims, then throughput, delays and costs of each system; for a terminal and for a page. */
export function toMarkdown(report: Report): string {
  const { settings, systems, floor } = report;
  return [
    `${describeRun(report, report.postgres)}. ${inUnits(settings.visitors)} visitors of ${inUnits(settings.websites)} ` +
      `websites with an agent each, writing in turn; ${settings.atOnce} messages on their way at full load; ` +
      `${settings.rounds} rounds of ${settings.seconds} s, the one with the median throughput is shown; the load ` +
      `generator's ${settings.workers} processes run on the same cores.`,
    claimsTable(judge(report)),
    loadTable(report, "full"),
    loadTable(report, "half"),
    ...(floor.length > 0 ? [floorLine(report)] : []),
    ...systems.flatMap(describeSystem),
  ].join("\n\n");
}

function loadTable({ systems }: Report, load: "full" | "half"): string {
  return table(
    [
      load === "full" ? "full load" : "half load",
      "messages/s",
      "acknowledged: p50 / p99 / p99.9 ms",
      "delivered: p50 / p99 / p99.9 ms",
      "CPU µs a message: server, PostgreSQL, Redis, generator",
    ],
    systems.map(system => {
      const { messagesPerSecond, acknowledged, delivered, cost } = medianRound(system)[load];
      const rounds = system.rounds.map(round => inUnits(round[load].messagesPerSecond));
      return [
        system.title,
        `${inUnits(messagesPerSecond)} (${rounds.join(", ")})`,
        inPercentiles(acknowledged),
        inPercentiles(delivered),
        costCell(cost),
      ];
    }),
  );
}

const costCell = ({ server, postgres, redis, generator }: CpuByPart) => [server, postgres, redis, generator].join(", ");

function floorLine({ floor }: Report): string {
  const { by, messagesPerSecond, p99Ms } = medianFloor(floor);
  return (
    `Floor: 16 clients of ${by} with one send a transaction, which deliver nothing: ` +
    `${inUnits(messagesPerSecond)} messages/s (${floor.map(each => inUnits(each.messagesPerSecond)).join(", ")}), p99 ${inMs(p99Ms)} ms.`
  );
}

/** The verdicts and the errors. */
function describeSystem({ title, rounds }: SystemReport): string[] {
  const loads = rounds.flatMap(({ full, half }) => [full, half]);
  const failures = [...new Set(loads.flatMap(load => load.failures))];
  const unfinished = loads.reduce((sum, load) => sum + load.unfinished, 0);
  const throttled = Math.max(...loads.map(load => load.throttled));
  return [
    `${title}: ${rounds.map(({ verdict }) => describeVerdict(verdict)).join(". ")}.`,
    ...(failures.length > 0 ? [`${title} refused messages: ${failures.join("; ")}.`] : []),
    ...(unfinished > 0
      ? [`${title}: ${unfinished} messages were not acknowledged and delivered 20 s after the end.`]
      : []),
    ...(throttled > 0.01
      ? [
          `${title}: ${Math.round(throttled * 100)}% of the messages waited because all authors had used up their rate limit.`,
        ]
      : []),
  ];
}
